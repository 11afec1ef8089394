//! Files that are broken, or nothing of the kind.

use std::io::Read as _;

use regua_test_kit::guest::{self, LEAVES, component};

use super::Ends::{Leaves, Refused};
use super::{Row, row};

pub const ROWS: &[&[Row]] = &[BYTES];

const BYTES: &[Row] = &[
    row(
        "the empty file",
        Vec::new,
        Refused("invalid", "unexpected end-of-file (at offset 0x0)"),
    ),
    row(
        "four bytes",
        || b"\0asm".to_vec(),
        Refused("invalid", "(at offset 0x4)"),
    ),
    row(
        "a text",
        || b"export function decide() {}".to_vec(),
        Refused("invalid", "begins with the bytes [65, 78, 70, 6f]"),
    ),
    row(
        "an archive",
        || b"\x1f\x8b\x08\0\0\0\0\0".to_vec(),
        Refused("invalid", "begins with the bytes [1f, 8b, 08, 00]"),
    ),
    row(
        "a program of this machine",
        program,
        Refused("invalid", "begins with the bytes [7f, 45, 4c, 46]"),
    ),
    row(
        "native code of wasmtime",
        native_code,
        Refused("native-code", "upload the WebAssembly it was compiled from"),
    ),
    row(
        "33 MiB of nothing",
        || vec![0; 33 << 20],
        Refused(
            "too-large",
            "34603008 bytes are too many: a stage has at most 33554432",
        ),
    ),
    row(
        "32 MiB of nothing",
        || vec![0; 32 << 20],
        Refused("invalid", "begins with the bytes [00, 00, 00, 00]"),
    ),
    row(
        "another version of WebAssembly",
        || b"\0asm\x02\0\0\0".to_vec(),
        Refused("invalid", "unknown binary version"),
    ),
    row(
        "cut in the middle",
        || cut(1, 2),
        Refused("invalid", "unexpected end"),
    ),
    row(
        "cut near its end",
        || cut(9, 10),
        Refused("invalid", "unexpected end"),
    ),
    row(
        "bytes behind the end",
        || with(b"\x63\x63\x63\x63"),
        Refused("invalid", ""),
    ),
    row(
        "twice the same in one file",
        || with(&good()),
        Refused("invalid", ""),
    ),
    row(
        "a custom section behind the end",
        || with(b"\x00\x05\x04note"),
        Leaves,
    ),
    row(
        "a section longer than the file",
        || with(b"\x00\xff\xff\xff\xff\x0f"),
        Refused("invalid", ""),
    ),
    row(
        "a length that does not end",
        || with(b"\x00\xff\xff\xff\xff\xff\xff\xff\xff\xff\x01"),
        Refused("invalid", ""),
    ),
    row(
        "a section that is none",
        || with(b"\x7f\x01\x00"),
        Refused("invalid", "malformed section id: 127"),
    ),
    row(
        "the name of an export that is no UTF-8",
        || replaced(b"decide", b"de\xff\xfede"),
        Refused("invalid", "UTF-8"),
    ),
    row(
        "sections out of order",
        out_of_order,
        Refused("invalid", "section out of order"),
    ),
    row(
        "a body that ends too early",
        || replaced(b"\x41\x80\x04\x0b", b"\x41\x80\x04\x01"),
        Refused("invalid", ""),
    ),
    row(
        "every byte of the code zero",
        no_code,
        Refused("invalid", ""),
    ),
];

fn good() -> Vec<u8> {
    component(LEAVES, "")
}

/// The beginning of this very program.
fn program() -> Vec<u8> {
    let mut beginning = vec![0; 4_096];
    let mut file = std::fs::File::open("/proc/self/exe").unwrap();
    file.read_exact(&mut beginning).unwrap();
    beginning
}

fn cut(parts: usize, of: usize) -> Vec<u8> {
    let whole = guest::guest(LEAVES, "");
    // The component type that is embedded is the most of it.
    let code = whole.len().min(600);
    whole[..code * parts / of].to_vec()
}

fn with(behind: &[u8]) -> Vec<u8> {
    [&good(), behind].concat()
}

/// A good core module with some of its bytes others.
fn replaced(from: &[u8], to: &[u8]) -> Vec<u8> {
    let mut bytes = guest::guest(LEAVES, "");
    let at = bytes.windows(from.len()).position(|found| found == from);
    let at = at.expect("the bytes are there");
    bytes.splice(at..at + from.len(), to.iter().copied());
    bytes
}

/// What wasmtime takes for its own: an ELF file with its mark on it.
fn native_code() -> Vec<u8> {
    let mut elf = vec![0; 64];
    elf[..8].copy_from_slice(b"\x7fELF\x02\x01\x01\xc8");
    // Version, size of the header, and the flag of a component.
    elf[20] = 1;
    elf[52] = 64;
    elf[48] = 2;
    elf
}

/// Types behind a memory.
fn out_of_order() -> Vec<u8> {
    b"\0asm\x01\0\0\0\x05\x03\x01\0\x01\x01\x04\x01\x60\0\0".to_vec()
}

/// The code section of a good guest, its length as it was, and nothing in it.
fn no_code() -> Vec<u8> {
    let mut bytes = guest::guest(LEAVES, "");
    let realloc = bytes.windows(3).position(|found| found == b"\x7f\x23\x00");
    let at = realloc.expect("the allocator begins so");
    bytes[at..at + 40].fill(0);
    bytes
}
