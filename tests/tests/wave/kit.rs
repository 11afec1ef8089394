//! A filled store, receivers that note what they accept, and nodes as processes of their own.

use std::collections::{BTreeMap, BTreeSet};
use std::io::{BufRead as _, BufReader};
use std::path::Path;
use std::process::{Child, ChildStdin, ChildStdout, Command, Stdio};
use std::sync::mpsc::{Receiver, RecvTimeoutError, Sender, channel};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use regua_domain::contract::Channel;
use regua_engine::Settings;
use regua_test_receivers::http::{Answer, Endpoint};
use regua_test_receivers::smtp::{self, Relay, Stage};
use regua_tests::wave::Place;
use regua_tests::{outside, sample, wave};

/// Leases end after a minute, and so does what is being handed over.
pub const LEASE_SECONDS: u32 = 61;
/// Nothing has happened for so long: it never will.
const HANGS: Duration = Duration::from_mins(2);

/// What arrived in the world.
#[derive(Clone, Default)]
struct Arrivals(Arc<Mutex<Arrived>>);

#[derive(Default)]
struct Arrived {
    /// How often each key arrived.
    times: BTreeMap<String, u32>,
    /// What each key of a system's brought, the first time.
    bodies: BTreeMap<String, Vec<u8>>,
    /// Keys that brought something else later.
    changed: Vec<String>,
    /// Who waits for more.
    heard: Vec<Sender<()>>,
}

impl Arrivals {
    fn with<T>(&self, with: impl FnOnce(&mut Arrived) -> T) -> T {
        with(&mut self.0.lock().unwrap_or_else(PoisonError::into_inner))
    }

    fn note(&self, key: &str, body: Option<&[u8]>) {
        self.with(|arrived| {
            *arrived.times.entry(key.to_owned()).or_default() += 1;
            if let Some(body) = body {
                let first = arrived.bodies.entry(key.to_owned());
                if *first.or_insert_with(|| body.to_vec()) != body {
                    arrived.changed.push(key.to_owned());
                }
            }
            arrived.heard.retain(|heard| heard.send(()).is_ok());
        });
    }
}

/// A wave about to begin: half of its customers are mailed, the others get short messages
/// through a system of the tenant's.
pub struct World {
    pub place: Place,
    pub cases: u64,
    arrivals: Arrivals,
    relay: Relay,
    hooks: Endpoint,
    tokio: tokio::runtime::Runtime,
}

impl World {
    /// Fills a store.
    pub fn start(place: Place, cases: u64) -> Self {
        let arrivals = Arrivals::default();
        let (mailed, posted) = (arrivals.clone(), arrivals.clone());
        let relay = Relay::set_up(smtp::Setup::default(), move |stage, said| {
            if stage == Stage::Message {
                let key = said.trim_start_matches('<').split('@').next();
                mailed.note(key.unwrap_or_default(), None);
            }
            None
        });
        let hooks = Endpoint::start(move |request| {
            posted.note(request.header("webhook-id"), Some(&request.body));
            Answer::status(204)
        });
        let world = Self {
            place,
            cases,
            arrivals,
            relay,
            hooks,
            tokio: tokio::runtime::Runtime::new().expect("a runtime"),
        };
        world.tokio.block_on(world.fill()).expect("a filled store");
        world
    }

    async fn fill(&self) -> anyhow::Result<()> {
        let channels = [Channel::Email, Channel::Sms];
        wave::fill(&self.place, self.cases, self.cases, &channels).await?;
        let (engine, open) = wave::engine(&self.place, wave::still(), Settings::shipped()).await?;
        let (relay, hooks) = (self.relay.port(), self.hooks.port());
        let post = outside::post(relay, hooks, engine.clock(), &outside::counting());
        outside::verify_sender(&*open.store, sample::now()).await?;
        outside::hand_to(&*open.store, &post, hooks, "message.sms").await?;
        engine.store().close().await;
        Ok(())
    }

    /// Does something asynchronous.
    pub fn wait<T>(&self, future: impl Future<Output = T>) -> T {
        self.tokio.block_on(future)
    }

    /// How many messages arrived, one that came again as often as it came.
    pub fn arrivals(&self) -> u64 {
        self.arrivals
            .with(|arrived| arrived.times.values().map(|times| u64::from(*times)).sum())
    }

    /// The keys that arrived.
    pub fn keys(&self) -> BTreeSet<String> {
        self.arrivals
            .with(|arrived| arrived.times.keys().cloned().collect())
    }

    /// Waits for so many arrivals more; fewer where the wave is over.
    pub fn wait_for_more(&self, more: u64) {
        let (heard, hear) = channel();
        let wanted = self.arrivals.with(|arrived| {
            arrived.heard.push(heard);
            more.min(self.cases - arrived.times.len() as u64)
        });
        for _ in 0..wanted {
            hear.recv_timeout(HANGS).expect("nothing arrives any more");
        }
    }

