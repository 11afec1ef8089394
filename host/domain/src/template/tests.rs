use super::context::{Context, Vars};
use super::*;
use crate::contract::Channel;

mod hostile;

fn parts(text: &str) -> Parts {
    Parts {
        subject: "About {{ balance.overdue }}".to_owned(),
        text: text.to_owned(),
        short: None,
        html: None,
    }
}

fn template(locale: &str, parts: Parts) -> Template {
    Template {
        name: "late".to_owned(),
        locale: locale.to_owned(),
        parts,
    }
}

fn set(parts: Parts) -> TemplateSet {
    TemplateSet::new("late", vec![template("en", parts)]).unwrap()
}

/// What is wrong with a text, be it when it is compiled or when it is rendered.
fn fault(text: &str) -> String {
    let error = match TemplateSet::new("late", vec![template("en", parts(text))]) {
        Ok(set) => set
            .render("en", PartSet::Letter, &Context::sample("en"))
            .unwrap_err(),
        Err(faults) => faults.into_iter().next().unwrap(),
    };
    error.to_string()
}

fn named(name: &str) -> Context {
    let mut context = Context::sample("en");
    name.clone_into(&mut context.customer.name);
    context
}

#[test]
fn an_undefined_variable_is_named_with_its_place() {
    assert_eq!(
        fault("Dear customer,\n{{ customer.nmae }}"),
        "template `late` (en), text, line 2: `customer.nmae` is undefined"
    );
    assert_eq!(
        fault("{{ custmer.name }}"),
        "template `late` (en), text, line 1: `custmer` is undefined"
    );
    assert!(fault("{% if balance.ovedue %}x{% endif %}").contains("`balance.ovedue` is undefined"));
}

#[test]
fn a_variable_of_the_stage_is_undefined_unless_it_was_given() {
    let set = set(parts("{{ vars.reason }}"));
    assert!(set.check(Context::sample).is_empty());
    let mut context = Context::sample("en");
    context.vars = Vars::Known([("reason".to_owned(), "Late".to_owned())].into());
    assert_eq!(
        set.render("en", PartSet::Script, &context).unwrap().text,
        "Late"
    );
    context.vars = Vars::Known([].into());
    let error = set
        .render("en", PartSet::Script, &context)
        .unwrap_err()
        .to_string();
    assert!(error.contains("`vars.reason` is undefined"), "{error}");
}

#[test]
fn a_reader_gets_the_nearest_locale() {
    let all = ["en", "pt", "pt-BR"]
        .map(|locale| template(locale, parts(locale)))
        .to_vec();
    let set = TemplateSet::new("late", all).unwrap();
    let text = |locale| {
        set.render(locale, PartSet::Message, &Context::sample(locale))
            .unwrap()
            .text
    };
    assert_eq!(
        ["pt-BR", "pt-PT", "de-AT", "en-GB"].map(text),
        ["pt-BR", "pt", "en", "en"]
    );
    let only = TemplateSet::new("late", vec![template("pt-BR", parts("x"))]).unwrap();
    let error = only
        .render("de", PartSet::Message, &Context::sample("de"))
        .unwrap_err();
    assert_eq!(
        error.to_string(),
        "template `late` (de): the template is not written in this locale nor in `en`; it has: pt-BR"
    );
}

#[test]
fn each_channel_gets_its_parts() {
    let mut all = parts("Text");
    all.short = Some("Short".to_owned());
    all.html = Some("<p>Html</p>".to_owned());
    let set = set(all);
    let made = |channel: Channel| {
        let rendered = set
            .render("en", PartSet::of(&channel), &Context::sample("en"))
            .unwrap();
        (
            rendered.subject.is_some(),
            rendered.text,
            rendered.html.is_some(),
        )
    };
    assert_eq!(made(Channel::Email), (true, "Text".to_owned(), true));
    assert_eq!(made(Channel::Sms), (false, "Short".to_owned(), false));
    assert_eq!(made(Channel::Whatsapp), (false, "Short".to_owned(), false));
    assert_eq!(made(Channel::Letter), (true, "Text".to_owned(), false));
    assert_eq!(made(Channel::Phone), (false, "Text".to_owned(), false));
}

