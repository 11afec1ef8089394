//! Uploads that are refused, each in words for its author, and nothing of them is kept.

mod contract;
mod describe;
mod limits;

use std::path::Path;

use regua_test_kit::guest::{LEAVES, component, guest};

use crate::Gate;

impl Gate {
    fn refuses(&self, upload: Vec<u8>) -> String {
        let told = match self.runtime.admit(upload) {
            Ok(admitted) => panic!("admitted: {:?}", admitted.manifest),
            Err(error) => error.to_string(),
        };
        assert_eq!(files_in(self.cache.path()), 0, "something of it was kept");
        told
    }
}

fn files_in(folder: &Path) -> usize {
    let entries = folder.read_dir().unwrap().map(Result::unwrap);
    entries
        .map(|entry| {
            if entry.file_type().unwrap().is_dir() {
                files_in(&entry.path())
            } else {
                1
            }
        })
        .sum()
}

fn wat(source: &str) -> Vec<u8> {
    wat::parse_str(source).unwrap()
}

#[test]
fn what_is_no_wasm_is_refused() {
    let gate = Gate::new();
    let cut = component(LEAVES, "");
    for (upload, why) in [
        (Vec::new(), "unexpected end-of-file (at offset 0x0)"),
        (b"\0asm".to_vec(), "unexpected end-of-file (at offset 0x4)"),
        (
            cut[..cut.len() / 2].to_vec(),
            "unexpected end-of-file (at offset 0xb)",
        ),
    ] {
        assert_eq!(
            gate.refuses(upload),
            format!("not valid WebAssembly: {why}")
        );
    }
    assert_eq!(
        gate.refuses(b"garbage".to_vec()),
        "not valid WebAssembly: it is text: it begins with the bytes [67, 61, 72, 62] where WebAssembly begins with [00, 61, 73, 6d]"
    );
    assert_eq!(
        gate.refuses(vec![0; (32 << 20) + 1]),
        "33554433 bytes are too many: a stage has at most 33554432"
    );
}

#[test]
fn names_of_an_upload_move_no_cursor_and_begin_no_line() {
    let gate = Gate::new();
    let import = r#"(import "\1b[2Jev\1b]0;x\07il" "f\0ax\e2\80\ae" (func))"#;
    let told = gate.refuses(guest(LEAVES, import));
    let quoted = r"imports `f\nx\u{202e}` from `\u{1b}[2Jev\u{1b}]0;x\u{7}il`, which is not";
    assert!(told.starts_with(quoted), "{told}");
}

/// Where only custom sections are cut off, what is left is whole.
#[test]
fn a_component_cut_anywhere_is_refused_or_whole() {
    let gate = Gate::new();
    let whole = component(LEAVES, "");
    let manifest = gate.runtime.admit(whole.clone()).unwrap().manifest;
    let mut admitted = 0;
    for length in 0..whole.len() {
        if let Ok(cut) = gate.runtime.admit(whole[..length].to_vec()) {
            assert_eq!(cut.manifest, manifest, "cut to {length}");
            admitted += 1;
        }
    }
    assert!(admitted < 5, "{admitted} cuts were admitted");
}

#[test]
fn native_code_is_refused_even_of_this_very_host() {
    let gate = Gate::new();
    let own = Gate::new();
    let admitted = own.runtime.admit(component(LEAVES, "")).unwrap();
    let file = own
        .cache
        .path()
        .join(own.runtime.engine_hash())
        .join(format!("{}.native", admitted.digest));
    // The checksum is behind it.
    let native = std::fs::read(file).unwrap();
    assert_eq!(
        gate.refuses(native),
        "this is native code; upload the WebAssembly it was compiled from"
    );
}
