//! E-mail through real relays: what arrives, and what a refusal means.

#[path = "kit/kit.rs"]
mod kit;
#[path = "kit/post.rs"]
mod post;

use std::time::Duration;

use kit::NOW;
use mailparse::{MailHeaderMap as _, ParsedMail, parse_mail};
use post::{UNSUBSCRIBE, impatient, later, mail, mailer, trying};
use regua_delivery::attempt::Next;
use regua_delivery::email::{Encryption, Mail, Party, RelayError, Whose};
use regua_delivery::network::Exceptions;
use regua_delivery::tls::Authorities;
use regua_test_receivers::identity::Identity;
use regua_test_receivers::smtp::{self, Relay, Reply, Setup, Stage};

async fn arrive(mail: &Mail<'_>) -> smtp::Mail {
    let relay = Relay::start();
    let attempt = mailer(&relay).deliver(mail, trying(0)).await;
    assert_eq!(attempt.next, Next::Done, "{attempt:?}");
    let mut accepted = relay.accepted();
    assert_eq!(accepted.len(), 1);
    accepted.remove(0)
}

fn header(parsed: &ParsedMail<'_>, name: &str) -> String {
    let all = parsed.headers.get_all_values(name);
    assert!(all.len() < 2, "{name} twice: {all:?}");
    all.into_iter().next().unwrap_or_default()
}

#[tokio::test]
async fn what_was_written_is_what_arrives() {
    let arrived = arrive(&mail()).await;
    assert_eq!(arrived.from, "cobranca@mail.example.com");
    assert_eq!(arrived.to, ["maria@example.org"]);
    assert!(arrived.data.is_ascii());
    let longest = arrived.data.split(|byte| *byte == b'\n').map(<[u8]>::len);
    assert!(longest.max() <= Some(998));
    let parsed = parse_mail(&arrived.data).unwrap();
    for (name, expected) in [
        ("Message-ID", "<case_07.3.0@mail.example.com>"),
        ("Date", "Mon, 02 Mar 2026 12:00:00 +0000"),
        ("From", "Padaria São João <cobranca@mail.example.com>"),
        ("Reply-To", "gente@example.com"),
        ("To", "Maria da Silva <maria@example.org>"),
        ("Subject", "Sua fatura está vencida há 10 dias: R$ 1.234,50"),
        ("Content-Language", "pt-BR"),
        ("Auto-Submitted", "auto-generated"),
        ("List-Unsubscribe", &format!("<{UNSUBSCRIBE}>")),
        ("List-Unsubscribe-Post", "List-Unsubscribe=One-Click"),
    ] {
        assert_eq!(header(&parsed, name).replace('"', ""), expected, "{name}");
    }
    assert_eq!(parsed.ctype.mimetype, "multipart/alternative");
    let [text, html] = parsed.subparts.as_slice() else {
        panic!("two parts")
    };
    assert_eq!(text.ctype.mimetype, "text/plain");
    assert_eq!(text.ctype.charset, "utf-8");
    let lines = |text: String| text.replace("\r\n", "\n").trim_end().to_owned();
    assert_eq!(lines(text.get_body().unwrap()), mail().text);
    assert_eq!(html.ctype.mimetype, "text/html");
    assert_eq!(lines(html.get_body().unwrap()), mail().html.unwrap());
}

#[tokio::test]
async fn the_same_mail_is_the_same_bytes_and_a_retry_bears_the_same_name() {
    let (now, later) = (NOW, NOW.plus_ms(3_600_000));
    let [first, again, retried] = [now, now, later].map(|at| mail().write(at).unwrap());
    assert_eq!(first.bytes, again.bytes);
    let id = |bytes: &[u8]| header(&parse_mail(bytes).unwrap(), "Message-ID");
    assert_eq!(id(&first.bytes), id(&retried.bytes));
    assert_ne!(first.bytes, retried.bytes);
}

#[tokio::test]
async fn a_confirmation_without_html_is_one_part_and_cannot_be_unsubscribed_from() {
    let plain = Mail {
        html: None,
        unsubscribe: None,
        reply_to: None,
        ..mail()
    };
    let arrived = arrive(&plain).await;
    let parsed = parse_mail(&arrived.data).unwrap();
    assert_eq!(parsed.ctype.mimetype, "text/plain");
    assert!(parsed.subparts.is_empty());
    for name in ["List-Unsubscribe", "List-Unsubscribe-Post", "Reply-To"] {
        assert_eq!(header(&parsed, name), "", "{name}");
    }
}

