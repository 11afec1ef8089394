//! Guests written by hand.
//!
//! # Panics
//! All of these panic where a text is no WebAssembly, or no WIT with a world `stage`.

use wit_component::{ComponentEncoder, StringEncoding};
use wit_parser::Resolve;

/// The contract.
pub const WIT: &str = include_str!("../../../wit/v1/stage.wit");

/// A `decide` that leaves by `sent`.
pub const LEAVES: &str = "i32.const 512";

/// A core module whose `decide` has this body, with further fields, as an author uploads it.
pub fn guest(decide: &str, fields: &str) -> Vec<u8> {
    embed(&module(decide, fields), WIT)
}

/// The same as a component.
pub fn component(decide: &str, fields: &str) -> Vec<u8> {
    ComponentEncoder::default()
        .module(&guest(decide, fields))
        .expect("the text is sound")
        .encode()
        .expect("the text is sound")
}

/// A core module with the component type of any WIT that has a world `stage`.
pub fn embed(module: &str, wit: &str) -> Vec<u8> {
    let mut resolve = Resolve::default();
    let package = resolve
        .push_str("stage.wit", wit)
        .expect("the text is sound");
    let world = resolve
        .select_world(&[package], Some("stage"))
        .expect("the text is sound");
    let mut wasm = wat::parse_str(module).expect("the text is sound");
    wit_component::embed_component_metadata(&mut wasm, &resolve, world, StringEncoding::UTF8)
        .expect("the text is sound");
    wasm
}

/// The contract with one piece of its text replaced.
pub fn wit_with(from: &str, to: &str) -> String {
    assert!(WIT.contains(from), "the contract has no `{from}`");
    WIT.replacen(from, to, 1)
}

/// The text of a module. Memory: the manifest at 256, a decision to leave by `sent` at 512,
/// text at 1024, what the host writes from 4096 on.
pub fn module(decide: &str, fields: &str) -> String {
    let words = |words: &[u32]| {
        let bytes = words.iter().flat_map(|word| word.to_le_bytes());
        bytes.fold(String::new(), |text, byte| text + &format!("\\{byte:02x}"))
    };
    // name, version, summary, config-schema: pointer and length; outcomes; proposes; listens.
    let manifest = words(&[1024, 4, 1028, 5, 0, 0, 1033, 2, 768, 1, 0, 0, 0, 0, 0]);
    let outcomes = words(&[1024, 4]);
    // ok; no proposals; leave, text; no memory; no reasons.
    let decision = words(&[0, 0, 0, 1, 1024, 4, 0, 0, 0, 0, 0]);
    format!(
        r#"(module
            {fields}
            (memory (export "memory") 2)
            (global $free (mut i32) (i32.const 4096))
            (data (i32.const 256) "{manifest}")
            (data (i32.const 512) "{decision}")
            (data (i32.const 768) "{outcomes}")
            (data (i32.const 1024) "sent1.0.0{{}}")
            (func (export "cabi_realloc") (param i32 i32 i32 i32) (result i32)
                (local $at i32)
                (local.set $at (i32.and
                    (i32.add (global.get $free) (i32.const 7)) (i32.const -8)))
                (global.set $free (i32.add (local.get $at) (local.get 3)))
                (local.get $at))
            (func (export "describe") (result i32) i32.const 256)
            (func (export "check-config") (param i32 i32) (result i32) i32.const 3072)
            (func $decide (export "decide") (param i32) (result i32) {decide}))"#
    )
}
