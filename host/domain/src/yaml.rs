//! The YAML reader's faults in words for authors; its own are partly for programmers.

use serde_saphyr::Error;

use crate::cut::cut;

/// The longest reason.
const REASON_CHARS_MAX: usize = 300;

/// What is wrong, in one line and without its place.
pub(crate) fn reason(error: &Error) -> String {
    let own = match error.without_snippet() {
        // Where an alias is used, and where its text stands: the reason is within.
        Error::AliasError { error, .. } => return reason(error),
        Error::Budget { .. }
        | Error::AliasReplayLimitExceeded { .. }
        | Error::AliasExpansionLimitExceeded { .. }
        | Error::AliasReplayStackDepthExceeded { .. } => {
            "it is too large or nested too deep, counting what its aliases repeat"
        }
        Error::MultipleDocuments { .. } => "there are several documents where one belongs",
        Error::MergeKeyNotAllowed { .. } => "merge keys (`<<`) are not possible",
        Error::NullIntoString { .. } => "there is nothing where a text belongs",
        Error::NonFiniteFloat { .. } => "a number is not finite",
        Error::InvalidBooleanStrict { .. } => "a boolean is `true` or `false`",
        other => return first_sentence(&other.to_string()),
    };
    own.to_owned()
}

/// Without the place, which is told beside it, and the parser's advice to its programmer.
fn first_sentence(text: &str) -> String {
    let mut fault = text.lines().next().unwrap_or_default();
    for rest in [" at line ", ", set DuplicateKeyPolicy"] {
        fault = fault.split_once(rest).map_or(fault, |(fault, _)| fault);
    }
    cut(fault, REASON_CHARS_MAX).into_owned()
}

#[cfg(test)]
mod tests {
    use serde_json::Value;

    use crate::workflow::check::{Form, read};

    #[test]
    fn faults_are_told_in_words_for_authors() {
        let doubling: Vec<String> = (1..30)
            .map(|n| format!("- &a{n} [*a{0}, *a{0}]\n", n - 1))
            .collect();
        for (text, told) in [
            (
                format!("- &a0 x\n{}", doubling.concat()),
                "it is too large or nested too deep, counting what its aliases repeat",
            ),
            ("a: .inf".to_owned(), "a number is not finite"),
            (
                "a: 1\n---\nb: 2".to_owned(),
                "there are several documents where one belongs",
            ),
            (
                "? ~\n: 1".to_owned(),
                "there is nothing where a text belongs",
            ),
        ] {
            let faults = read(&text, Form::Yaml).map(|_: Value| ()).unwrap_err();
            assert_eq!(faults[0].text, format!("not YAML: {told}"), "{text}");
            assert!(faults[0].line.is_some(), "{text}");
        }
    }
}
