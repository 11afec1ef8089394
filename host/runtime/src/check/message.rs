//! The bounds of what a debtor reads.

use regua_domain::contract::{Channel, Content, Message, is_name};
use regua_domain::template::{typed_address, web_address};

use super::action::{SUBJECT_CHARS_MAX, reference};
use super::findings::Findings;
use super::text::is_variable_name;

const VARIABLES_MAX: usize = 16;
const VARIABLE_BYTES_MAX: usize = 1 << 10;
const BODY_BYTES_MAX: usize = 8 << 10;

/// Looks at one message.
pub(super) fn check_message(message: &Message, found: &mut Findings<'_>) {
    if let Channel::Other(name) = &message.channel {
        let ambiguous = ["email", "sms", "whatsapp", "letter", "phone"].contains(&name.as_str());
        found.unless(is_name(name, 32) && !ambiguous, || {
            ("channel".to_owned(), format!("{name:?} is not the name of another channel: 1 to 32 characters of a-z, 0-9 and -"))
        });
    }
    match &message.content {
        Content::Template(name) => reference("template", name, found),
        Content::Inline { subject, body } => {
            found.line("subject", subject, SUBJECT_CHARS_MAX);
            found.bytes("body", body, BODY_BYTES_MAX);
            for (field, text) in [("subject", subject), ("body", body)] {
                found.unless(typed_address(text).is_none(), || {
                    (
                        field.to_owned(),
                        "has a web address; links come from placeholders".to_owned(),
                    )
                });
            }
        }
    }
    let variables = &message.variables;
    found.unless(variables.len() <= VARIABLES_MAX, || {
        (
            "variables".to_owned(),
            format!("{} where {VARIABLES_MAX} are allowed", variables.len()),
        )
    });
    for (at, (name, value)) in variables.iter().enumerate().take(VARIABLES_MAX) {
        let mut found = found.within("variables", Some(at));
        found.unless(is_variable_name(name), || {
            (
                "name".to_owned(),
                format!("{name:?} is not a letter and up to 63 characters of a-z, A-Z, 0-9 and _"),
            )
        });
        found.unless(
            !variables[..at].iter().any(|(earlier, _)| earlier == name),
            || ("name".to_owned(), format!("{name:?} is used twice")),
        );
        found.bytes("value", value, VARIABLE_BYTES_MAX);
        found.unless(web_address(value).is_none(), || {
            (
                "value".to_owned(),
                "has a web address; links come from placeholders".to_owned(),
            )
        });
    }
}
