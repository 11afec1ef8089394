//! What authors and debtors may try.

use super::*;

mod links;
mod nesting;

#[test]
fn a_loop_that_does_not_end_in_time_runs_out_of_fuel() {
    let loops = "{% for a in range(9999) %}{% for b in range(9999) %}{% endfor %}{% endfor %}";
    assert!(fault(loops).ends_with("it ran out of fuel"));
    let doubling = format!("{{% set x = 'ab' %}}{}", "{% set x = x ~ x %}".repeat(64));
    assert!(
        fault(&doubling).ends_with("it ran out of fuel"),
        "{}",
        fault(&doubling)
    );
    assert!(fault("{{ 'x' * 100000000000 }}").ends_with("it ran out of fuel"));
    assert!(fault("{{ '%1000000000s'|format('x') }}").contains("line 1"));
}

#[test]
fn output_beyond_the_limit_of_its_part_is_refused() {
    assert!(fault("{{ 'x' * 40000 }}").contains("has 40000 bytes, at most 32768"));
    let error = set(parts("x"))
        .render("en", PartSet::Email, &named("x"))
        .map(|_| ());
    assert!(error.is_ok());
    let mut long = parts("x");
    long.subject = "{{ customer.name }}".to_owned();
    long.short = Some("{{ customer.name * 2 }}".to_owned());
    let set = set(long);
    let render = |parts, name: &str| {
        set.render("en", parts, &named(name))
            .map_err(|error| error.to_string())
    };
    assert!(render(PartSet::Email, &"é".repeat(200)).is_ok());
    assert!(
        render(PartSet::Email, &"é".repeat(201))
            .unwrap_err()
            .contains("has 201 characters")
    );
    assert!(render(PartSet::Message, &"é".repeat(240)).is_ok());
    assert!(
        render(PartSet::Message, &"é".repeat(241))
            .unwrap_err()
            .contains("short: the rendered text")
    );
}

#[test]
fn source_size_is_bounded() {
    assert!(
        fault(&"x".repeat(SOURCE_BYTES_MAX + 1))
            .contains("the source has 16385 bytes, at most 16384")
    );
    assert!(fault(" \n").ends_with("the part is empty"));
}

#[test]
fn a_line_break_in_a_name_does_not_get_into_a_subject() {
    let mut with_name = parts("x");
    with_name.subject = "For {{ customer.name }}".to_owned();
    let set = set(with_name);
    for name in [
        "Ana\r\nBcc: all@example.org",
        "Ana\nX: y",
        "Ana\u{2028}",
        "Ana\0",
    ] {
        let error = set.render("en", PartSet::Email, &named(name)).unwrap_err();
        assert_eq!(
            (error.part, error.fault),
            (Some(Part::Subject), Fault::SubjectLines),
            "{name:?}"
        );
    }
}

#[test]
fn html_is_escaped_in_the_html_part_and_nowhere_else() {
    let mut with_html = parts("{{ customer.name }}");
    with_html.html =
        Some("<p>{{ customer.name }} <a href=\"{{ links.pay }}\">x</a></p>".to_owned());
    let mail = set(with_html)
        .render("en", PartSet::Email, &named("<b>\"Ana\"</b> & Co"))
        .unwrap();
    assert_eq!(mail.text, "<b>\"Ana\"</b> & Co");
    let html = mail.html.unwrap();
    assert!(
        html.starts_with("<p>&lt;b&gt;&quot;Ana&quot;&lt;&#x2f;b&gt; &amp; Co <a href="),
        "{html}"
    );
}

#[test]
fn a_template_cannot_switch_escaping_off() {
    let attempts = [
        "{{ customer.name|safe }}",
        "{% autoescape false %}{{ customer.name }}{% endautoescape %}",
        "{% autoescape false %}{% set x %}{{ customer.name }}{% endset %}{% endautoescape %}{{ x }}",
        "{% set x %}{{ customer.name }}{% endset %}{{ x|replace('&lt;', '<'|string) }}",
        "{{ ('<'|escape) ~ customer.name }}",
        "{{ '%s'|escape|format(customer.name) }}",
        "{{ ['a', customer.name]|join(', '|escape) }}",
    ];
    for attempt in attempts {
        let mut with_html = parts("x");
        with_html.html = Some(attempt.to_owned());
        let made = TemplateSet::new("late", vec![template("en", with_html)]);
        let Ok(set) = made else { continue };
        if let Ok(mail) = set.render("en", PartSet::Email, &named("<script>")) {
            assert!(
                !mail
                    .html
                    .as_deref()
                    .unwrap_or_default()
                    .contains("<script>"),
                "{attempt}: {mail:?}"
            );
        }
    }
}

#[test]
fn template_syntax_in_a_name_stays_text() {
    let name = "{{ links.pay }}{% for i in range(9) %}{# x #}";
    let letter = set(parts("Dear {{ customer.name }}"))
        .render("en", PartSet::Letter, &named(name))
        .unwrap();
    assert_eq!(letter.text, format!("Dear {name}"));
    let inline = render_inline(
        "en",
        "Hello",
        "Dear {{ customer.name }}",
        PartSet::Email,
        &named(name),
    )
    .unwrap();
    assert_eq!(inline.text, format!("Dear {name}"));
}

#[test]
fn templates_know_no_other_templates() {
    for source in [
        "{% include 'en/text' %}",
        "{% import 'x' as y %}",
        "{% extends 'en/text' %}",
    ] {
        assert!(
            fault(source).contains("line 1: syntax error: unknown statement"),
            "{}",
            fault(source)
        );
    }
}
