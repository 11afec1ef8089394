//! Links that are not the host's.

use super::*;

fn with_html(html: &str) -> Parts {
    let mut all = parts("x");
    all.html = Some(html.to_owned());
    all
}

/// What is wrong with a typed piece of HTML.
fn typed(html: &str) -> String {
    match TemplateSet::new("late", vec![template("en", with_html(html))]) {
        Ok(_) => "nothing".to_owned(),
        Err(faults) => faults[0].to_string(),
    }
}

/// What is wrong with HTML, be it when it is compiled or when it is rendered.
fn made(html: &str) -> String {
    match TemplateSet::new("late", vec![template("en", with_html(html))]) {
        Ok(set) => {
            let faults = set.check(Context::sample);
            let first = faults.first();
            first.map_or("nothing".to_owned(), ToString::to_string)
        }
        Err(faults) => faults[0].to_string(),
    }
}

#[test]
fn a_typed_address_is_refused_and_a_placeholder_is_not() {
    for url in [
        "http://x.example/",
        "HTTPS://x.example",
        "www.x.example",
        "ftp://x",
        "pay.evil.com/x",
        "evil.de",
    ] {
        let error = fault(&format!("Hello\npay at {url} now"));
        let wanted = format!("text, line 2: `{url}` reads as a web address: links come from");
        assert!(error.contains(&wanted), "{error}");
    }
    for glued in [
        "{{ links.pay }}@evil.com",
        "{{ links.pay }}.evil.com",
        "{{ tenant.name }}.com",
        "{{ 'evil.com' }}",
    ] {
        assert!(fault(glued).contains("reads as a web address"), "{glued}");
    }
    let mut good = parts("Pay: {{ links.pay }} {{ links.offer }}");
    good.html = Some("<a href=\"{{ links.pay }}\">{{ links.dispute }}</a>".to_owned());
    let mail = set(good)
        .render("en", PartSet::Email, &Context::sample("en"))
        .unwrap();
    assert_eq!(
        mail.text,
        "Pay: https://pay.example/p/1 https://pay.example/o/1"
    );
}

#[test]
fn an_address_put_together_or_carried_in_a_value_is_refused() {
    for pieces in [
        "{{ 'htt' ~ 'ps:/' ~ '/x' }}",
        "{{ 'evil' ~ '.com' }}",
        "evil{% if true %}.com{% endif %}",
        "{{ links.pay | replace('pay', 'evil') }}",
        "{{ links.pay | upper }}",
    ] {
        assert!(
            fault(pieces).ends_with("none of the host's links"),
            "{pieces}: {}",
            fault(pieces)
        );
    }
    let mut context = Context::sample("en");
    let vars = [("a", "pay.evil"), ("b", ".com/x")];
    context.vars = Vars::Known(vars.map(|(k, v)| (k.to_owned(), v.to_owned())).into());
    let joined = "{{ vars.a }}{{ vars.b }}";
    let error = render_inline("en", "Hello", joined, PartSet::Email, &context).unwrap_err();
    assert_eq!(error.fault, Fault::UrlInOutput);
    let error = set(parts(joined))
        .render("en", PartSet::Script, &context)
        .unwrap_err();
    assert_eq!(error.fault, Fault::UrlInOutput);
}

#[test]
fn who_is_called_after_a_web_site_gets_letters_and_nobody_gets_its_links() {
    let mut context = named("Ana");
    "Booking.com".clone_into(&mut context.tenant.name);
    "NF.SP/2026.AB".clone_into(&mut context.items[0].reference);
    let mut both =
        parts("{{ customer.name }}, you owe {{ tenant.name }}: {{ items[0].reference }}.");
    both.html = Some("<p>{{ customer.name }} owes <b>{{ tenant.name }}</b>.</p>".to_owned());
    let both = set(both);
    assert!(both.render("en", PartSet::Email, &context).is_ok());
    for name in ["see http://x.example", "Ana x.example/pay"] {
        name.clone_into(&mut context.customer.name);
        let error = both.render("en", PartSet::Script, &context).unwrap_err();
        assert_eq!(error.fault, Fault::UrlInOutput);
        let root = Value::from(Serde(&context));
        let html = both
            .render_part(&both.0.locales[0], Part::Html, &root, &context)
            .unwrap_err();
        assert_eq!(html.fault, Fault::UrlInOutput);
    }
    "Ana".clone_into(&mut context.customer.name);
    for glued in [
        "{{ tenant.name }}/x",
        "evil.{{ tenant.name }}",
        "{{ tenant.name }}.br",
    ] {
        let made = TemplateSet::new("late", vec![template("en", parts(glued))]);
        let refused = made.is_err()
            || set(parts(glued))
                .render("en", PartSet::Script, &context)
                .is_err();
        assert!(refused, "{glued}");
    }
}

