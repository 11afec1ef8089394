//! Templates that a stage comes with.

/// Panics unless the sources of a template, one a language, say the same and are sound: the
/// same placeholders and blocks in each; a subject, a text and a short text; each of the
/// `needed` placeholders in the whole and in the short text, for a text message has nothing
/// else; and no web address, which comes from placeholders alone.
///
/// ```
/// # use regua_sdk::testkit;
/// let english = "\
/// subject: 'From {{ tenant.name }}'
/// text: |
///   Please pay {{ balance.overdue }}: {{ links.pay }}
/// short: 'Please pay: {{ links.pay }}'
/// ";
/// let portuguese = english.replace("Please pay", "Por favor, pague");
/// testkit::assert_letters("late", &[english, &portuguese], &["links.pay"]);
/// ```
#[track_caller]
pub fn assert_letters(name: &str, sources: &[&str], needed: &[&str]) {
    for source in sources {
        assert_eq!(
            placeholders(source),
            placeholders(sources[0]),
            "{name}: the languages do not say the same"
        );
        for part in ["subject: ", "text: |", "short: "] {
            let has_part = source.lines().any(|line| line.starts_with(part));
            assert!(has_part, "{name} lacks {part:?}:\n{source}");
        }
        let short = source.split("\nshort: ").nth(1).unwrap_or_default();
        for placeholder in needed {
            let placeholder = format!("{{{{ {placeholder} }}}}");
            for text in [*source, short] {
                assert!(
                    text.contains(&placeholder),
                    "{name} lacks {placeholder}:\n{text}"
                );
            }
        }
        for address in ["://", "www."] {
            assert!(
                !source.contains(address),
                "{name} has a web address:\n{source}"
            );
        }
    }
}

/// The placeholders and blocks of a source, in the order of the alphabet. One that stands
/// several times counts once: languages differ in how often they name a thing.
fn placeholders(source: &str) -> Vec<&str> {
    let inside = |open: &'static str, close: &'static str| {
        let pieces = source.split(open).skip(1);
        pieces
            .filter_map(move |rest| rest.split(close).next())
            .map(|inner| inner.trim_matches(['-', ' ']))
    };
    let mut found: Vec<_> = inside("{{", "}}").chain(inside("{%", "%}")).collect();
    found.sort_unstable();
    found.dedup();
    found
}
