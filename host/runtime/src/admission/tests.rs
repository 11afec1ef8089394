mod contract;

use regua_test_kit::guest::{LEAVES, WIT, component, embed, guest, module, wit_with};

use super::*;
use crate::limits::{Limits, PoolSize};
use crate::{Compiler, RuntimeConfig, Stage};

fn runtime_with(limits: Limits) -> (Runtime, tempfile::TempDir) {
    let directory = tempfile::tempdir().unwrap();
    let pool = PoolSize::for_workers(1);
    let config = RuntimeConfig {
        limits,
        cache_dir: directory.path().to_owned(),
        pool,
        compiler: Compiler::Here,
    };
    (Runtime::new(config).unwrap(), directory)
}

fn refused(upload: Vec<u8>) -> String {
    let (runtime, _directory) = runtime_with(Limits::shipped());
    runtime.admit(upload).unwrap_err().to_string()
}

#[test]
fn a_core_module_with_a_component_type_is_admitted() {
    let (runtime, _directory) = runtime_with(Limits::shipped());
    let upload = guest(LEAVES, "");
    let admitted = runtime.admit(upload.clone()).unwrap();
    assert_eq!(admitted.manifest.name, "sent");
    assert_eq!(admitted.digest, sha256_hex(&upload));
    assert_eq!(admitted.wasm, upload);
}

#[test]
fn the_component_of_a_module_is_as_good_as_the_module() {
    let (runtime, _directory) = runtime_with(Limits::shipped());
    let component = component(LEAVES, "");
    assert_eq!(
        runtime.admit(component).unwrap().manifest.outcomes,
        ["sent"]
    );
}

#[test]
fn too_many_bytes_are_refused_before_they_are_read() {
    let (runtime, _directory) = runtime_with(Limits {
        wasm_max_bytes: 8,
        ..Limits::shipped()
    });
    let error = runtime.admit(vec![0; 9]).unwrap_err();
    assert_eq!(
        error,
        AdmissionError::TooLarge {
            bytes: 9,
            bytes_max: 8
        }
    );
}

#[test]
fn native_code_is_refused() {
    let (runtime, _directory) = runtime_with(Limits::shipped());
    let component = component(LEAVES, "");
    let native = runtime
        .compile(&component)
        .unwrap()
        .0
        .bytes()
        .unwrap()
        .to_vec();
    assert_eq!(
        runtime.admit(native).unwrap_err(),
        AdmissionError::NativeCode
    );
}

#[test]
fn what_is_no_wasm_is_refused() {
    assert!(refused(b"hello".to_vec()).starts_with("not valid WebAssembly: "));
    let mut cut = guest(LEAVES, "");
    cut.truncate(cut.len() / 2);
    assert!(refused(cut).starts_with("not valid WebAssembly: "));
}

#[test]
fn wasm_of_more_features_than_are_needed_is_refused() {
    let memory64 = wat::parse_str("(module (memory i64 1))").unwrap();
    assert!(refused(memory64).contains("memory64"));
    let shared = wat::parse_str("(module (memory 1 1 shared))").unwrap();
    assert!(refused(shared).contains("threads"));
}

#[test]
fn a_core_module_without_a_component_type_is_told_to_use_the_sdk() {
    let told = refused(wat::parse_str("(module)").unwrap());
    assert!(told.contains("build it with the SDK"), "{told}");
}

#[test]
fn an_import_outside_the_contract_is_named() {
    let component = r#"(component (import "wasi:clocks/wall-clock@0.2.0" (instance)))"#;
    assert_eq!(
        refused(wat::parse_str(component).unwrap()),
        "imports `wasi:clocks/wall-clock@0.2.0`, which is not in the contract; \
         a stage may import regua:dunning/log@1.0.0 only"
    );
    let module = guest(
        LEAVES,
        r#"(import "wasi_snapshot_preview1" "fd_write" (func (param i32 i32 i32 i32) (result i32)))"#,
    );
    assert_eq!(
        refused(module),
        "imports `fd_write` from `wasi_snapshot_preview1`, which is not in the contract; \
         a stage may import regua:dunning/log@1.0.0 only"
    );
}

/// The refusal of a good guest that names another version of the contract, if any.
fn versioned(version: &str) -> Option<String> {
    let wit = wit_with("dunning@1.0.0", &format!("dunning@{version}"));
    let (runtime, _directory) = runtime_with(Limits::shipped());
    let refused = runtime.admit(embed(&module(LEAVES, ""), &wit)).err();
    refused.map(|error| error.to_string())
}

#[test]
fn a_guest_of_a_newer_contract_is_told_what_to_do() {
    for version in ["1.1.0", "1.2.3", "2.0.0"] {
        assert_eq!(
            versioned(version),
            Some(format!(
                "built against contract {version}, and this host speaks 1.0.0: \
                 build it with the SDK 0.1, or upload it to a host that speaks that"
            ))
        );
    }
}

#[test]
fn a_guest_of_a_draft_is_told_to_build_anew() {
    for version in ["0.1.0", "1.0.0-rc.1"] {
        assert_eq!(
            versioned(version),
            Some(format!(
                "built against contract {version}, and this host speaks 1.0.0: \
                 build it with the SDK 0.1"
            ))
        );
    }
}

#[test]
fn a_patch_of_the_contract_changes_words_only() {
    assert_eq!(versioned("1.0.7"), None);
}