#[tokio::test]
async fn lines_that_begin_with_a_dot_and_long_ones_arrive_whole() {
    let long = "ü".repeat(5_000);
    let text = format!(".\n..\n.hidden\n\nfrom the start\n{long}\n");
    let tricky = Mail {
        text: &text,
        html: None,
        ..mail()
    };
    let arrived = arrive(&tricky).await;
    let parsed = parse_mail(&arrived.data).unwrap();
    let body = parsed.get_body().unwrap().replace("\r\n", "\n");
    assert_eq!(body.trim_end(), text.trim_end());
}

#[tokio::test]
async fn an_address_with_letters_of_its_own_is_written_in_ascii() {
    let idn = Mail {
        to: Party {
            name: "",
            address: "maria@exämple.org",
        },
        ..mail()
    };
    assert_eq!(arrive(&idn).await.to, ["maria@xn--exmple-cua.org"]);
}

#[tokio::test]
async fn a_refusal_means_what_the_step_says_where_it_was_said() {
    use Stage::{Data, Greeting, Hello, Message, Recipient, Sender};
    let (operators, theirs) = (Some(Whose::Operators), Some(Whose::Theirs));
    for (stage, line, code, whose) in [
        (Greeting, "554 5.3.2 no service", "refused", operators),
        (Greeting, "421 4.3.2 busy", "refused", operators),
        (Hello, "550 5.7.1 who are you", "refused", operators),
        (
            Sender,
            "550 5.7.1 not your domain",
            "sender-refused",
            operators,
        ),
        (
            Sender,
            "530 authentication required",
            "sender-refused",
            operators,
        ),
        (Sender, "451 4.3.0 later", "deferred", theirs),
        (Sender, "501 5.1.7 bad sender", "refused", None),
        (Sender, "552 5.3.4 too big", "refused", None),
        (Recipient, "450 4.2.0 greylisted", "deferred", theirs),
        (Recipient, "452 4.2.2 full", "deferred", theirs),
        (Recipient, "552 5.2.2 full", "mailbox-full", theirs),
        (Recipient, "554 5.7.1 relay access denied", "policy", theirs),
        (Recipient, "550 5.1.1 no such user", "bounced", None),
        (Recipient, "550 no such user", "bounced", None),
        (Recipient, "550 5.2.1 disabled", "bounced", None),
        (Data, "451 4.3.0 later", "deferred", theirs),
        (Data, "554 5.6.0 no", "refused", None),
        (Message, "451 4.7.1 later", "deferred", theirs),
        (Message, "554 5.7.1 spam", "refused", None),
        (Message, "550 5.6.0 no", "refused", None),
    ] {
        let relay = Relay::set_up(Setup::default(), move |at, _| {
            (at == stage).then(|| Reply::Line(line.to_owned()))
        });
        let attempt = mailer(&relay).deliver(&mail(), trying(0)).await;
        let expected = match (whose, code) {
            (Some(_), _) => later(0),
            (None, "bounced") => Next::Gone,
            (None, _) => Next::Failed,
        };
        assert_eq!(attempt.code, code, "{stage:?} {line}: {attempt:?}");
        assert_eq!(attempt.next, expected, "{stage:?} {line}: {attempt:?}");
        let status: u16 = line[..3].parse().unwrap();
        assert_eq!(
            attempt.status,
            Some(status),
            "{stage:?} {line}: {attempt:?}"
        );
        assert_eq!(attempt.detail, &line[4..], "{stage:?} {line}");
        // Only what is the operator's matter is tried behind the schedule's end.
        let last = mailer(&relay).deliver(&mail(), trying(99)).await;
        let goes_on = matches!(last.next, Next::Again { .. });
        assert_eq!(goes_on, whose == operators, "{stage:?} {line}: {last:?}");
        assert!(relay.accepted().is_empty());
    }
}

#[tokio::test]
async fn an_answer_of_several_lines_is_kept_as_one() {
    let relay = Relay::set_up(Setup::default(), |at, _| {
        let said = "550 5.1.1 no such user\n550 5.1.1 ask\tsomebody";
        (at == Stage::Recipient).then(|| Reply::Line(said.to_owned()))
    });
    let attempt = mailer(&relay).deliver(&mail(), trying(0)).await;
    assert_eq!(attempt.code, "bounced");
    assert!(
        attempt.detail.starts_with("5.1.1 no such user"),
        "{attempt:?}"
    );
    assert!(!attempt.detail.chars().any(char::is_control));
}