    /// Waits until so many have arrived that had not before; fewer where the wave is over.
    pub fn wait_for_new(&self, more: u64) {
        let (heard, hear) = channel();
        let wanted = self.arrivals.with(|arrived| {
            arrived.heard.push(heard);
            self.cases.min(arrived.times.len() as u64 + more)
        });
        let known = || self.arrivals.with(|arrived| arrived.times.len() as u64);
        while known() < wanted {
            hear.recv_timeout(HANGS).expect("nothing arrives any more");
        }
    }

    /// Starts a node whose clock stands `seconds` after the wave's instant.
    pub fn node(&self, seconds: u32) -> Node {
        self.node_that(seconds, &[])
    }

    /// The same, which swaps the tenant's versions all the while.
    pub fn swapping_node(&self, seconds: u32) -> Node {
        self.node_that(seconds, &["swapping"])
    }

    fn node_that(&self, seconds: u32, does: &[&str]) -> Node {
        let ports = [self.relay.port(), self.hooks.port()];
        Node::start(&self.place, seconds, ports, does)
    }

    /// That whatever came more than once brought the same each time.
    pub fn assert_unchanged(&self) {
        self.arrivals
            .with(|arrived| assert_eq!(arrived.changed, Vec::<String>::new()));
    }
}

/// In a file of this folder.
pub fn in_file(folder: &Path) -> Place {
    Place::file(&folder.join("wave.sqlite"))
}

/// A node at work.
pub struct Node {
    child: Child,
    input: Option<ChildStdin>,
    lines: Receiver<String>,
}

impl Node {
    fn start(place: &Place, seconds: u32, [relay, hooks]: [u16; 2], does: &[&str]) -> Self {
        let mut child = Command::new(env!("CARGO_BIN_EXE_node"))
            .arg(&place.store)
            .arg(&place.cache)
            .args([seconds.to_string(), relay.to_string(), hooks.to_string()])
            .args(does)
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()
            .expect("the node starts");
        let output = child.stdout.take().expect("it has an output");
        let node = Self {
            input: child.stdin.take(),
            lines: lines_of(output),
            child,
        };
        assert_eq!(node.line().as_deref(), Some("working"));
        node
    }

    fn line(&self) -> Option<String> {
        match self.lines.recv_timeout(HANGS) {
            Ok(line) => Some(line),
            Err(RecvTimeoutError::Disconnected) => None,
            Err(RecvTimeoutError::Timeout) => panic!("the node says nothing any more"),
        }
    }

    /// Waits until it says this.
    pub fn until_it_says(&self, what: &str) {
        while self.line().expect("the node ended by itself") != what {}
    }

    /// What it says next of how much is left.
    pub fn left(&mut self) -> u64 {
        while self.lines.try_recv().is_ok() {}
        let line = self.line().expect("the node ended by itself");
        let left = line.strip_prefix("left ");
        left.and_then(|left| left.parse().ok()).expect("a number")
    }

    /// Kills it; whether it was alive.
    pub fn kill(mut self) -> bool {
        let is_alive = self.child.try_wait().expect("its state").is_none();
        self.child.kill().expect("SIGKILL");
        self.child.wait().expect("it is gone");
        is_alive
    }

    /// Lets it finish what it has begun.
    pub fn stop(&mut self) {
        self.input = None;
    }

    /// Sends it a signal.
    pub fn signal(&self, name: &str) {
        let pid = self.child.id().to_string();
        let sent = Command::new("kill")
            .args([&format!("-{name}"), &pid])
            .status();
        assert!(sent.expect("kill starts").success());
    }

    /// Lets it finish the wave, and ends it.
    pub fn finish(mut self) {
        while self.left() > 0 {}
        self.ends();
    }

    /// Lets it finish what it has begun, and waits for its end.
    pub fn ends(mut self) {
        self.stop();
        assert!(self.child.wait().expect("it ends").success());
    }
}

/// The lines of a process, read as they come, so that it is never held up by who listens.
fn lines_of(output: ChildStdout) -> Receiver<String> {
    let (said, hear) = channel();
    std::thread::spawn(move || {
        for line in BufReader::new(output).lines().map_while(Result::ok) {
            if said.send(line).is_err() {
                break;
            }
        }
    });
    hear
}

/// Numbers that look like chance and are the same in every run.
pub fn chance(nth: u32) -> u64 {
    let mut state = u64::from(nth).wrapping_mul(0x9E37_79B9_7F4A_7C15) ^ 0xD1B5_4A32_D192_ED03;
    state ^= state >> 31;
    state = state.wrapping_mul(0xBF58_476D_1CE4_E5B9);
    state ^ (state >> 29)
}
