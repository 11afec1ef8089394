//! An SMTP relay: EHLO, STARTTLS, AUTH PLAIN, MAIL, RCPT, DATA, RSET, NOOP, QUIT.

mod desk;

use std::path::Path;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use self::desk::Desk;
use crate::identity::Identity;
use crate::journal::Journal;
use crate::listener::{Listener, Stream};

/// A message that was accepted.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Mail {
    /// The envelope's sender.
    pub from: String,
    /// The envelope's recipients.
    pub to: Vec<String>,
    /// As it arrived, dots unstuffed.
    pub data: Vec<u8>,
    /// Who had logged in.
    pub user: Option<String>,
    /// Whether the connection was encrypted.
    pub encrypted: bool,
}

impl Mail {
    /// The value of `Message-ID`, with its angle brackets; empty where there is none.
    pub fn message_id(&self) -> String {
        let text = String::from_utf8_lossy(&self.data);
        let mut lines = text.lines().take_while(|line| !line.is_empty());
        let found = lines.find_map(|line| {
            let (name, value) = line.split_once(':')?;
            (name.eq_ignore_ascii_case("message-id")).then(|| value.trim().to_owned())
        });
        found.unwrap_or_default()
    }
}

/// Where in a conversation an answer is due.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Stage {
    /// The greeting.
    Greeting,
    /// EHLO.
    Hello,
    /// STARTTLS.
    StartTls,
    /// AUTH; what is said is the user.
    Auth,
    /// MAIL FROM; what is said is the address.
    Sender,
    /// RCPT TO; what is said is the address.
    Recipient,
    /// DATA.
    Data,
    /// The end of the message; what is said is its `Message-ID`.
    Message,
}

/// What to answer in place of the usual.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Reply {
    /// A line such as `450 4.2.0 greylisted`; several, separated by `\n`, are one answer.
    Line(String),
    /// Nothing: the connection is closed.
    HangUp,
    /// The usual, after a while.
    Late(Duration),
}

impl Reply {
    /// A line.
    pub fn line(text: &str) -> Option<Self> {
        Some(Self::Line(text.to_owned()))
    }
}

/// How connections are encrypted.
#[derive(Clone, Default)]
pub enum Encryption {
    /// Not at all.
    #[default]
    None,
    /// Once the client asks.
    StartTls(Identity),
    /// From the first byte.
    Implicit(Identity),
}

/// How a relay is set up.
#[derive(Default)]
pub struct Setup<'a> {
    /// How connections are encrypted.
    pub encryption: Encryption,
    /// Who may send; none: anybody.
    pub login: Option<(String, String)>,
    /// Where the `Message-ID` of each accepted message is noted.
    pub journal: Option<&'a Path>,
    /// The port; 0: any.
    pub port: u16,
}

type Script = Box<dyn Fn(Stage, &str) -> Option<Reply> + Send + Sync>;

/// A relay that listens until it is dropped.
pub struct Relay {
    listener: Listener,
    accepted: Arc<Mutex<Vec<Mail>>>,
}

impl Relay {
    /// One that takes everything from everybody, unencrypted.
    pub fn start() -> Self {
        Self::set_up(Setup::default(), |_, _| None)
    }

    /// As it is set up; where the script has no answer, the usual one is given.
    pub fn set_up(
        setup: Setup<'_>,
        script: impl Fn(Stage, &str) -> Option<Reply> + Send + Sync + 'static,
    ) -> Self {
        let accepted = Arc::new(Mutex::new(Vec::new()));
        let desk = Desk {
            encryption: setup.encryption,
            login: setup.login,
            script: Box::new(script),
            journal: setup.journal.map(Journal::at),
            accepted: Arc::clone(&accepted),
        };
        let listener = Listener::start(setup.port, move |stream| {
            let _ = desk.serve(Stream::Plain(stream));
        });
        Self { listener, accepted }
    }

    /// Its port, on loopback.
    pub fn port(&self) -> u16 {
        self.listener.address().port()
    }

    /// What was accepted so far.
    pub fn accepted(&self) -> Vec<Mail> {
        self.accepted.lock().expect("no script panicked").clone()
    }

    /// How many connections there ever were.
    pub fn connections(&self) -> usize {
        self.listener.connections()
    }
}
