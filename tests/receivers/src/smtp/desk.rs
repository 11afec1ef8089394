//! The relay's end of a conversation.

use std::sync::{Arc, Mutex};
use std::thread;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;

use super::{Encryption, Mail, Reply, Script, Stage};
use crate::journal::Journal;
use crate::listener::Stream;

/// Holds the conversations of a relay.
pub(super) struct Desk {
    pub encryption: Encryption,
    pub login: Option<(String, String)>,
    pub script: Script,
    pub journal: Option<Journal>,
    pub accepted: Arc<Mutex<Vec<Mail>>>,
}

/// What is known of a conversation.
#[derive(Default)]
struct Envelope {
    from: Option<String>,
    to: Vec<String>,
    user: Option<String>,
}

impl Desk {
    /// Until the sender hangs up, or is hung up on.
    pub fn serve(&self, mut stream: Stream) -> Option<()> {
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
                "AUTH" => self.log_in(&mut stream, rest, &mut envelope)?,
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
            whole.extend([code, joint, rest.trim_start(), "\r\n"]);
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

    fn log_in(&self, stream: &mut Stream, rest: &str, envelope: &mut Envelope) -> Option<()> {
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
        envelope.user = is_in.then_some(user);
        Some(())
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
        say(stream, reply)
    }
}

fn say(stream: &mut Stream, reply: Option<Reply>) -> Option<()> {
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

/// Between the angle brackets.
fn address(rest: &str) -> String {
    let inner = rest
        .split_once('<')
        .and_then(|(_, rest)| rest.split_once('>'));
    inner.map_or_else(String::new, |(address, _)| address.to_owned())
}
