use super::*;

fn environment(pairs: &[(&str, &str)]) -> Environment {
    Environment(
        pairs
            .iter()
            .map(|(name, value)| ((*name).to_owned(), (*value).to_owned()))
            .collect(),
    )
}

fn with_file(text: &str) -> (tempfile::TempDir, Globals) {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("regua.toml");
    std::fs::write(&path, text).unwrap();
    let globals = Globals {
        settings: Some(path),
        ..Globals::default()
    };
    (folder, globals)
}

#[test]
fn flags_win_over_environment_over_file_over_default() {
    let (folder, mut globals) =
        with_file("threads = 3\nlog = \"info\"\ndatabase = \"here.sqlite\"");
    globals.log = Some("debug".to_owned());
    let environment = environment(&[
        ("REGUA_THREADS", "5"),
        ("REGUA_LOG", "error"),
        ("XDG_CACHE_HOME", "/cache"),
    ]);
    let settings = Settings::gather(&globals, &environment).unwrap();
    assert_eq!(settings.log.value, "debug");
    assert_eq!(settings.log.origin, Origin::Flag("--log"));
    assert_eq!(settings.threads.value, 5);
    assert_eq!(settings.threads.origin, Origin::Variable("REGUA_THREADS"));
    assert_eq!(settings.database.value, folder.path().join("here.sqlite"));
    assert!(matches!(settings.database.origin, Origin::File(_)));
    assert_eq!(
        settings.cache_dir.value.as_deref(),
        Some(Path::new("/cache/regua"))
    );
    assert_eq!(settings.cache_dir.origin, Origin::Default);
    assert_eq!(settings.tenant.value, None);
}

#[test]
fn every_fault_of_the_file_is_named() {
    let (_folder, globals) = with_file("databse = \"x\"\nlog = true");
    let error = Settings::gather(&globals, &environment(&[])).unwrap_err();
    let text = error.to_string();
    assert!(text.contains("`databse` is no setting"), "{text}");
    assert!(text.contains("`log` is a boolean"), "{text}");
}

#[test]
fn threads_out_of_range_say_who_set_them() {
    let error = Settings::gather(&Globals::default(), &environment(&[("REGUA_THREADS", "0")]));
    let text = error.unwrap_err().to_string();
    assert!(text.contains("environment REGUA_THREADS"), "{text}");
}

#[test]
fn without_a_home_there_is_no_cache_rather_than_a_shared_one() {
    for pairs in [&[][..], &[("HOME", ""), ("XDG_CACHE_HOME", "here")]] {
        let settings = Settings::gather(&Globals::default(), &environment(pairs)).unwrap();
        assert_eq!(settings.cache_dir.value, None);
    }
    let settings = Settings::gather(&Globals::default(), &environment(&[("HOME", "/home/ana")]));
    let cache = settings.unwrap().cache_dir.value;
    assert_eq!(cache.as_deref(), Some(Path::new("/home/ana/.cache/regua")));
}

#[test]
fn a_file_that_is_no_toml_is_told_with_its_line() {
    let (_folder, globals) = with_file("log = \"warn\"\nthreads = = 2\n");
    let error = Settings::gather(&globals, &environment(&[])).unwrap_err();
    let text = error.to_string();
    assert!(text.contains("line 2: not TOML"), "{text}");
    assert!(!text.contains('\n'), "{text}");
}
