//! An SMTP relay: EHLO, STARTTLS, AUTH PLAIN, MAIL, RCPT, DATA, RSET, NOOP, QUIT.

use std::path::Path;
use std::sync::{Arc, Mutex};
use std::thread;
use std::time::Duration;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;

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

struct Desk {
    encryption: Encryption,
    login: Option<(String, String)>,
    script: Script,
    journal: Option<Journal>,
    accepted: Arc<Mutex<Vec<Mail>>>,
}

/// What is known of a conversation.
#[derive(Default)]
struct Envelope {
    from: Option<String>,
    to: Vec<String>,
    user: Option<String>,
}

impl Desk {
    fn serve(&self, mut stream: Stream) -> Option<()> {
        if let Encryption::Implicit(identity) = &self.encryption {
            stream = stream.encrypt(identity)?;
        }
        self.answer(&mut stream, Stage::Greeting, "", "220 receiver ESMTP")?;
        let mut envelope = Envelope::default();
        loop {
            let line = String::from_utf8_lossy(&stream.line()?).into_owned();
            let (verb, rest) = line.split_once(' ').unwrap_or((&line, ""));
            match verb.to_ascii_uppercase().as_str() {
                "EHLO" | "HELO" => {
                    let usual = self.features(&stream);
                    self.answer(&mut stream, Stage::Hello, rest, &usual)?;
                }
                "STARTTLS" => {
                    let Encryption::StartTls(identity) = &self.encryption else {
                        stream.say(b"502 not here\r\n")?;
                        continue;
                    };
                    if self.answer(&mut stream, Stage::StartTls, "", "220 go ahead")? {
                        stream = stream.encrypt(identity)?;
                        envelope = Envelope::default();
                    }
                }
                "AUTH" => envelope.user = self.log_in(&mut stream, rest)?,
                "MAIL" => self.sender(&mut stream, rest, &mut envelope)?,
                "RCPT" => self.recipient(&mut stream, rest, &mut envelope)?,
                "DATA" => self.data(&mut stream, &mut envelope)?,
                "RSET" => {
                    envelope.from = None;
                    envelope.to.clear();
                    stream.say(b"250 forgotten\r\n")?;
                }
                "NOOP" => stream.say(b"250 still here\r\n")?,
                "QUIT" => {
                    stream.say(b"221 bye\r\n")?;
                    return Some(());
                }
                _ => stream.say(b"500 what\r\n")?,
            }
        }
    }

    /// Says what the script says, or else the usual; true where that is no refusal.
    fn answer(&self, stream: &mut Stream, at: Stage, said: &str, usual: &str) -> Option<bool> {
        let text = match (self.script)(at, said) {
            None => usual.to_owned(),
            Some(Reply::Line(line)) => line,
            Some(Reply::HangUp) => return None,
            Some(Reply::Late(delay)) => {
                thread::sleep(delay);
                usual.to_owned()
            }
        };
        let lines: Vec<_> = text.split('\n').collect();
        let mut whole = String::new();
        for (index, line) in lines.iter().enumerate() {
            let (code, rest) = line.split_at(3.min(line.len()));
            let joint = if index + 1 < lines.len() { "-" } else { " " };
            whole.push_str(&format!("{code}{joint}{}\r\n", rest.trim_start()));
        }
        stream.say(whole.as_bytes())?;
        Some(matches!(text.as_bytes().first(), Some(b'2' | b'3')))
    }

    fn features(&self, stream: &Stream) -> String {
        let mut features = "250 receiver\n250 8BITMIME\n250 ENHANCEDSTATUSCODES".to_owned();
        if matches!(self.encryption, Encryption::StartTls(_)) && !stream.is_encrypted() {
            features.push_str("\n250 STARTTLS");
        }
        if self.login.is_some() {
            features.push_str("\n250 AUTH PLAIN");
        }
        features
    }

    fn log_in(&self, stream: &mut Stream, rest: &str) -> Option<Option<String>> {
        let given = rest.rsplit(' ').next().unwrap_or_default();
        let plain = STANDARD.decode(given).unwrap_or_default();
        let mut parts = plain.split(|byte| *byte == 0).skip(1);
        let mut part = || String::from_utf8_lossy(parts.next().unwrap_or_default()).into_owned();
        let (user, password) = (part(), part());
        let known = self.login.as_ref();
        let is_right = known.is_some_and(|known| (&known.0, &known.1) == (&user, &password));
        let usual = if is_right {
            "235 2.7.0 welcome"
        } else {
            "535 5.7.8 wrong user or password"
        };
        let is_in = self.answer(stream, Stage::Auth, &user, usual)?;
        Some(is_in.then_some(user))
    }

    fn sender(&self, stream: &mut Stream, rest: &str, envelope: &mut Envelope) -> Option<()> {
        let from = address(rest);
        let usual = if self.login.is_some() && envelope.user.is_none() {
            "530 5.7.0 log in first"
        } else {
            "250 2.1.0 sender ok"
        };
        let is_taken = self.answer(stream, Stage::Sender, &from, usual)?;
        envelope.from = is_taken.then_some(from);
        envelope.to.clear();
        Some(())
    }

    fn recipient(&self, stream: &mut Stream, rest: &str, envelope: &mut Envelope) -> Option<()> {
        let to = address(rest);
        if self.answer(stream, Stage::Recipient, &to, "250 2.1.5 recipient ok")? {
            envelope.to.push(to);
        }
        Some(())
    }

    fn data(&self, stream: &mut Stream, envelope: &mut Envelope) -> Option<()> {
        if envelope.from.is_none() || envelope.to.is_empty() {
            return stream.say(b"503 5.5.1 sender and recipient first\r\n");
        }
        if !self.answer(stream, Stage::Data, "", "354 go ahead")? {
            return Some(());
        }
        let mut data = Vec::new();
        loop {
            let line = stream.line()?;
            if line == b"." {
                break;
            }
            let line = line.strip_prefix(b".").unwrap_or(&line);
            data.extend_from_slice(line);
            data.extend_from_slice(b"\r\n");
        }
        let mail = Mail {
            from: envelope.from.take().unwrap_or_default(),
            to: std::mem::take(&mut envelope.to),
            data,
            user: envelope.user.clone(),
            encrypted: stream.is_encrypted(),
        };
        let name = mail.message_id();
        let reply = (self.script)(Stage::Message, &name);
        let is_refused = matches!(&reply, Some(Reply::Line(line)) if !line.starts_with('2'));
        if !is_refused {
            // Kept before it is said so: a sender that dies in between has delivered.
            if let Some(journal) = &self.journal {
                journal.note(&name);
            }
            let mut accepted = self.accepted.lock().expect("no script panicked");
            accepted.push(mail);
        }
        self.say(stream, reply)
    }

    fn say(&self, stream: &mut Stream, reply: Option<Reply>) -> Option<()> {
        match reply {
            None => stream.say(b"250 2.0.0 taken as 7F3A\r\n"),
            Some(Reply::Line(line)) => stream.say(format!("{line}\r\n").as_bytes()),
            Some(Reply::HangUp) => None,
            Some(Reply::Late(delay)) => {
                thread::sleep(delay);
                stream.say(b"250 2.0.0 taken as 7F3A\r\n")
            }
        }
    }
}

/// Between the angle brackets.
fn address(rest: &str) -> String {
    let inner = rest
        .split_once('<')
        .and_then(|(_, rest)| rest.split_once('>'));
    inner.map_or_else(String::new, |(address, _)| address.to_owned())
}
