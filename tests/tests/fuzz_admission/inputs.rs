//! What an input is made of, by its number.

use regua_test_kit::guest::{LEAVES, component, guest};
use regua_tests::built;
use regua_tests::chance::Chance;

use crate::mutation::mutated;
use crate::smith;

/// Good uploads that others are made of.
pub struct Inputs {
    /// Small ones, and those that cargo built, which take long to compile.
    small: Vec<Vec<u8>>,
    large: Vec<Vec<u8>>,
}

impl Inputs {
    pub fn new() -> Self {
        let log = r#"(import "regua:dunning/log@1.0.0" "write" (func $log (param i32 i32 i32)))"#;
        let writes = "(call $log (i32.const 2) (i32.const 1024) (i32.const 4)) i32.const 512";
        let fields = "(table 4 funcref) (elem (i32.const 0) $decide) (global (mut i64) (i64.const 7)) \
                      (func $s) (start $s)";
        let small = vec![
            component(LEAVES, ""),
            guest(LEAVES, ""),
            component(writes, log),
            guest(writes, log),
            component(LEAVES, fields),
            guest(LEAVES, fields),
        ];
        let large = vec![
            built::plugin("first-day-late-email"),
            built::guest("hostile"),
            built::guest("witness"),
        ];
        Self { small, large }
    }

    /// An input, and what it came from.
    pub fn draw(&self, seed: u64) -> (&'static str, Vec<u8>) {
        let mut chance = Chance::new(seed);
        let chance = &mut chance;
        match chance.below(32) {
            0..4 => ("a module", smith::module(chance)),
            4..8 => ("a component", smith::component(chance)),
            8..11 => ("a guest", smith::guest(chance)),
            11..17 => ("a guest that says what it is", smith::honest(chance)),
            17..20 => (
                "a component with another module",
                smith::beside(chance, &self.small[0]),
            ),
            20..22 => {
                let made = smith::honest(chance);
                ("a guest, mutated", mutated(chance, made, &self.small))
            }
            22..31 => {
                let good = chance.of(&self.small);
                ("a good upload, mutated", mutated(chance, good, &self.small))
            }
            _ => {
                let good = chance.of(&self.large);
                ("a real plugin, mutated", mutated(chance, good, &self.large))
            }
        }
    }
}
