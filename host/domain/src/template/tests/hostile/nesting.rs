//! What makes the engine recurse, on a stack that is half of the smallest one that
//! threads of this host have.

use super::*;

const STACK_BYTES: usize = 512 << 10;

/// What is wrong with a text, found on a small stack.
fn on_a_small_stack(text: String) -> String {
    let thread = std::thread::Builder::new().stack_size(STACK_BYTES);
    let told =
        thread.spawn(
            move || match TemplateSet::new("late", vec![template("en", parts(&text))]) {
                Ok(set) => set
                    .render("en", PartSet::Letter, &Context::sample("en"))
                    .map_or_else(|error| error.to_string(), |_| "rendered".to_owned()),
                Err(faults) => faults[0].to_string(),
            },
        );
    told.unwrap().join().unwrap()
}

#[test]
fn a_value_cannot_hold_itself() {
    let told = on_a_small_stack("{% set ns = namespace() %}{% set ns.a = ns %}{{ ns }}".to_owned());
    assert!(told.ends_with("namespace is unknown"), "{told}");
}

#[test]
fn runs_of_operators_are_refused_before_the_engine_recurses_in_them() {
    let many = |from: &str, what: &str, to: &str| {
        format!("{{{{ {from}{}{to} }}}}", what.repeat(7_000 / what.len()))
    };
    for text in [
        many("", "-", "1"),
        many("", "not ", "1"),
        many("1", "+1", ""),
        many("1", "**1", ""),
        many("1", "~1", ""),
        many("a", ".b", ""),
        many("a", "[0]", ""),
        many("a", "()", ""),
        many("a", "|upper", ""),
        many("a", " is odd", ""),
        many("", "1 if 1 else ", "1"),
        many("", "[", ""),
        many("", "{1:", ""),
        format!("{{% for {} in x %}}", "(".repeat(7_000)),
    ] {
        let told = on_a_small_stack(text);
        assert!(
            told.ends_with("text, line 1: the tag has more than 200 words and signs"),
            "{told}"
        );
    }
}

#[test]
fn as_much_as_is_let_through_fits_the_smallest_stack() {
    let many = |from: &str, what: &str, times, to: &str| {
        format!("{{{{ {from}{}{to} }}}}", what.repeat(times))
    };
    for text in [
        many("", "-", 198, "1"),
        many("", "not ", 198, "1"),
        many("1", "+1", 99, ""),
        many("1", "**1", 66, ""),
        many("today", "|upper", 99, ""),
        many("", "1 if 0 else ", 49, "1"),
        many("", "[", 70, &"]".repeat(70)),
        many("", "-[", 60, &"]".repeat(60)),
        many("", "{1:", 45, &format!("1{}", "}".repeat(45))),
    ] {
        let told = on_a_small_stack(text.clone());
        assert!(!told.contains("words and signs"), "{text}: {told}");
    }
}

#[test]
fn values_put_into_one_another_by_one_tag_after_another_are_bounded() {
    let set = format!("{{% set x = {}x{} %}}", "[".repeat(70), "]".repeat(70));
    let nested = |times| format!("{{% set x = 1 %}}{}{{{{ x }}}}", set.repeat(times));
    assert!(
        on_a_small_stack(nested(14))
            .ends_with("the tags have more than 2000 words and signs in all"),
    );
    assert_eq!(on_a_small_stack(nested(13)), "rendered");
    let told =
        on_a_small_stack("{% for a in [[1]] recursive %}{{ loop([a]) }}{% endfor %}".to_owned());
    assert!(told.ends_with("templates have no `recursive`"), "{told}");
}

#[test]
fn conditions_in_conditions_are_bounded() {
    let elifs = |times| format!("{{% if 0 %}}{}{{% endif %}}", "{% elif 0 %}".repeat(times));
    assert!(on_a_small_stack(elifs(51)).ends_with("there are more than 50 `elif`s"));
    assert_eq!(on_a_small_stack(format!("x{}", elifs(50))), "rendered");
    let blocks = |times| {
        format!(
            "x{}{}",
            "{% if 1 %}".repeat(times),
            "{% endif %}".repeat(times)
        )
    };
    assert!(on_a_small_stack(blocks(300)).contains("recursion limits"));
}

/// What the scanner takes for text and the engine for a tag would escape its bounds.
#[test]
fn tags_are_found_where_the_engine_finds_them() {
    let deep = "-".repeat(300);
    for before in [
        "{{ '}}' }}",
        "{{ \"'\" }}",
        "{{ '\\'' }}",
        "{{ {'a': {}}['a'] }}",
        "{# {{ ' #}",
        "{#}#}",
        "{ {} '",
        "{{- 1 -}}",
        "{%- set a = '%}' +%}",
    ] {
        let told = on_a_small_stack(format!("{before}{{{{ {deep}1 }}}}"));
        assert!(told.contains("more than 200"), "{before}: {told}");
    }
    let raw = on_a_small_stack(format!("{{% raw %}}{{{{ '{{% endraw %}}{{{{ {deep}1 }}}}"));
    assert!(raw.ends_with("templates have no `raw`"), "{raw}");
}
