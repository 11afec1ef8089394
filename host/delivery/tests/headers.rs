//! Nobody writes a header by what they are called, where they live or what they say.

#[path = "kit/kit.rs"]
mod kit;
#[path = "kit/post.rs"]
mod post;

use kit::NOW;
use mailparse::{MailHeaderMap as _, parse_mail};
use post::mail;
use proptest::prelude::*;
use regua_delivery::email::{Mail, MailFault, Party};

const BREAKS: [&str; 9] = [
    "\r\n", "\n", "\r", "\0", "\u{b}", "\u{85}", "\u{2028}", "\u{2029}", "\u{7f}",
];

fn fault(mail: &Mail<'_>) -> Option<MailFault> {
    mail.write(NOW).err()
}

#[test]
fn a_line_break_in_any_header_is_refused() {
    for line_break in BREAKS {
        let evil = format!("x{line_break}Bcc: everybody@example.org");
        let of = |mail: Mail<'_>| fault(&mail).map(|fault| fault.to_string());
        let evil = evil.as_str();
        let (name, address) = (
            Party {
                name: evil,
                address: "a@example.org",
            },
            Party {
                name: "",
                address: evil,
            },
        );
        for refused in [
            of(Mail {
                subject: evil,
                ..mail()
            }),
            of(Mail {
                from: name,
                ..mail()
            }),
            of(Mail { to: name, ..mail() }),
            of(Mail {
                from: address,
                ..mail()
            }),
            of(Mail {
                to: address,
                ..mail()
            }),
            of(Mail {
                reply_to: Some(evil),
                ..mail()
            }),
            of(Mail {
                key: evil,
                ..mail()
            }),
            of(Mail {
                locale: evil,
                ..mail()
            }),
            of(Mail {
                unsubscribe: Some(evil),
                ..mail()
            }),
        ] {
            let refused = refused.unwrap_or_else(|| panic!("{evil:?} was written"));
            assert!(!refused.contains("Bcc"), "{refused}");
        }
    }
}

#[test]
fn what_a_name_says_stays_within_the_name() {
    for name in [
        "Maria <boss@example.com>",
        "a@b.example, c@d.example",
        "\"quoted\" \\ (comment)",
        "=?utf-8?q?x?=",
        ";:[]",
        "Ünï çode 日本語 🧾",
    ] {
        let party = Party {
            name,
            address: "maria@example.org",
        };
        let written = Mail {
            to: party,
            ..mail()
        }
        .write(NOW)
        .unwrap();
        let to: Vec<_> = written
            .envelope
            .to()
            .iter()
            .map(ToString::to_string)
            .collect();
        assert_eq!(to, ["maria@example.org"], "{name}");
        let parsed = parse_mail(&written.bytes).unwrap();
        let header = parsed.headers.get_first_header("To").unwrap();
        let parsed = mailparse::addrparse_header(header).unwrap();
        let single = parsed
            .extract_single_info()
            .unwrap_or_else(|| panic!("{name}"));
        assert_eq!(single.addr, "maria@example.org", "{name}");
    }
}

#[test]
fn what_is_no_address_is_refused_by_the_name_of_its_place() {
    for address in [
        "",
        "maria",
        "@example.org",
        "maria@",
        "maria@localhost",
        "maria@127.0.0.1",
        "maria@[127.0.0.1]",
        "maria@[::1]",
        "mar ia@example.org",
        "\"a b\"@example.org",
        "maria@example.org> SIZE=1",
        "<maria@example.org>",
        "a@example.org,b@example.org",
        "Maria <maria@example.org>",
        "maría@example.org",
        "maria@exa mple.org",
        "a..b@example.org",
    ] {
        let party = Party { name: "", address };
        let refused = fault(&Mail {
            to: party,
            ..mail()
        });
        assert_eq!(
            refused,
            Some(MailFault::Address("recipient's address")),
            "{address}"
        );
    }
}

#[test]
fn what_else_cannot_be_written_is_named() {
    let with = |url| {
        fault(&Mail {
            unsubscribe: Some(url),
            ..mail()
        })
    };
    assert_eq!(
        with("http://regua.example.com/x"),
        Some(MailFault::Unsubscribe)
    );
    assert_eq!(with("mailto:x@example.com"), Some(MailFault::Unsubscribe));
    assert_eq!(
        with("https://regua.example.com/>,<https://evil.example/"),
        None
    );
    assert_eq!(fault(&Mail { key: "", ..mail() }), Some(MailFault::Key));
    assert_eq!(
        fault(&Mail {
            key: "a@b",
            ..mail()
        }),
        Some(MailFault::Key)
    );
    assert_eq!(
        fault(&Mail {
            locale: "pt BR",
            ..mail()
        }),
        Some(MailFault::Locale)
    );
    let long = "x".repeat(401);
    let refused = fault(&Mail {
        subject: &long,
        ..mail()
    });
    assert_eq!(refused, Some(MailFault::TooLong("subject")));
    let never = mail().write(regua_domain::time::Timestamp::NEVER);
    assert_eq!(never.err(), Some(MailFault::Date));
}

#[test]
fn angle_brackets_in_an_address_to_unsubscribe_at_are_escaped() {
    let url = "https://regua.example.com/a>,<https://evil.example/";
    let written = Mail {
        unsubscribe: Some(url),
        ..mail()
    }
    .write(NOW)
    .unwrap();
    let parsed = parse_mail(&written.bytes).unwrap();
    let value = parsed.headers.get_first_value("List-Unsubscribe").unwrap();
    assert_eq!(value.matches('<').count(), 1, "{value}");
    assert_eq!(value.matches('>').count(), 1, "{value}");
}

/// What a message has, in their order.
const NAMES: [&str; 12] = [
    "Message-ID",
    "Date",
    "From",
    "To",
    "Subject",
    "Content-Language",
    "Auto-Submitted",
    "Reply-To",
    "List-Unsubscribe",
    "List-Unsubscribe-Post",
    "MIME-Version",
    "Content-Type",
];

/// Any text: now and then with control characters, which are refused.
fn mostly_plain() -> impl Strategy<Value = String> {
    prop_oneof![9 => "\\PC{0,100}", 1 => "(?s).{0,100}"]
}

proptest! {
    #[test]
    fn whatever_is_said_no_header_comes_of_it(
        subject in mostly_plain(),
        name in mostly_plain(),
        user in "[!-~]{1,20}|[a-z.]{1,20}",
        text in "(?s).{0,300}",
    ) {
        let address = format!("{user}@example.org");
        let hostile = Mail {
            subject: &subject,
            from: Party { name: &name, ..mail().from },
            to: Party { name: &name, address: &address },
            text: &text,
            html: Some(&text),
            ..mail()
        };
        let Ok(written) = hostile.write(NOW) else {
            return Ok(());
        };
        prop_assert!(written.bytes.is_ascii());
        let parsed = parse_mail(&written.bytes).unwrap();
        let names: Vec<_> = parsed.headers.iter().map(mailparse::MailHeader::get_key).collect();
        prop_assert_eq!(names, NAMES);
        prop_assert_eq!(written.envelope.to().len(), 1);
        prop_assert_eq!(written.envelope.to()[0].to_string(), address);
        prop_assert_eq!(parsed.subparts.len(), 2);
        let body = parsed.subparts[0].get_body().unwrap();
        // The parser takes a byte order mark at a text's begin for one.
        let bare = |text: &str| text.replace('\u{feff}', "").split_whitespace().collect::<String>();
        prop_assert_eq!(bare(&body), bare(&text));
    }
}