#[tokio::test]
async fn a_connection_that_breaks_or_hangs_is_tried_again() {
    for stage in [
        Stage::Greeting,
        Stage::Hello,
        Stage::Sender,
        Stage::Recipient,
        Stage::Data,
        Stage::Message,
    ] {
        let rude = Relay::set_up(Setup::default(), move |at, _| {
            (at == stage).then_some(Reply::HangUp)
        });
        let attempt = mailer(&rude).deliver(&mail(), trying(0)).await;
        assert_eq!(
            (attempt.status, attempt.next),
            (None, later(0)),
            "{stage:?}: {attempt:?}"
        );
        let slow = Relay::set_up(Setup::default(), move |at, _| {
            (at == stage).then_some(Reply::Late(Duration::from_secs(3)))
        });
        let attempt = impatient(&slow).deliver(&mail(), trying(0)).await;
        assert_eq!(attempt.code, "timed-out", "{stage:?}: {attempt:?}");
        assert_eq!(attempt.next, later(0));
    }
    let relay = Relay::start();
    let gone = mailer(&relay);
    drop(relay);
    let attempt = gone.deliver(&mail(), trying(50)).await;
    assert!(matches!(attempt.next, Next::Again { .. }), "{attempt:?}");
}

#[tokio::test]
async fn a_mail_whose_answer_was_lost_comes_again_under_the_same_name() {
    let dir = tempfile::tempdir().unwrap();
    let journal = dir.path().join("accepted");
    let setup = Setup {
        journal: Some(&journal),
        ..Setup::default()
    };
    let mails = std::sync::atomic::AtomicUsize::new(0);
    let relay = Relay::set_up(setup, move |at, _| {
        let is_first =
            at == Stage::Message && mails.fetch_add(1, std::sync::atomic::Ordering::SeqCst) == 0;
        is_first.then_some(Reply::HangUp)
    });
    let mailer = mailer(&relay);
    let first = mailer.deliver(&mail(), trying(0)).await;
    let Next::Again { not_before } = first.next else {
        panic!("{first:?}")
    };
    let again = regua_delivery::attempt::Trying {
        now: not_before,
        ..trying(1)
    };
    assert_eq!(mailer.deliver(&mail(), again).await.next, Next::Done);
    let names: Vec<_> = relay
        .accepted()
        .iter()
        .map(smtp::Mail::message_id)
        .collect();
    let name = "<case_07.3.0@mail.example.com>";
    assert_eq!(names, [name, name]);
    // What a killed process had delivered can be counted by this file.
    let noted = std::fs::read_to_string(&journal).unwrap();
    assert_eq!(noted, format!("{name}\n{name}\n"));
}

#[tokio::test]
async fn one_connection_carries_many_mails_also_after_a_refusal() {
    let relay = Relay::set_up(Setup::default(), |at, said| {
        let is_unknown = at == Stage::Recipient && said.starts_with("nobody");
        is_unknown.then(|| Reply::Line("550 5.1.1 no such user".to_owned()))
    });
    let mailer = mailer(&relay);
    let nobody = Mail {
        to: Party {
            name: "",
            address: "nobody@example.org",
        },
        ..mail()
    };
    for _ in 0..3 {
        assert_eq!(mailer.deliver(&mail(), trying(0)).await.next, Next::Done);
        assert_eq!(mailer.deliver(&nobody, trying(0)).await.next, Next::Gone);
    }
    assert_eq!((relay.accepted().len(), relay.connections()), (3, 1));
}

#[tokio::test]
async fn many_at_once_share_the_connections_there_may_be() {
    let relay = Relay::start();
    let mailer = std::sync::Arc::new(mailer(&relay));
    let sending: Vec<_> = (0..40)
        .map(|_| {
            let mailer = std::sync::Arc::clone(&mailer);
            tokio::spawn(async move { mailer.deliver(&mail(), trying(0)).await.next })
        })
        .collect();
    for sent in sending {
        assert_eq!(sent.await.unwrap(), Next::Done);
    }
    assert_eq!((relay.accepted().len(), relay.connections()), (40, 2));
}

#[tokio::test]
async fn a_relay_that_hung_up_meanwhile_is_called_again() {
    let senders = std::sync::atomic::AtomicUsize::new(0);
    let relay = Relay::set_up(Setup::default(), move |at, _| {
        let is_second =
            at == Stage::Sender && senders.fetch_add(1, std::sync::atomic::Ordering::SeqCst) == 1;
        is_second.then_some(Reply::HangUp)
    });
    let mailer = mailer(&relay);
    for _ in 0..3 {
        assert_eq!(mailer.deliver(&mail(), trying(0)).await.next, Next::Done);
    }
    assert_eq!((relay.accepted().len(), relay.connections()), (3, 2));
}

