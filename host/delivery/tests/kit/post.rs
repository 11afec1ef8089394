//! A mail, and who carries it.
#![allow(dead_code, reason = "each suite uses a part of it")]

use std::sync::LazyLock;

use regua_delivery::attempt::{Next, Trying};
use regua_delivery::email::{Encryption, Mail, Mailer, Party, Relay};
use regua_delivery::network::Exceptions;
use regua_delivery::schedule::Schedule;
use regua_delivery::tls::Authorities;
use regua_test_receivers::identity::Identity;
use regua_test_receivers::smtp;
use zeroize::Zeroizing;

use super::kit::NOW;

/// Longer than a line of a header.
pub const UNSUBSCRIBE: &str = "https://regua.example.com/unsubscribe/AQEAAAAAAAAAAAAAAAAAAAAHAAAAAAAAAAAAAAAAAAAACWVtYWlsAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA";

/// An ordinary one, in Portuguese.
pub fn mail() -> Mail<'static> {
    Mail {
        key: "case_07.3.0",
        from: Party {
            name: "Padaria São João",
            address: "cobranca@mail.example.com",
        },
        reply_to: Some("gente@example.com"),
        to: Party {
            name: "Maria da Silva",
            address: "maria@example.org",
        },
        subject: "Sua fatura está vencida há 10 dias: R$ 1.234,50",
        text: "Olá Maria,\n\nsua fatura venceu.\n--\nPadaria",
        html: Some("<p>Olá <b>Maria</b>,</p>\n<p>sua fatura venceu.</p>"),
        locale: "pt-BR",
        unsubscribe: Some(UNSUBSCRIBE),
    }
}

/// The try after so many that failed.
pub fn trying(failed: u32) -> Trying<'static> {
    static STEPS: LazyLock<Schedule> = LazyLock::new(Schedule::of_email);
    Trying {
        failed,
        schedule: &STEPS,
        now: NOW,
        chance: 0,
    }
}

/// What follows a delay after so many that failed.
pub fn later(failed: u32) -> Next {
    let at = Schedule::of_email().next(failed + 1, None, NOW, 0);
    Next::Again {
        not_before: at.unwrap(),
    }
}

/// A relay as an operator configures it.
pub fn relay(host: &str, port: u16, encryption: Encryption) -> Relay {
    Relay {
        host: host.to_owned(),
        port,
        encryption,
        login: None,
        hello: "regua.example.com".to_owned(),
        timeout_ms: 10_000,
        connections_max: 2,
    }
}

/// Unencrypted, on loopback.
pub fn mailer(receiver: &smtp::Relay) -> Mailer {
    let relay = relay("127.0.0.1", receiver.port(), Encryption::None);
    let authorities = Authorities::of_the_machine();
    Mailer::new(relay, &Exceptions::none(), &authorities).unwrap()
}

/// One that waits for nobody.
pub fn impatient(receiver: &smtp::Relay) -> Mailer {
    let relay = Relay {
        timeout_ms: 300,
        ..relay("127.0.0.1", receiver.port(), Encryption::None)
    };
    let authorities = Authorities::of_the_machine();
    Mailer::new(relay, &Exceptions::none(), &authorities).unwrap()
}

/// Encrypted, with a password, trusting an authority.
pub fn mailer_with(
    receiver: &smtp::Relay,
    encryption: Encryption,
    password: &str,
    trusted: &Identity,
) -> Mailer {
    let password = Zeroizing::new(password.to_owned());
    let relay = Relay {
        login: Some(("regua".to_owned(), password)),
        ..relay("localhost", receiver.port(), encryption)
    };
    let authorities = Authorities::read(trusted.ca_pem().as_bytes()).unwrap();
    Mailer::new(relay, &Exceptions::none(), &authorities).unwrap()
}