#[test]
fn a_target_is_one_placeholder_and_nothing_else() {
    for target in [
        "https:&#47;&#47;evil.com/pay",
        "https:&sol;&sol;evil.com/pay",
        "https:/\\evil.com/pay",
        "/\\evil.com/pay",
        "https:evil.com/pay",
        "//evil.com",
        " //evil.com",
        "\n//evil.com",
        "javascript:alert(1)",
        "mailto:a@evil",
        "x",
        "",
        "{{ links.pay }}@evil",
        "{{ links.pay }} ",
        "{{ links.pay }}{{ links.offer }}",
        "{{ links.pay | upper }}",
        "{{ tenant.name }}",
    ] {
        let told = typed(&format!("<a href=\"{target}\">Pay</a>"));
        assert!(
            told.contains("a link's target is one placeholder"),
            "{target}: {told}"
        );
    }
    for whole in [
        "<a href={{ links.pay }}>x</a>",
        "<A CLASS=b HREF = '{{ links.pay }}' >x</A>",
    ] {
        assert_eq!(made(whole), "nothing", "{whole}");
    }
    for pieces in [
        "<a {{ 'hr' ~ 'ef=x' }}>x</a>",
        "<a href{% if true %}={% endif %}x>x</a>",
        "<{{ 'script' }}>x",
    ] {
        assert_ne!(made(pieces), "nothing", "{pieces}");
    }
}

#[test]
fn what_loads_runs_or_sends_has_no_place() {
    for (html, found) in [
        ("<script>x</script>", "<script>"),
        ("<ScRiPt/x>", "<script>"),
        ("<base href='{{ links.pay }}'>", "<base>"),
        ("<form action='{{ links.pay }}'>", "<form>"),
        ("<iframe>", "<iframe>"),
        ("<object>", "<object>"),
        ("<embed>", "<embed>"),
        ("<meta http-equiv=refresh>", "<meta>"),
        ("<link rel=stylesheet>", "<link>"),
        ("<img src='{{ links.pay }}'>", "<img>"),
        ("<svg>", "<svg>"),
        ("<p onclick=x>", "onclick"),
        ("<p/onclick=x>", "onclick"),
        ("<td background='{{ links.pay }}'>", "background"),
        ("<p href='{{ links.pay }}'>", "href"),
        ("<p title='</p><script>'>", "title"),
        ("<style>@import 'x'</style>", "@import"),
        ("<style>p{background:URL(x)}</style>", "url("),
        ("<p style='background:u\\72l(x)'>", "\\"),
        ("<p style='background:&#117;rl(x)'>", "url("),
        ("<!-- <p> -->", "<!--"),
        ("<![if mso]>", "<![i"),
        ("<?xml?>", "<?xm"),
    ] {
        let told = typed(html);
        let wanted = format!("line 1: `{found}` has no place in a letter's html");
        assert!(told.contains(&wanted), "{html}: {told}");
    }
}

#[test]
fn addresses_to_read_are_found_in_html_too() {
    for html in [
        "<p>pay.evil.com</p>",
        "<p>pay&period;evil&#46;com</p>",
        "<p>evil<b>.</b>com</p>",
        "<p title='pay.evil.com'>x</p>",
        "<style>p::after{content:'evil.com'}</style>",
        "<p>\n<!doctype html>evil.com",
    ] {
        assert!(
            typed(html).contains("reads as a web address"),
            "{html}: {}",
            typed(html)
        );
    }
    let told = typed("<table\n class='a'>\n<tr><td>1 < 2</td>\n<td>evil.com");
    assert!(told.contains("html, line 4: `evil.com`"), "{told}");
}

#[test]
fn a_usual_mail_is_fine() {
    let mail = "<!DOCTYPE html>\n<html lang=\"en\"><head><title>{{ tenant.name }}</title>\n\
        <style>td.amount { text-align: right; margin: 0.5em }\n\
        @media (max-width: 600px) { table.items { width: 100% } }</style></head>\n\
        <body style=\"font-family: 'Segoe UI', sans-serif\">\n\
        <p>Hello {{ customer.name }}.</p><p>Please pay &mdash; {{ balance.overdue }}.</p>\n\
        <table class=\"items\" width=\"100%\" cellpadding=\"0\">{% for item in items %}\
        <tr><td>{{ item.reference }}</td><td class=\"amount\">{{ item.amount }}</td></tr>{% endfor %}</table>\n\
        <p><a href=\"{{ links.pay }}\" style=\"color:#fff\">Pay now</a> or see {{ links.dispute }}</p>\n\
        {% if links.offer %}<a href=\"{{ links.offer }}\">Offer</a>{% endif %}</body></html>";
    assert_eq!(made(mail), "nothing");
}
