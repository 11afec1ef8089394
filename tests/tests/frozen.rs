//! A stage that was built against a version of the contract, and kept as a file, is taken and
//! decides as it did, for ever.

use std::collections::BTreeSet;
use std::path::PathBuf;

use regua_domain::contract::{Answer, Decision, Next};
use regua_tests::{frozen, patient};

/// Every stage that is kept, by version of the contract.
fn kept() -> Vec<PathBuf> {
    let versions = frozen::folder().read_dir().unwrap().flatten();
    let folders = versions
        .map(|version| version.path())
        .filter(|path| path.is_dir());
    let files = folders.flat_map(|folder| folder.read_dir().unwrap().flatten());
    let stages = files.map(|file| file.path());
    stages
        .filter(|path| path.extension().is_some_and(|end| end == "wasm"))
        .collect()
}

#[test]
fn what_was_built_against_an_older_contract_decides_as_it_did() {
    let kept = kept();
    assert!(kept.len() >= 2, "{kept:?}");
    let cache = tempfile::tempdir().unwrap();
    let runtime = patient(cache.path());
    for path in kept {
        let wasm = std::fs::read(&path).unwrap();
        let admitted = runtime
            .admit(wasm)
            .unwrap_or_else(|error| panic!("{}: {error}", path.display()));
        let stage = runtime
            .load(&admitted.digest, || Ok::<_, std::io::Error>(admitted.wasm))
            .unwrap();
        let recorded = std::fs::read_to_string(path.with_extension("jsonl")).unwrap();
        assert!(recorded.lines().count() >= 10, "{}", path.display());
        for (at, line) in recorded.lines().enumerate() {
            let (situation, config) = frozen::asked(line).unwrap();
            let now = frozen::line(&stage, &situation, &config).unwrap();
            assert_eq!(now, line, "{}, line {}", path.display(), at + 1);
        }
    }
}

/// What is kept says more than one thing: else an answer that is always the same would pass.
#[test]
fn what_is_kept_is_of_many_kinds() {
    let path = frozen::folder().join("1.0.0/hostile.jsonl");
    let recorded = std::fs::read_to_string(path).unwrap();
    let kinds: BTreeSet<&str> = recorded
        .lines()
        .map(|line| {
            let line: serde_json::Value = serde_json::from_str(line).unwrap();
            match serde_json::from_str(line["answer"].as_str().unwrap()).unwrap() {
                Answer::Decision(Decision {
                    next, proposals, ..
                }) => match next {
                    Next::Leave(_) if proposals.is_empty() => "leaves",
                    Next::Leave(_) => "proposes",
                    Next::Stay(_) => "stays",
                },
                Answer::Refusal(_) => "refuses",
                other => panic!("{other:?}"),
            }
        })
        .collect();
    assert_eq!(
        kinds,
        BTreeSet::from(["leaves", "proposes", "refuses", "stays"])
    );
}
