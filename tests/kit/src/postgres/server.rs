//! A private server.

use std::os::unix::fs::chown;
use std::os::unix::process::CommandExt as _;
use std::path::{Path, PathBuf};
use std::process::{Child, ChildStdin, Command, Stdio};
use std::sync::Mutex;
use std::sync::atomic::{AtomicU32, Ordering};
use std::time::{Duration, Instant};

use super::programs::{Programs, User, user};

/// How long a server may take to start.
const START: Duration = Duration::from_mins(1);

/// Whether what was committed survives the loss of power; killed processes it survives always.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Sync {
    /// Nothing is forced to disk: for tests of what is written, not of how long it lasts.
    Off,
    /// As in production.
    On,
}

/// A server of a test's own, in a temporary folder. Ends when it is dropped, and when the
/// process ends in any other way.
#[derive(Debug)]
pub struct Server {
    folder: PathBuf,
    settings: Vec<String>,
    user: Option<User>,
    running: Mutex<Option<Running>>,
}

#[derive(Debug)]
struct Running {
    child: Child,
    /// A shell that waits for this pipe to be closed, which it is when we are gone, and then
    /// ends the server and takes the folder away.
    watch: (Child, ChildStdin),
}

impl Server {
    /// Makes a server and starts it, with more settings: `name=value`.
    pub fn start(sync: Sync, settings: &[&str]) -> Self {
        static COUNT: AtomicU32 = AtomicU32::new(0);
        let count = COUNT.fetch_add(1, Ordering::Relaxed);
        let folder = format!("regua-pg-{}-{count}", std::process::id());
        let mut folder = std::env::temp_dir().join(folder);
        // A socket's path has about a hundred bytes.
        if folder.as_os_str().len() > 80 {
            folder = Path::new("/tmp").join(folder.file_name().expect("a name"));
        }
        let _ = std::fs::remove_dir_all(&folder);
        std::fs::create_dir_all(&folder).expect("a folder for the server");
        let user = user();
        if let Some(User { uid, gid }) = user {
            chown(&folder, Some(uid), Some(gid)).expect("the folder is handed over");
        }
        let off = ["fsync=off", "full_page_writes=off"];
        let settings = match sync {
            Sync::Off => off
                .iter()
                .chain(settings)
                .map(ToString::to_string)
                .collect(),
            Sync::On => settings.iter().map(ToString::to_string).collect(),
        };
        let server = Self {
            folder,
            settings,
            user,
            running: Mutex::new(None),
        };
        let made = server
            .command("initdb")
            .args(["--no-sync", "-A", "trust", "-U", "regua", "-E", "UTF8"])
            .args(["--locale=C.UTF-8", "-D"])
            .arg(server.data())
            .output()
            .expect("initdb starts");
        assert!(
            made.status.success(),
            "initdb: {}",
            String::from_utf8_lossy(&made.stderr)
        );
        server.up();
        server
    }

    fn data(&self) -> PathBuf {
        self.folder.join("data")
    }

    fn command(&self, name: &str) -> Command {
        let mut command = Programs::find().command_as(self.user, name);
        // The tests' own folder may be closed to somebody else.
        command.current_dir("/").env("LC_ALL", "C.UTF-8");
        command
    }

    /// The URL of a database of its.
    pub fn url(&self, database: &str) -> String {
        let folder = self.folder.display();
        format!("postgres://localhost/{database}?host={folder}&user=regua")
    }

    /// Whether it runs.
    pub fn is_up(&self) -> bool {
        self.running.lock().is_ok_and(|running| running.is_some())
    }

    /// Starts it again after it was stopped or killed.
    pub fn up(&self) {
        let log = std::fs::OpenOptions::new()
            .create(true)
            .append(true)
            .open(self.folder.join("log"))
            .expect("a log");
        let mut command = self.command("postgres");
        command
            .arg("-D")
            .arg(self.data())
            .args(["-c", "listen_addresses=", "-c"])
            .arg(format!("unix_socket_directories={}", self.folder.display()))
            .args(["-c", "max_connections=200"]);
        for setting in &self.settings {
            command.args(["-c", setting]);
        }
        let child = command
            .stdin(Stdio::null())
            .stdout(log.try_clone().expect("a log"))
            .stderr(log)
            // What interrupts the tests is none of the server's business: it ends after them.
            .process_group(0)
            .spawn()
            .expect("the server starts");
        let watch = watch(child.id(), &self.folder);
        *self.running.lock().expect("no test panicked here") = Some(Running { child, watch });
        self.wait_until_ready();
    }

    fn wait_until_ready(&self) {
        let started = Instant::now();
        while super::try_psql(&self.url("postgres"), "SELECT 1").is_err() {
            if started.elapsed() > START {
                let log = std::fs::read_to_string(self.folder.join("log")).unwrap_or_default();
                panic!("the server does not start:\n{log}");
            }
            std::thread::sleep(Duration::from_millis(20));
        }
    }

    /// Ends it in the middle of whatever it does, as an operator who does not wait: open
    /// transactions are undone.
    pub fn stop(&self) {
        self.end("INT");
    }

    /// Kills it: nothing is written any more, as when the machine dies.
    pub fn kill(&self) {
        self.end("QUIT");
    }

    fn end(&self, signal: &str) {
        let running = self.running.lock().expect("no test panicked here").take();
        let Some(Running { mut child, watch }) = running else {
            return;
        };
        let (mut shell, pipe) = watch;
        let _ = shell.kill();
        let _ = shell.wait();
        drop(pipe);
        let _ = Command::new("kill")
            .args([format!("-{signal}"), child.id().to_string()])
            .status();
        let _ = child.wait();
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        self.end("QUIT");
        let _ = std::fs::remove_dir_all(&self.folder);
    }
}

/// Starts the shell that ends the server when we are gone.
fn watch(server: u32, folder: &Path) -> (Child, ChildStdin) {
    let script = "trap '' INT TERM HUP
        read -r _
        kill -QUIT $1
        tries=0
        while [ -e \"$2/data/postmaster.pid\" ] && [ $tries -lt 100 ]; do
            sleep 0.1
            tries=$((tries + 1))
        done
        rm -rf \"$2\"";
    let mut shell = Command::new("sh")
        .args(["-c", script, "watch", &server.to_string()])
        .arg(folder)
        .stdin(Stdio::piped())
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .process_group(0)
        .spawn()
        .expect("a shell");
    let pipe = shell.stdin.take().expect("its input");
    (shell, pipe)
}