#[test]
fn all_interfaces_of_another_version_are_one_problem() {
    let component = r#"(component
        (import "regua:dunning/log@1.1.0" (instance))
        (import "regua:dunning/types@1.1.0" (instance))
        (import "regua:dunning/history@1.1.0" (instance)))"#;
    let told = refused(wat::parse_str(component).unwrap());
    assert_eq!(told.matches("built against contract").count(), 1, "{told}");
}

#[test]
fn long_names_and_long_lists_are_cut() {
    let long = format!("x:y/{}@1.0.0", "z".repeat(10_000));
    let component = format!(r#"(component (import "{long}" (instance)))"#);
    let told = refused(wat::parse_str(component).unwrap());
    assert!(told.len() < 300, "{} bytes", told.len());
    assert!(
        told.contains("zzz…`, which is not in the contract"),
        "{told}"
    );
    let imports: Vec<String> = (0..1_000)
        .map(|n| format!(r#"(import "x:y/i{n}@1.0.0" (instance))"#))
        .collect();
    let many = format!("(component {})", imports.concat());
    let told = refused(wat::parse_str(many).unwrap());
    assert!(told.ends_with("; and 992 more"), "{told}");
    assert!(told.len() < 2_000, "{} bytes", told.len());
}

#[test]
fn a_missing_export_is_named() {
    let told = refused(wat::parse_str("(component)").unwrap());
    assert!(told.contains("does not export `describe`"), "{told}");
    assert!(told.contains("does not export `check-config`"), "{told}");
    assert!(told.contains("does not export `decide`"), "{told}");
}

#[test]
fn a_memory_over_the_limit_is_refused() {
    let (runtime, _directory) = runtime_with(Limits {
        memory_max_bytes: 64 << 10,
        ..Limits::shipped()
    });
    assert_eq!(
        runtime.admit(guest(LEAVES, "")).unwrap_err().to_string(),
        "needs 131072 bytes of memory at the start where 65536 are allowed"
    );
}

#[test]
fn a_manifest_out_of_bounds_is_refused_with_its_fields() {
    let bad = module(LEAVES, "").replace("1.0.0{}", "1.0.x[]");
    assert_eq!(
        refused(embed(&bad, WIT)),
        "`describe` gave a manifest out of bounds: \
         version: `1.0.x` is not a semantic version such as 1.0.0; config-schema: not a JSON object"
    );
}

#[test]
fn a_describe_that_traps_is_told() {
    let bad = module(LEAVES, "").replace("(result i32) i32.const 256", "(result i32) unreachable");
    let told = refused(embed(&bad, WIT));
    assert!(told.starts_with("`describe` failed: trap: "), "{told}");
}

#[test]
fn a_broken_native_file_is_compiled_anew() {
    let (runtime, directory) = runtime_with(Limits::shipped());
    let admitted = runtime.admit(guest(LEAVES, "")).unwrap();
    let native = directory
        .path()
        .join(runtime.engine_hash())
        .join(format!("{}.native", admitted.digest));
    let whole = std::fs::read(&native).unwrap();
    std::fs::write(&native, &whole[..whole.len() / 2]).unwrap();
    let mut fetched = 0;
    let stage: std::sync::Arc<Stage> = runtime
        .load(&admitted.digest, || {
            fetched += 1;
            Ok::<_, std::io::Error>(admitted.wasm.clone())
        })
        .unwrap();
    assert_eq!(stage.manifest(), &admitted.manifest);
    assert_eq!(fetched, 1);
    assert_eq!(std::fs::read(&native).unwrap().len(), whole.len());
    runtime
        .load(&admitted.digest, || Err(std::io::Error::other("not asked")))
        .unwrap();
}

#[test]
fn what_is_kept_is_loaded_once_and_never_fetched() {
    let (runtime, directory) = runtime_with(Limits::shipped());
    let kept = |runtime: &Runtime, digest: &str| {
        let kept = runtime.load_kept::<std::convert::Infallible>(digest);
        kept.unwrap()
    };
    let digest = runtime.admit(guest(LEAVES, "")).unwrap().digest;
    assert!(runtime.loaded(&digest).is_none());
    let first = kept(&runtime, &digest).unwrap();
    let again = runtime.loaded(&digest).unwrap();
    assert!(std::sync::Arc::ptr_eq(&first, &again));
    // A host that starts over the same folder has it, too.
    let config = RuntimeConfig {
        limits: Limits::shipped(),
        cache_dir: directory.path().to_owned(),
        pool: PoolSize::for_workers(1),
        compiler: Compiler::Here,
    };
    let restarted = Runtime::new(config).unwrap();
    assert_eq!(kept(&restarted, &digest).unwrap().digest(), digest);
    assert!(kept(&restarted, &sha256_hex(b"another")).is_none());
}

/// How much of the pool one instance takes is known when its code is loaded: it is the upload's
/// fault, not the machine's.
#[test]
fn what_would_not_fit_into_the_pool_does_not_compile() {
    let globals = "(global (mut i64) (i64.const 7))".repeat(100_000);
    let told = refused(guest(LEAVES, &globals));
    assert!(told.starts_with("does not compile: "), "{told}");
    assert!(told.contains("exceeds the configured maximum"), "{told}");
}

#[test]
fn bytes_of_another_digest_are_not_loaded() {
    let (runtime, _directory) = runtime_with(Limits::shipped());
    let digest = sha256_hex(b"another");
    let told = runtime
        .load(&digest, || Ok::<_, std::io::Error>(guest(LEAVES, "")))
        .unwrap_err()
        .to_string();
    assert!(
        told.starts_with(&format!("the wasm kept as {digest} has the digest ")),
        "{told}"
    );
}
