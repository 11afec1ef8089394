//! A letter as the bytes of an e-mail.

use std::str::FromStr as _;
use std::time::{Duration, UNIX_EPOCH};

use lettre::message::header::{ContentType, HeaderName, HeaderValue};
use lettre::message::{Mailbox, Message, MultiPart, SinglePart};
use lettre::{Address, address::Envelope};
use regua_domain::time::Timestamp;
use sha2::{Digest as _, Sha256};

/// The longest value of a header that a person writes, characters.
const VALUE_CHARS_MAX: usize = 400;

/// Somebody with an address.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Party<'a> {
    /// As they are shown; may be empty.
    pub name: &'a str,
    /// The address.
    pub address: &'a str,
}

/// An e-mail to a debtor.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Mail<'a> {
    /// The effect's key: `Message-ID: <key@domain>`, the same at each try.
    pub key: &'a str,
    /// The tenant's verified sender.
    pub from: Party<'a>,
    /// Where answers go, if not to the sender.
    pub reply_to: Option<&'a str>,
    /// The debtor.
    pub to: Party<'a>,
    /// One line.
    pub subject: &'a str,
    /// Plain text.
    pub text: &'a str,
    /// The same as HTML.
    pub html: Option<&'a str>,
    /// BCP 47.
    pub locale: &'a str,
    /// An https address that takes a one-click unsubscription by POST (RFC 8058). None for
    /// confirmations, which cannot be unsubscribed from. Mail services honour it where the
    /// relay signs these headers (DKIM).
    pub unsubscribe: Option<&'a str>,
}

