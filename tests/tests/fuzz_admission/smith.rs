//! Modules and components that are valid, and made by chance.

use arbitrary::{Arbitrary as _, Unstructured};
use regua_test_kit::guest::WIT;
use regua_tests::chance::Chance;
use wasm_encoder::reencode::{self, Reencode};
use wasm_encoder::{CodeSection, Function, MemArg};
use wasm_smith::{Component, Config, Module};
use wasmparser::{ExternalKind, FunctionBody, Parser, Payload, TypeRef};
use wit_component::StringEncoding;
use wit_parser::Resolve;

use crate::sections::{apart, together};

/// What a guest exports, as the contract has it.
const EXPORTS: &str = r#"(module
    (memory (export "memory") 2)
    (func (export "cabi_realloc") (param i32 i32 i32 i32) (result i32) unreachable)
    (func (export "describe") (result i32) unreachable)
    (func (export "check-config") (param i32 i32) (result i32) unreachable)
    (func (export "decide") (param i32) (result i32) unreachable)"#;
const CLEANS_UP: &str = r#"(func (export "cabi_post_decide") (param i32) unreachable)"#;
/// What it may import.
const IMPORTS: &str = r#"(module
    (import "regua:dunning/log@1.0.0" "write" (func (param i32 i32 i32))))"#;

/// Any module: of every feature there is.
pub fn module(chance: &mut Chance) -> Vec<u8> {
    made(chance, |unstructured| {
        let config = Config::arbitrary(unstructured)?;
        Module::new(config, unstructured).map(|module| module.to_bytes())
    })
}

/// Any component.
pub fn component(chance: &mut Chance) -> Vec<u8> {
    made(chance, |unstructured| {
        let config = Config::arbitrary(unstructured)?;
        Component::new(config, unstructured).map(|component| component.to_bytes())
    })
}

/// A module that exports what a stage does, and embeds the contract.
pub fn guest(chance: &mut Chance) -> Vec<u8> {
    embed(exporting(chance))
}

/// The same, with a sound `describe`: it is taken where it starts.
pub fn honest(chance: &mut Chance) -> Vec<u8> {
    embed(with_manifest(&exporting(chance)))
}

/// A good component in which another module is instantiated, too.
pub fn beside(chance: &mut Chance, good: &[u8]) -> Vec<u8> {
    let module = made(chance, |unstructured| {
        let config = Config {
            max_imports: 0,
            ..modest()
        };
        Module::new(config, unstructured).map(|module| module.to_bytes())
    });
    let (header, mut sections) = apart(good);
    let modules = sections.iter().filter(|(id, _)| *id == 1).count() as u8;
    sections.push((1, module));
    // One instance: instantiate, which, no arguments.
    sections.push((2, vec![1, 0, modules, 0]));
    together(&header, &sections)
}

