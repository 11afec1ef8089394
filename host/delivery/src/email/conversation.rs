//! One conversation with a relay, step by step: what a refusal means hangs on the step.

use std::borrow::Cow;
use std::error::Error as _;
use std::fmt;
use std::time::Duration;

use lettre::transport::smtp::Error as SmtpError;
use lettre::transport::smtp::authentication::{Credentials, Mechanism};
use lettre::transport::smtp::client::{AsyncSmtpConnection, TlsParameters};
use lettre::transport::smtp::commands::{Data, Mail, Rcpt, Rset};
use lettre::transport::smtp::extension::ClientId;
use lettre::transport::smtp::response::Response;

use super::message::Written;
use super::{Outcome, Whose};
use crate::attempt::{chain, one_line};

/// How far a conversation was.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Step {
    /// Connection, greeting, EHLO, TLS.
    Connect,
    /// AUTH.
    LogIn,
    /// MAIL FROM.
    Sender,
    /// RCPT TO.
    Recipient,
    /// DATA and the message.
    Message,
}

/// Where and why it stopped.
pub(super) struct Stop {
    pub step: Step,
    status: Option<u16>,
    code: &'static str,
    answer: String,
}

impl Stop {
    fn timed_out(step: Step) -> Self {
        Self {
            step,
            status: None,
            code: "timed-out",
            answer: String::new(),
        }
    }

    fn of(step: Step, error: &SmtpError) -> Self {
        let status = error.status().map(|code| code.to_string());
        let status = status.and_then(|code| code.parse().ok());
        let code = match status {
            Some(_) => "refused",
            None if error.is_tls() => "tls",
            None if error.is_timeout() => "timed-out",
            None if step == Step::Connect => "connect",
            None => "broken",
        };
        let answer = match (status, error.source()) {
            // What the relay said, without this library's words around it.
            (Some(_), Some(said)) => one_line(&said.to_string()),
            _ => chain(error),
        };
        Self {
            step,
            status,
            code,
            answer,
        }
    }

    /// Whether the connection itself failed or was to be closed, not what was said on it.
    pub fn is_of_the_connection(&self) -> bool {
        self.status.is_none_or(|status| status == 421)
    }

    /// What it means.
    pub fn outcome(self) -> Outcome {
        let Self {
            step,
            status,
            code,
            answer,
        } = self;
        let later = |code: &'static str, whose, answer| Outcome::Later {
            status,
            code,
            answer,
            whose,
        };
        // Whether a relay can be reached and lets one in is its operator's matter.
        if matches!(step, Step::Connect | Step::LogIn) {
            let code = match (step, status) {
                (Step::LogIn, Some(_)) => "login-refused",
                _ => code,
            };
            return later(code, Whose::Operators, answer);
        }
        let Some(permanent) = status.filter(|status| *status >= 500) else {
            let code = if status.is_some() { "deferred" } else { code };
            return later(code, Whose::Theirs, answer);
        };
        let enhanced = enhanced(&answer);
        // 530, 535 and 538 are of authentication: RFC 4954.
        let is_policy = enhanced == Some(7) || matches!(permanent, 530 | 535 | 538);
        match step {
            Step::Sender if is_policy => later("sender-refused", Whose::Operators, answer),
            // Relaying denied, or a policy of the recipient's: nothing that says that the
            // address takes no mail.
            Step::Recipient if is_policy => later("policy", Whose::Theirs, answer),
            // A full mailbox is one, and may be emptied.
            Step::Recipient if is_full(permanent, &answer) => {
                later("mailbox-full", Whose::Theirs, answer)
            }
            Step::Recipient => Outcome::Bounced {
                status: permanent,
                answer,
            },
            _ => Outcome::Refused {
                status: Some(permanent),
                answer,
            },
        }
    }
}

/// The subject of an enhanced status code (RFC 3463): 7 of `5.7.1 …`.
fn enhanced(answer: &str) -> Option<u16> {
    let mut parts = answer.split_whitespace().next()?.split('.');
    let (class, subject, detail) = (parts.next()?, parts.next()?, parts.next()?);
    let is_code = class.parse::<u16>().is_ok() && detail.parse::<u16>().is_ok();
    subject
        .parse()
        .ok()
        .filter(|_| is_code && parts.next().is_none())
}

fn is_full(status: u16, answer: &str) -> bool {
    status == 552 || answer.starts_with("5.2.2")
}

/// A connection that is ready for a message.
pub(super) struct Line {
    connection: AsyncSmtpConnection,
    limit: Duration,
}

/// Whom to connect to, and how.
pub(super) struct Dial<'a> {
    pub server: (&'a str, u16),
    pub limit: Duration,
    pub hello: &'a ClientId,
    pub implicit: Option<&'a TlsParameters>,
    pub starttls: Option<&'a TlsParameters>,
    pub login: Option<&'a Credentials>,
}

impl Line {
    pub async fn open(dial: &Dial<'_>) -> Result<Self, Stop> {
        let limit = dial.limit;
        let connect = AsyncSmtpConnection::connect_tokio1(
            dial.server,
            Some(limit),
            dial.hello,
            dial.implicit.cloned(),
            None,
        );
        let mut connection = within(limit, Step::Connect, connect).await?;
        if let Some(tls) = dial.starttls {
            let upgrade = connection.starttls(tls.clone(), dial.hello);
            within(limit, Step::Connect, upgrade).await?;
        }
        if let Some(login) = dial.login {
            let auth = connection.auth(&[Mechanism::Plain, Mechanism::Login], login);
            within(limit, Step::LogIn, auth).await?;
        }
        Ok(Self { connection, limit })
    }

    pub async fn send(&mut self, written: &Written) -> Result<Response, Stop> {
        let (limit, connection) = (self.limit, &mut self.connection);
        let from = Mail::new(written.envelope.from().cloned(), Vec::new());
        within(limit, Step::Sender, connection.command(from)).await?;
        for to in written.envelope.to() {
            let to = Rcpt::new(to.clone(), Vec::new());
            within(limit, Step::Recipient, connection.command(to)).await?;
        }
        within(limit, Step::Message, connection.command(Data)).await?;
        let content = Content(String::from_utf8_lossy(&written.bytes));
        within(limit, Step::Message, connection.command(content)).await
    }

    /// Whether it may be used for another message.
    pub async fn reset(&mut self) -> bool {
        let reset = self.connection.command(Rset);
        matches!(tokio::time::timeout(self.limit, reset).await, Ok(Ok(_)))
    }
}

/// A message as it is said after DATA, to its end: in one piece. Were the end said by itself, it
/// would wait until the relay has acknowledged what came before, some 40 milliseconds.
struct Content<'a>(Cow<'a, str>);

impl fmt::Display for Content<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for line in self.0.split_inclusive('\n') {
            // RFC 5321, 4.5.2.
            if line.starts_with('.') {
                f.write_str(".")?;
            }
            f.write_str(line)?;
        }
        let ended = if self.0.ends_with("\r\n") { "" } else { "\r\n" };
        write!(f, "{ended}.\r\n")
    }
}

async fn within<T>(
    limit: Duration,
    step: Step,
    work: impl Future<Output = Result<T, SmtpError>>,
) -> Result<T, Stop> {
    match tokio::time::timeout(limit, work).await {
        Ok(Ok(done)) => Ok(done),
        Ok(Err(error)) => Err(Stop::of(step, &error)),
        Err(_) => Err(Stop::timed_out(step)),
    }
}