fn login() -> (String, String) {
    ("regua".to_owned(), "hush-hush".to_owned())
}

#[tokio::test]
async fn it_logs_in_over_tls_and_over_nothing_else() {
    let identity = Identity::of_this_machine();
    for (theirs, ours) in [
        (
            smtp::Encryption::StartTls(identity.clone()),
            Encryption::Starttls,
        ),
        (
            smtp::Encryption::Implicit(identity.clone()),
            Encryption::Implicit,
        ),
    ] {
        let setup = Setup {
            encryption: theirs,
            login: Some(login()),
            ..Setup::default()
        };
        let relay = Relay::set_up(setup, |_, _| None);
        let attempt = post::mailer_with(&relay, ours, "hush-hush", &identity);
        let attempt = attempt.deliver(&mail(), trying(0)).await;
        assert_eq!(attempt.next, Next::Done, "{attempt:?}");
        let accepted = relay.accepted();
        assert!(accepted[0].encrypted);
        assert_eq!(accepted[0].user.as_deref(), Some("regua"));
    }
}

#[tokio::test]
async fn a_relay_without_tls_or_with_a_strangers_gets_neither_mail_nor_password() {
    let heard = std::sync::Arc::new(std::sync::Mutex::new(Vec::new()));
    let identity = Identity::of_this_machine();
    let stranger = Identity::of_this_machine();
    for encryption in [
        smtp::Encryption::None,
        smtp::Encryption::StartTls(stranger.clone()),
    ] {
        let setup = Setup {
            encryption,
            login: Some(login()),
            ..Setup::default()
        };
        let ear = std::sync::Arc::clone(&heard);
        let relay = Relay::set_up(setup, move |at, _| {
            ear.lock().unwrap().push(at);
            None
        });
        let mailer = post::mailer_with(&relay, Encryption::Starttls, "hush-hush", &identity);
        let attempt = mailer.deliver(&mail(), trying(99)).await;
        assert!(matches!(attempt.next, Next::Again { .. }), "{attempt:?}");
        assert!(relay.accepted().is_empty());
    }
    let heard = heard.lock().unwrap();
    assert!(
        !heard.contains(&Stage::Auth) && !heard.contains(&Stage::Sender),
        "{heard:?}"
    );
}

#[tokio::test]
async fn a_wrong_password_is_the_operators_matter_and_is_never_shown() {
    let identity = Identity::of_this_machine();
    let setup = Setup {
        encryption: smtp::Encryption::StartTls(identity.clone()),
        login: Some(login()),
        ..Setup::default()
    };
    let relay = Relay::set_up(setup, |_, _| None);
    let mailer = post::mailer_with(&relay, Encryption::Starttls, "wrong-word", &identity);
    let attempt = mailer.deliver(&mail(), trying(99)).await;
    assert_eq!(
        (attempt.status, attempt.code.as_str()),
        (Some(535), "login-refused")
    );
    assert!(matches!(attempt.next, Next::Again { .. }));
    let shown = format!("{attempt:?} {mailer:?}");
    assert!(
        !shown.contains("wrong-word") && !shown.contains("hush"),
        "{shown}"
    );
}

#[test]
fn mail_to_another_machine_is_never_unencrypted_unless_the_operator_says_so() {
    let new = |host: &str, exceptions: &[&str]| {
        let exceptions = Exceptions::read(exceptions.iter().copied()).unwrap();
        let relay = post::relay(host, 25, Encryption::None);
        let authorities = Authorities::of_the_machine();
        regua_delivery::email::Mailer::new(relay, &exceptions, &authorities).map(|_| ())
    };
    for host in ["relay.example.com", "10.0.0.1", "8.8.8.8"] {
        assert!(
            matches!(new(host, &[]), Err(RelayError::Unencrypted { .. })),
            "{host}"
        );
    }
    assert!(new("127.0.0.1", &[]).is_ok());
    assert!(new("localhost", &[]).is_ok());
    assert!(new("relay.example.com", &["relay.example.com:25"]).is_ok());
    assert!(new("relay.example.com", &["relay.example.com:26"]).is_err());
    assert!(new("10.0.0.1", &["10.0.0.0/8"]).is_ok());
    assert!(matches!(new("relay\r\nQUIT", &[]), Err(RelayError::Name)));
}