/// Why an e-mail cannot be written. It names the part, and never repeats it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum MailFault {
    /// A line break or another control character where there is one line.
    #[error("the {0} has a line break or another control character in it")]
    Control(&'static str),
    /// Too long.
    #[error("the {0} is longer than 400 characters")]
    TooLong(&'static str),
    /// No address that mail can be sent to.
    #[error("the {0} is not an e-mail address that can be written to")]
    Address(&'static str),
    /// Characters that a message's name cannot have.
    #[error("the key has characters other than letters, digits, `.`, `_` and `-`")]
    Key,
    /// Not a language tag.
    #[error("the locale is not a language tag")]
    Locale,
    /// Not an https address.
    #[error("the address to unsubscribe at is not an https address")]
    Unsubscribe,
    /// The instant is beyond the calendar.
    #[error("the instant cannot be written as a date")]
    Date,
    /// The message cannot be built, for a reason that was not foreseen.
    #[error("the message cannot be built")]
    Unbuildable,
}

/// Ready to be sent.
#[derive(Debug, Clone)]
pub struct Written {
    /// Who to whom.
    pub envelope: Envelope,
    /// ASCII, lines ended by CR LF.
    pub bytes: Vec<u8>,
}

impl Mail<'_> {
    /// Writes it, dated `now`. The same mail at the same instant is the same bytes.
    pub fn write(&self, now: Timestamp) -> Result<Written, MailFault> {
        let from = mailbox(self.from, "sender's name", "sender's address")?;
        let to = mailbox(self.to, "recipient's name", "recipient's address")?;
        let subject = value(self.subject, "subject")?;
        let since = u64::try_from(now.0).map_err(|_| MailFault::Date)?;
        let date = UNIX_EPOCH.checked_add(Duration::from_millis(since));
        if now >= YEAR_9999 {
            return Err(MailFault::Date);
        }
        let id = format!("<{}@{}>", key(self.key)?, from.email.domain());
        let mut builder = Message::builder()
            .message_id(Some(id))
            .date(date.ok_or(MailFault::Date)?)
            .from(from)
            .to(to)
            .subject(subject)
            .raw_header(header("Content-Language", locale(self.locale)?))
            // RFC 3834: other machines do not answer it.
            .raw_header(header("Auto-Submitted", "auto-generated"));
        if let Some(reply_to) = self.reply_to {
            let nobody = Party {
                name: "",
                address: reply_to,
            };
            let mailbox = mailbox(nobody, "", "address for answers")?;
            builder = builder.reply_to(mailbox);
        }
        if let Some(url) = self.unsubscribe {
            let url = format!("<{}>", unsubscribe(url)?);
            builder = builder
                .raw_header(verbatim("List-Unsubscribe", &url))
                .raw_header(verbatim(
                    "List-Unsubscribe-Post",
                    "List-Unsubscribe=One-Click",
                ));
        }
        let text = part(ContentType::TEXT_PLAIN, self.text);
        let built = match self.html {
            None => builder.singlepart(text),
            Some(html) => builder.multipart(
                MultiPart::alternative()
                    .boundary(boundary(self.key))
                    .singlepart(text)
                    .singlepart(part(ContentType::TEXT_HTML, html)),
            ),
        };
        let message = built.map_err(|_| MailFault::Unbuildable)?;
        Ok(Written {
            envelope: message.envelope().clone(),
            bytes: message.formatted(),
        })
    }
}

/// 9999-01-01: dates of mail have four digits for the year.
const YEAR_9999: Timestamp = Timestamp(253_370_764_800_000);

fn part(kind: ContentType, text: &str) -> SinglePart {
    SinglePart::builder()
        .content_type(kind)
        .body(text.to_owned())
}

/// Not drawn by chance, and no line of a text: nobody who writes a text knows the key yet.
fn boundary(key: &str) -> String {
    let digest = Sha256::digest(key.as_bytes());
    let hex = digest.iter().take(16).map(|byte| format!("{byte:02x}"));
    format!("={}", hex.collect::<String>())
}

/// What would end a line, or hide in one.
fn breaks(c: char) -> bool {
    c.is_control() || matches!(c, '\u{2028}' | '\u{2029}')
}

fn value<'a>(text: &'a str, field: &'static str) -> Result<&'a str, MailFault> {
    if text.chars().any(breaks) {
        return Err(MailFault::Control(field));
    }
    if text.chars().count() > VALUE_CHARS_MAX {
        return Err(MailFault::TooLong(field));
    }
    Ok(text)
}

fn mailbox(
    party: Party<'_>,
    name: &'static str,
    address: &'static str,
) -> Result<Mailbox, MailFault> {
    let shown = value(party.name, name)?.trim();
    let shown = (!shown.is_empty()).then(|| shown.to_owned());
    let (user, domain) = value(party.address, address)?
        .rsplit_once('@')
        .ok_or(MailFault::Address(address))?;
    // A user beyond ASCII needs SMTPUTF8 from here to the mailbox, and few relays have it; a
    // domain beyond ASCII has a form in ASCII. Quoted users and numbers for domains are valid
    // in theory, and an attack in practice.
    let is_plain = |c: char| c.is_ascii_graphic() && !matches!(c, '"' | '\\' | '<' | '>' | ',');
    let host = url::Host::parse(domain).map_err(|_| MailFault::Address(address))?;
    let url::Host::Domain(domain) = host else {
        return Err(MailFault::Address(address));
    };
    if !user.chars().all(is_plain) || !domain.contains('.') {
        return Err(MailFault::Address(address));
    }
    let email = Address::from_str(&format!("{user}@{domain}"));
    let email = email.map_err(|_| MailFault::Address(address))?;
    Ok(Mailbox::new(shown, email))
}

fn key(text: &str) -> Result<&str, MailFault> {
    let is_plain = |c: char| c.is_ascii_alphanumeric() || matches!(c, '.' | '_' | '-');
    if text.is_empty() || text.len() > VALUE_CHARS_MAX || !text.chars().all(is_plain) {
        return Err(MailFault::Key);
    }
    Ok(text)
}

fn locale(text: &str) -> Result<&str, MailFault> {
    let is_plain = |c: char| c.is_ascii_alphanumeric() || c == '-';
    if text.is_empty() || text.len() > 35 || !text.chars().all(is_plain) {
        return Err(MailFault::Locale);
    }
    Ok(text)
}

fn unsubscribe(text: &str) -> Result<url::Url, MailFault> {
    let url = url::Url::parse(value(text, "address to unsubscribe at")?);
    let url = url.map_err(|_| MailFault::Unsubscribe)?;
    let is_fit = url.scheme() == "https" && url.as_str().len() <= VALUE_CHARS_MAX;
    // The reader of addresses escapes these, but for where it leaves them as they are.
    let is_whole = !url.as_str().contains(['<', '>', ' ']);
    if is_fit && is_whole {
        Ok(url)
    } else {
        Err(MailFault::Unsubscribe)
    }
}

fn name(text: &'static str) -> HeaderName {
    HeaderName::new_from_ascii_str(text)
}

fn header(field: &'static str, text: &str) -> HeaderValue {
    HeaderValue::new(name(field), text.to_owned())
}

/// As it stands, neither folded nor encoded: for values that were checked to be ASCII.
fn verbatim(field: &'static str, text: &str) -> HeaderValue {
    HeaderValue::dangerous_new_pre_encoded(name(field), text.to_owned(), text.to_owned())
}
