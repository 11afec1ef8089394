//! What a stage says of itself, checked.

use regua_domain::contract::{ActionKind, Manifest, is_name};

use crate::check::text::{has_control, is_dotted_name};
use crate::told;

const SUMMARY_CHARS_MAX: usize = 200;
const OUTCOMES_MAX: usize = 32;
const LISTENS_MAX: usize = 64;
const SCHEMA_BYTES_MAX: usize = 64 << 10;

/// Outcomes that the host itself gives; a stage cannot mean something else by them.
const HOST_OUTCOMES: [&str; 2] = ["paid", "skipped"];

/// Everything in a manifest that breaks a bound of the contract.
pub(crate) fn problems(manifest: &Manifest) -> Vec<String> {
    let mut problems = Vec::new();
    let mut say = |ok: bool, text: &dyn Fn() -> String| {
        if !ok {
            problems.push(text());
        }
    };
    let Manifest {
        name,
        version,
        summary,
        config_schema,
        outcomes,
        proposes,
        listens,
        ..
    } = manifest;
    say(is_name(name, 64), &|| {
        format!(
            "name: `{}` is not 1 to 64 characters of a-z, 0-9 and -",
            told::name(name)
        )
    });
    say(is_semver(version), &|| {
        format!(
            "version: `{}` is not a semantic version such as 1.0.0",
            told::name(version)
        )
    });
    say(summary.chars().count() <= SUMMARY_CHARS_MAX, &|| {
        format!("summary: longer than {SUMMARY_CHARS_MAX} characters")
    });
    say(!has_control(summary), &|| {
        "summary: has a line break or another control character".to_owned()
    });
    say(config_schema.len() <= SCHEMA_BYTES_MAX, &|| {
        format!(
            "config-schema: {} bytes where {SCHEMA_BYTES_MAX} are allowed",
            config_schema.len()
        )
    });
    match serde_json::from_str::<serde_json::Value>(config_schema) {
        Ok(schema) => say(schema.is_object(), &|| {
            "config-schema: not a JSON object".to_owned()
        }),
        Err(error) => say(false, &|| format!("config-schema: not JSON: {error}")),
    }
    say((1..=OUTCOMES_MAX).contains(&outcomes.len()), &|| {
        format!(
            "outcomes: {} where 1 to {OUTCOMES_MAX} are allowed",
            outcomes.len()
        )
    });
    // Beyond the bounds nothing is looked at: comparing each with each of a hundred
    // thousand names would keep the host busy for seconds.
    for (at, outcome) in outcomes.iter().enumerate().take(OUTCOMES_MAX) {
        say(is_name(outcome, 64), &|| {
            format!(
                "outcomes[{at}]: `{}` is not 1 to 64 characters of a-z, 0-9 and -",
                told::name(outcome)
            )
        });
        say(!HOST_OUTCOMES.contains(&outcome.as_str()), &|| {
            format!("outcomes[{at}]: `{outcome}` is the host's own")
        });
        say(!outcomes[..at].contains(outcome), &|| {
            format!("outcomes[{at}]: `{}` is named twice", told::name(outcome))
        });
    }
    for (at, kind) in proposes.iter().enumerate().take(ActionKind::ALL.len() + 1) {
        say(!proposes[..at].contains(kind), &|| {
            format!("proposes[{at}]: `{}` is named twice", kind.name())
        });
    }
    say(listens.len() <= LISTENS_MAX, &|| {
        format!("listens: {} where {LISTENS_MAX} are allowed", listens.len())
    });
    for (at, kind) in listens.iter().enumerate().take(LISTENS_MAX) {
        say(is_dotted_name(kind, 64), &|| {
            format!(
                "listens[{at}]: `{}` is not an event kind: 1 to 64 characters of a-z, 0-9, - and .",
                told::name(kind)
            )
        });
        say(!listens[..at].contains(kind), &|| {
            format!("listens[{at}]: `{}` is named twice", told::name(kind))
        });
    }
    problems
}

