//! An HTTP endpoint.

use std::io::Read as _;
use std::path::Path;
use std::sync::{Arc, Mutex};
use std::thread;
use std::time::Duration;

use crate::identity::Identity;
use crate::journal::Journal;
use crate::listener::{Listener, Stream};

/// A request that arrived.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Request {
    /// Counts them from 0.
    pub number: usize,
    /// E.g. `POST`.
    pub method: String,
    /// With the query.
    pub path: String,
    /// Names in lower case, in the order in which they arrived.
    pub headers: Vec<(String, String)>,
    /// The body.
    pub body: Vec<u8>,
}

impl Request {
    /// A header by its name in lower case; empty where there is none.
    pub fn header(&self, name: &str) -> &str {
        let mut headers = self.headers.iter();
        let found = headers.find(|(known, _)| known == name);
        found.map_or("", |(_, value)| value)
    }
}

/// What to answer.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Answer {
    /// The status; 0: the connection is closed without an answer.
    pub status: u16,
    /// More headers.
    pub headers: Vec<(String, String)>,
    /// The body.
    pub body: Vec<u8>,
    /// How long to wait before.
    pub delay: Duration,
}

impl Answer {
    /// A status alone.
    pub fn status(status: u16) -> Self {
        Self {
            status,
            headers: Vec::new(),
            body: Vec::new(),
            delay: Duration::ZERO,
        }
    }

    /// None: the connection is closed.
    pub fn hang_up() -> Self {
        Self::status(0)
    }

    /// With a body.
    #[must_use]
    pub fn body(self, body: impl Into<Vec<u8>>) -> Self {
        let body = body.into();
        Self { body, ..self }
    }

    /// With a header more.
    #[must_use]
    pub fn header(mut self, name: &str, value: &str) -> Self {
        self.headers.push((name.to_owned(), value.to_owned()));
        self
    }

    /// After a while.
    #[must_use]
    pub fn after(self, delay: Duration) -> Self {
        Self { delay, ..self }
    }
}

type Script = Box<dyn Fn(&Request) -> Answer + Send + Sync>;

/// How an endpoint is set up.
#[derive(Default)]
pub struct Setup<'a> {
    /// With TLS.
    pub identity: Option<Identity>,
    /// Where each accepted (2xx) message's `webhook-id` is noted.
    pub journal: Option<&'a Path>,
    /// The port; 0: any.
    pub port: u16,
}

/// An endpoint that listens until it is dropped.
pub struct Endpoint {
    listener: Listener,
    is_tls: bool,
    arrived: Arc<Mutex<Vec<Request>>>,
}

impl Endpoint {
    /// Plain HTTP on any port.
    pub fn start(script: impl Fn(&Request) -> Answer + Send + Sync + 'static) -> Self {
        Self::set_up(Setup::default(), script)
    }

    /// As it is set up.
    pub fn set_up(
        setup: Setup<'_>,
        script: impl Fn(&Request) -> Answer + Send + Sync + 'static,
    ) -> Self {
        let arrived = Arc::new(Mutex::new(Vec::new()));
        let is_tls = setup.identity.is_some();
        let desk = Desk {
            script: Box::new(script),
            journal: setup.journal.map(Journal::at),
            arrived: Arc::clone(&arrived),
        };
        let identity = setup.identity;
        let listener = Listener::start(setup.port, move |stream| {
            let stream = Stream::Plain(stream);
            let stream = match &identity {
                Some(identity) => stream.encrypt(identity),
                None => Some(stream),
            };
            let _ = stream.and_then(|stream| desk.serve(stream));
        });
        Self {
            listener,
            is_tls,
            arrived,
        }
    }

    /// Its port.
    pub fn port(&self) -> u16 {
        self.listener.address().port()
    }

    /// The address of a path, by loopback's number.
    pub fn url(&self, path: &str) -> String {
        self.url_of("127.0.0.1", path)
    }

    /// The address of a path by some name.
    pub fn url_of(&self, host: &str, path: &str) -> String {
        let scheme = if self.is_tls { "https" } else { "http" };
        format!("{scheme}://{host}:{}{path}", self.port())
    }

    /// What arrived so far, whatever was answered.
    pub fn arrived(&self) -> Vec<Request> {
        self.arrived.lock().expect("no script panicked").clone()
    }

    /// How many connections there ever were.
    pub fn connections(&self) -> usize {
        self.listener.connections()
    }
}

struct Desk {
    script: Script,
    journal: Option<Journal>,
    arrived: Arc<Mutex<Vec<Request>>>,
}

impl Desk {
    /// Until the sender hangs up.
    fn serve(&self, mut stream: Stream) -> Option<()> {
        loop {
            let mut request = read(&mut stream)?;
            {
                let mut arrived = self.arrived.lock().expect("no script panicked");
                request.number = arrived.len();
                arrived.push(request.clone());
            }
            let answer = (self.script)(&request);
            thread::sleep(answer.delay);
            if answer.status == 0 {
                return None;
            }
            if let Some(journal) = &self.journal
                && (200..300).contains(&answer.status)
            {
                journal.note(request.header("webhook-id"));
            }
            write(&mut stream, &answer)?;
        }
    }
}

fn read(stream: &mut Stream) -> Option<Request> {
    let first = String::from_utf8(stream.line()?).ok()?;
    let mut words = first.split(' ');
    let (method, path) = (words.next()?.to_owned(), words.next()?.to_owned());
    let mut headers = Vec::new();
    loop {
        let line = String::from_utf8(stream.line()?).ok()?;
        if line.is_empty() {
            break;
        }
        let (name, value) = line.split_once(':')?;
        headers.push((name.to_ascii_lowercase(), value.trim().to_owned()));
    }
    let mut request = Request {
        number: 0,
        method,
        path,
        headers,
        body: Vec::new(),
    };
    let length = request.header("content-length").parse().unwrap_or(0);
    request.body = vec![0; length];
    stream.read_exact(&mut request.body).ok()?;
    Some(request)
}

fn write(stream: &mut Stream, answer: &Answer) -> Option<()> {
    let mut head = format!("HTTP/1.1 {} scripted\r\n", answer.status);
    for (name, value) in &answer.headers {
        head.extend([name, ": ", value, "\r\n"]);
    }
    if answer.status != 204 {
        let length = answer.body.len().to_string();
        head.extend(["content-length: ", &length, "\r\n"]);
    }
    head.push_str("\r\n");
    stream.say(head.as_bytes())?;
    stream.say(&answer.body)
}