#[test]
fn publishing_reports_every_fault() {
    let mut bad = parts("{{ customer.nmae }}");
    bad.subject = "{{ nobody }}".to_owned();
    bad.html = Some("{{ balance.x }}".to_owned());
    let set = TemplateSet::new(
        "late",
        vec![template("en", bad.clone()), template("de", bad)],
    )
    .unwrap();
    assert_eq!(set.check(Context::sample).len(), 6);
    let mut broken = parts("{% if %}");
    broken.subject = "www.x.example".to_owned();
    let twice = vec![
        template("en", broken),
        template("en", parts("x")),
        template("Deutsch", parts("x")),
    ];
    assert_eq!(TemplateSet::new("late", twice).unwrap_err().len(), 4);
}

#[test]
fn the_sample_renders_a_template_that_uses_everything() {
    let text = "{{ tenant.name }}, {{ today }}\n\
        {% for item in items %}\n{{ item.reference }} {{ item.due_on }} {{ item.amount }} {{ item.days_overdue }}\n{% endfor %}\n\
        {% for fee in fees %}\n{{ fee.kind }} {{ fee.amount }} {{ fee.item }}\n{% endfor %}\n\
        {% if offer %}\n{% for plan in offer.plans %}\n{{ plan.number }}. {{ plan.total }}{% if plan.waives_fees %} *{% endif %}\n\n\
        {% for part in plan.instalments %}\n- {{ part.due_on }} {{ part.amount }}\n{% endfor %}\n{% endfor %}\n{% endif %}\n\
        {{ vars.anything }}";
    let all = vec![template("pt-BR", parts(text))];
    let set = TemplateSet::new("late", all).unwrap();
    assert_eq!(set.check(Context::sample), []);
    let letter = set
        .render("pt-BR", PartSet::Letter, &Context::sample("pt-BR"))
        .unwrap();
    assert_eq!(letter.subject.unwrap(), "About R$ 1.234,50");
    assert_eq!(
        letter.text,
        "Example & Sons, 12/03/2026\n\
        INV-1001 02/03/2026 R$ 1.234,50 10\nINV-1002 02/04/2026 R$ 765,50 0\n\
        late-fee R$ 5,00 INV-1001\n\
        1. R$ 1.234,50 *\n- 20/03/2026 R$ 1.234,50\n\
        2. R$ 1.234,50\n- 20/03/2026 R$ 411,50\n- 20/04/2026 R$ 411,50\n- 20/05/2026 R$ 411,50\n\
        [anything]"
    );
}

#[test]
fn inline_text_has_placeholders_and_nothing_else() {
    let good = "Dear {{ customer.name }}, {{balance.overdue}} { is due }.";
    assert_eq!(check_inline("en", "Hello", good), Ok(()));
    for bad in [
        "{% if x %}",
        "{{ 'x' * 9 }}",
        "{{ customer.name|upper }}",
        "{# c #}",
        "{{ open",
        "{{ range(9) }}",
    ] {
        let error = check_inline("en", "Hello", &format!("Line\n{bad}")).unwrap_err();
        assert!(
            matches!(error.fault, Fault::NotAPlaceholder { .. }),
            "{bad}: {error}"
        );
        assert_eq!((error.line, error.part), (Some(2), Some(Part::Text)));
    }
    assert!(check_inline("en", "www.x.example", "x").is_err());
    let sms = render_inline(
        "en",
        "Hello",
        "{{ balance.overdue }}",
        PartSet::Message,
        &Context::sample("en"),
    );
    assert_eq!(
        sms.unwrap(),
        Rendered {
            subject: None,
            text: "USD 1,234.50".to_owned(),
            html: None
        }
    );
}

#[test]
fn yaml_of_another_shape_is_refused_with_its_line() {
    let error = Template::from_yaml("late", "en", "subject: x\ntext: y\nbody: z\n")
        .unwrap_err()
        .to_string();
    assert!(
        error.starts_with("template `late` (en), line 3: "),
        "{error}"
    );
    assert!(error.contains("body"), "{error}");
    let error = Template::from_yaml("late", "en", "subject: x\n")
        .unwrap_err()
        .to_string();
    assert!(error.contains("text"), "{error}");
}