/// Tries with more and more to make it of.
fn made(
    chance: &mut Chance,
    make: impl Fn(&mut Unstructured<'_>) -> arbitrary::Result<Vec<u8>>,
) -> Vec<u8> {
    loop {
        let count = 256 << chance.below(5);
        let bytes = chance.bytes(count);
        if let Ok(made) = make(&mut Unstructured::new(&bytes)) {
            return made;
        }
    }
}

/// Features that the host runs, and sizes near what it gives, on both sides.
fn modest() -> Config {
    Config {
        custom_page_sizes_enabled: false,
        exceptions_enabled: false,
        gc_enabled: false,
        max_memory32_bytes: 80 << 20,
        max_table_elements: 25_000,
        max_tables: 4,
        max_tags: 0,
        // `externref`, which needs a collector, comes with `funcref`.
        reference_types_enabled: false,
        memory64_enabled: false,
        relaxed_simd_enabled: false,
        shared_everything_threads_enabled: false,
        tail_call_enabled: false,
        threads_enabled: false,
        wide_arithmetic_enabled: false,
        ..Config::default()
    }
}

fn exporting(chance: &mut Chance) -> Vec<u8> {
    let cleans_up = if chance.is(5) { CLEANS_UP } else { "" };
    let exports = wat::parse_str(format!("{EXPORTS} {cleans_up})")).expect("the text is sound");
    let imports = wat::parse_str(IMPORTS).expect("the text is sound");
    let starts = chance.is(2);
    made(chance, |unstructured| {
        let config = Config {
            allow_start_export: starts,
            available_imports: Some(imports.clone()),
            exports: Some(exports.clone()),
            max_imports: 1,
            // The one that is exported.
            max_memories: 0,
            ..modest()
        };
        Module::new(config, unstructured).map(|module| module.to_bytes())
    })
}

fn embed(mut module: Vec<u8>) -> Vec<u8> {
    let mut resolve = Resolve::default();
    let package = resolve.push_str("stage.wit", WIT).expect("the contract");
    let world = resolve
        .select_world(&[package], Some("stage"))
        .expect("the contract");
    wit_component::embed_component_metadata(&mut module, &resolve, world, StringEncoding::UTF8)
        .expect("the contract");
    module
}

/// The module with another `describe`: it writes a manifest into memory, whatever is there.
fn with_manifest(module: &[u8]) -> Vec<u8> {
    let mut imported = 0;
    let mut describe = 0;
    for payload in Parser::new(0).parse_all(module).flatten() {
        match payload {
            Payload::ImportSection(section) => {
                let imports = section.into_imports().flatten();
                imported += imports
                    .filter(|import| matches!(import.ty, TypeRef::Func(_)))
                    .count() as u32;
            }
            Payload::ExportSection(section) => {
                let mut exports = section.into_iter().flatten();
                let found = exports
                    .find(|export| export.name == "describe" && export.kind == ExternalKind::Func);
                describe = found.map_or(describe, |export| export.index);
            }
            _ => {}
        }
    }
    let mut honest = Honest {
        at: 0,
        describe: describe - imported,
    };
    let mut encoded = wasm_encoder::Module::new();
    honest
        .parse_core_module(&mut encoded, Parser::new(0), module)
        .expect("a valid module");
    encoded.finish()
}

struct Honest {
    /// The next body, and that of `describe`.
    at: u32,
    describe: u32,
}

impl Reencode for Honest {
    type Error = std::convert::Infallible;

    fn parse_function_body(
        &mut self,
        code: &mut CodeSection,
        body: FunctionBody<'_>,
    ) -> Result<(), reencode::Error> {
        if self.at == self.describe {
            code.function(&describe());
        } else {
            reencode::utils::parse_function_body(self, code, body)?;
        }
        self.at += 1;
        Ok(())
    }
}

/// Where the manifest is written to, and its text.
const MANIFEST: u32 = 256;
const TEXT: u32 = 512;

fn describe() -> Function {
    let text = b"sent1.0.0{}\0\0\0\0\0";
    // name, version, summary, config-schema; outcomes; proposes; listens; memory-version.
    let words = [
        TEXT,
        4,
        TEXT + 4,
        5,
        0,
        0,
        TEXT + 9,
        2,
        MANIFEST + 64,
        1,
        0,
        0,
        0,
        0,
        0,
        0,
        TEXT,
        4,
    ];
    let mut memory: Vec<(u32, i64)> = words
        .chunks(2)
        .enumerate()
        .map(|(at, pair)| {
            let both = u64::from(pair[0]) | u64::from(pair[1]) << 32;
            (MANIFEST + 8 * at as u32, both as i64)
        })
        .collect();
    memory.extend(text.chunks(8).enumerate().map(|(at, bytes)| {
        let bytes = bytes.try_into().expect("eight of them");
        (TEXT + 8 * at as u32, i64::from_le_bytes(bytes))
    }));
    let mut function = Function::new([]);
    let mut instructions = function.instructions();
    for (at, value) in memory {
        let memarg = MemArg {
            offset: 0,
            align: 3,
            memory_index: 0,
        };
        instructions
            .i32_const(at as i32)
            .i64_const(value)
            .i64_store(memarg);
    }
    instructions.i32_const(MANIFEST as i32).end();
    function
}