/// What stands in for a manifest until the stage has given one.
pub(crate) const fn none() -> Manifest {
    Manifest {
        name: String::new(),
        version: String::new(),
        summary: String::new(),
        config_schema: String::new(),
        outcomes: Vec::new(),
        proposes: Vec::new(),
        listens: Vec::new(),
        memory_version: 0,
    }
}

/// Whether a text is a semantic version, by the grammar of <https://semver.org>.
fn is_semver(text: &str) -> bool {
    let (rest, build) = text
        .split_once('+')
        .map_or((text, None), |(rest, build)| (rest, Some(build)));
    let (core, pre) = rest
        .split_once('-')
        .map_or((rest, None), |(core, pre)| (core, Some(pre)));
    let number = |part: &str| {
        (1..=10).contains(&part.len())
            && part.bytes().all(|byte| byte.is_ascii_digit())
            && (part == "0" || !part.starts_with('0'))
    };
    let identifier = |part: &str| {
        !part.is_empty()
            && part
                .bytes()
                .all(|byte| byte.is_ascii_alphanumeric() || byte == b'-')
    };
    let numeric_sound =
        |part: &str| !part.bytes().all(|byte| byte.is_ascii_digit()) || number(part);
    text.len() <= 64
        && core.split('.').count() == 3
        && core.split('.').all(number)
        && pre.is_none_or(|pre| {
            pre.split('.')
                .all(|part| identifier(part) && numeric_sound(part))
        })
        && build.is_none_or(|build| build.split('.').all(identifier))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn good() -> Manifest {
        Manifest {
            name: "first-day-late-email".to_owned(),
            version: "1.0.0".to_owned(),
            summary: "Reminds on the first day".to_owned(),
            config_schema: r#"{"type":"object"}"#.to_owned(),
            outcomes: vec!["sent".to_owned(), "unreachable".to_owned()],
            proposes: vec![ActionKind::SendMessage],
            listens: vec!["payment.received".to_owned()],
            memory_version: 0,
        }
    }

    #[test]
    fn a_good_manifest_has_no_problems() {
        assert_eq!(problems(&good()), Vec::<String>::new());
    }

    #[test]
    fn every_bound_is_told_with_its_place() {
        let bad = Manifest {
            name: "First Day".to_owned(),
            version: "1.0".to_owned(),
            summary: "two\nlines".to_owned(),
            config_schema: "[]".to_owned(),
            outcomes: vec![
                "sent".to_owned(),
                "sent".to_owned(),
                "paid".to_owned(),
                String::new(),
            ],
            proposes: vec![ActionKind::Hold, ActionKind::Hold],
            listens: vec!["Payment".to_owned()],
            memory_version: 0,
        };
        assert_eq!(
            problems(&bad),
            [
                "name: `First Day` is not 1 to 64 characters of a-z, 0-9 and -",
                "version: `1.0` is not a semantic version such as 1.0.0",
                "summary: has a line break or another control character",
                "config-schema: not a JSON object",
                "outcomes[1]: `sent` is named twice",
                "outcomes[2]: `paid` is the host's own",
                "outcomes[3]: `` is not 1 to 64 characters of a-z, 0-9 and -",
                "proposes[1]: `hold` is named twice",
                "listens[0]: `Payment` is not an event kind: 1 to 64 characters of a-z, 0-9, - and .",
            ]
        );
    }

    #[test]
    fn versions_follow_semver() {
        for good in ["0.1.0", "1.0.0-rc.1", "1.0.0+build.01", "10.20.30"] {
            assert!(is_semver(good), "{good}");
        }
        for bad in [
            "", "1", "1.0", "01.0.0", "1.0.0-", "1.0.0-01", "v1.0.0", "1.0.0.0",
        ] {
            assert!(!is_semver(bad), "{bad}");
        }
    }
}
