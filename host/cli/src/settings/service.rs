//! Settings of `regua serve`: from the environment and the file alone, for a service is
//! configured, not typed.

use super::{Doc, Layers, Setting};
use crate::exit::Usage;

/// A setting without a flag.
const fn doc(key: &'static str, variable: &'static str, text: &'static str) -> Doc {
    Doc {
        key,
        variable,
        flag: "",
        text,
    }
}

/// What a service is configured by.
pub(super) const DOCS: [Doc; 15] = [
    doc(
        "listen",
        "REGUA_LISTEN",
        "Of `regua serve`: the address and port it listens on, without TLS: put a proxy in front \
         of it. Default: 127.0.0.1:8080",
    ),
    doc(
        "public-url",
        "REGUA_PUBLIC_URL",
        "Of `regua serve`: where it is reached from outside, https://…; links to unsubscribe lead \
         there. Default: none, and no e-mail has such a link",
    ),
    doc(
        "secret-keys",
        "REGUA_SECRET_KEYS",
        "Keys that secrets are sealed with, `<number>:<base64 of 32 bytes>` separated by spaces; \
         the first seals, all of them open. Make one with `openssl rand -base64 32`. Default: \
         none, and no webhook endpoint can be made",
    ),
    doc(
        "smtp-host",
        "REGUA_SMTP_HOST",
        "The mail relay. Default: none, and no e-mail leaves",
    ),
    doc(
        "smtp-port",
        "REGUA_SMTP_PORT",
        "The relay's port. Default: 587",
    ),
    doc(
        "smtp-encryption",
        "REGUA_SMTP_ENCRYPTION",
        "starttls, implicit, or none (to this machine, or to a host that outgoing-exceptions \
         names). Default: starttls",
    ),
    doc(
        "smtp-user",
        "REGUA_SMTP_USER",
        "Who logs in at the relay. Default: nobody",
    ),
    doc(
        "smtp-password",
        "REGUA_SMTP_PASSWORD",
        "With which password. Default: none",
    ),
    doc(
        "smtp-hello",
        "REGUA_SMTP_HELLO",
        "The fully qualified name that this host gives itself. Default: localhost",
    ),
    doc(
        "outgoing-exceptions",
        "REGUA_OUTGOING_EXCEPTIONS",
        "Hosts (host:port) and networks (10.20.0.0/16) of your own that webhooks may reach, \
         separated by spaces. Default: none, and only https to the public network leaves",
    ),
    doc(
        "outgoing-authorities",
        "REGUA_OUTGOING_AUTHORITIES",
        "A PEM file of certificate authorities that are trusted instead of the machine's. \
         Default: none",
    ),
    doc(
        "calls-per-second",
        "REGUA_CALLS_PER_SECOND",
        "Calls a second that one API key may make of a node. Default: 2000",
    ),
    doc(
        "plugin-log-days",
        "REGUA_PLUGIN_LOG_DAYS",
        "Days that lines of plugins' logs are kept. Default: 30",
    ),
    doc(
        "log-format",
        "REGUA_LOG_FORMAT",
        "text or json. Default: text",
    ),
    doc(
        "otlp-endpoint",
        "REGUA_OTLP_ENDPOINT",
        "Where a collector takes traces by OTLP over HTTP, such as http://127.0.0.1:4318. \
         Default: none, and nothing is traced",
    ),
];

/// What a service is configured with: every setting's value and where it came from, in the
/// order of [`DOCS`].
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Service(Vec<Setting<String>>);

/// Settings that nobody is shown.
const SECRET: [&str; 2] = ["secret-keys", "smtp-password"];

impl Service {
    pub(super) fn gather(layers: &Layers<'_>) -> Self {
        let default = |key| match key {
            "listen" => "127.0.0.1:8080",
            "smtp-port" => "587",
            "smtp-encryption" => "starttls",
            "smtp-hello" => "localhost",
            "calls-per-second" => "2000",
            "plugin-log-days" => "30",
            "log-format" => "text",
            _ => "",
        };
        let pick = |doc: Doc| layers.pick(doc, None, || default(doc.key).to_owned());
        Self(DOCS.into_iter().map(pick).collect())
    }

    /// A setting's value; empty where it is none.
    pub fn text(&self, key: &str) -> &str {
        self.get(key).map_or("", |setting| setting.value.as_str())
    }

    fn get(&self, key: &str) -> Option<&Setting<String>> {
        let at = DOCS.iter().position(|doc| doc.key == key)?;
        self.0.get(at)
    }

    /// A setting read as something; what is wrong with it names where it came from.
    pub fn read<T>(&self, key: &str) -> Result<T, Usage>
    where
        T: std::str::FromStr,
        T::Err: std::fmt::Display,
    {
        let text = self.text(key);
        text.parse().map_err(|error| self.fault(key, error))
    }

    /// What is wrong with a setting.
    pub fn fault(&self, key: &str, error: impl std::fmt::Display) -> Usage {
        let origin = self.get(key).map(|setting| setting.origin.to_string());
        Usage(format!("{key}: {error} ({})", origin.unwrap_or_default()))
    }

    pub(super) fn rows(&self) -> Vec<(Doc, String, &super::Origin)> {
        let shown = |doc: &Doc, setting: &Setting<String>| {
            if SECRET.contains(&doc.key) && !setting.value.is_empty() {
                super::NOT_SHOWN.to_owned()
            } else {
                setting.value.clone()
            }
        };
        DOCS.into_iter()
            .zip(&self.0)
            .map(|(doc, setting)| (doc, shown(&doc, setting), &setting.origin))
            .collect()
    }
}
