use std::fmt::Write as _;

use super::*;

fn told(text: &str, form: Form) -> Vec<String> {
    read(text, form)
        .unwrap_err()
        .iter()
        .map(Problem::to_string)
        .collect()
}

#[test]
fn text_that_is_not_yaml_has_the_line_of_its_fault() {
    assert_eq!(
        told("name: a\nstages: [\n", Form::Yaml),
        ["line 2, column 9, the document: not YAML: unclosed bracket '['"]
    );
    assert_eq!(
        told("name: a\nname: b\n", Form::Yaml),
        ["line 2, column 1, the document: not YAML: duplicate mapping key: name",]
    );
}

#[test]
fn text_that_is_not_json_has_the_line_of_its_fault() {
    assert_eq!(
        told("{\n\"name\": }", Form::Json),
        ["line 2, column 9, the document: not JSON: expected value at line 2 column 9",]
    );
    assert_eq!(
        told("{\"name\": 1,\n\"name\": 2}", Form::Json),
        ["line 2, column 6, the document: not JSON: `name` is given twice at line 2 column 6",]
    );
}

#[test]
fn a_currency_has_one_tolerance() {
    assert_eq!(
        told("tolerance:\n  BRL: \"1\"\n  BRL: \"2\"\n", Form::Yaml),
        ["line 3, column 3, the document: not YAML: duplicate mapping key: BRL",]
    );
}

#[test]
fn no_and_on_are_text() {
    let value = read("on: no\nyes: [on, true, 5d, 1, 1.5, null]\n", Form::Yaml).unwrap();
    assert_eq!(
        value,
        json!({ "on": "no", "yes": ["on", true, "5d", 1, 1.5, null] })
    );
}

#[test]
fn both_forms_say_the_same() {
    let value = standard_value();
    let json = serde_json::to_string_pretty(&value).unwrap();
    assert_eq!(read(&json, Form::Json).unwrap(), value);
    let line = Lines::of(&json).place("/stages/0/id").unwrap().0;
    assert!(
        json.lines()
            .nth(line - 1)
            .unwrap()
            .contains("\"id\": \"first-day-late\"")
    );
}

#[test]
fn a_document_that_is_too_long_is_not_read() {
    assert_eq!(
        told(&" ".repeat(DOCUMENT_BYTES_MAX + 1), Form::Yaml),
        ["the document: the document has 262145 bytes, at most 262144 are possible"]
    );
}

#[test]
fn a_bomb_of_aliases_is_not_read() {
    let mut text = "a0: &a0 [x, x, x, x, x, x, x, x, x, x]\n".to_owned();
    for level in 1..12 {
        let below = format!("*a{}, ", level - 1).repeat(10);
        let _ = writeln!(text, "a{level}: &a{level} [{below}]");
    }
    assert_eq!(read(&text, Form::Yaml).unwrap_err().len(), 1);
}

#[test]
fn every_pointer_has_a_line_or_that_of_what_is_around_it() {
    let lines = Lines::of(STANDARD);
    let found = [
        "/name",
        "/stages",
        "/stages/0",
        "/stages/0/on/sent",
        "/stages/1/config/steps/1/template",
        "/stages/4/missing",
        "",
    ]
    .map(|pointer| lines.place(pointer).map(|(line, _)| line));
    assert_eq!(
        found,
        [
            Some(1),
            Some(10),
            Some(11),
            Some(15),
            Some(24),
            Some(51),
            None
        ]
    );
}
