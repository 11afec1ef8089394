//! Connections, each on a thread of its own.

use std::io::{Read, Write};
use std::net::{SocketAddr, TcpListener, TcpStream};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::thread;
use std::time::Duration;

use rustls::{ServerConnection, StreamOwned};

use crate::identity::Identity;

/// A receiver that hears nothing for so long has lost its sender.
const SILENCE_MAX: Duration = Duration::from_mins(1);

/// Accepts until it is dropped.
pub(crate) struct Listener {
    address: SocketAddr,
    stopped: Arc<AtomicBool>,
    connections: Arc<AtomicUsize>,
}

impl Listener {
    /// On a port of loopback; 0: any.
    pub fn start(port: u16, serve: impl Fn(TcpStream) + Send + Sync + 'static) -> Self {
        let listener = TcpListener::bind(("127.0.0.1", port)).expect("a port of loopback");
        let address = listener.local_addr().expect("a bound address");
        let stopped = Arc::new(AtomicBool::new(false));
        let connections = Arc::new(AtomicUsize::new(0));
        let (stop, count, serve) = (
            Arc::clone(&stopped),
            Arc::clone(&connections),
            Arc::new(serve),
        );
        thread::spawn(move || {
            for stream in listener.incoming() {
                if stop.load(Ordering::SeqCst) {
                    break;
                }
                let Ok(stream) = stream else { continue };
                count.fetch_add(1, Ordering::SeqCst);
                let _ = stream.set_read_timeout(Some(SILENCE_MAX));
                let _ = stream.set_nodelay(true);
                let serve = Arc::clone(&serve);
                thread::spawn(move || serve(stream));
            }
        });
        Self {
            address,
            stopped,
            connections,
        }
    }

    pub fn address(&self) -> SocketAddr {
        self.address
    }

    /// How many connections there ever were.
    pub fn connections(&self) -> usize {
        self.connections.load(Ordering::SeqCst)
    }
}

impl Drop for Listener {
    fn drop(&mut self) {
        self.stopped.store(true, Ordering::SeqCst);
        // Whoever waits for a connection looks at the flag when there is one.
        let _ = TcpStream::connect(self.address);
    }
}

/// A connection, with or without TLS.
pub(crate) enum Stream {
    Plain(TcpStream),
    Tls(Box<Encrypted>),
}

pub(crate) struct Encrypted(StreamOwned<ServerConnection, TcpStream>);

impl Drop for Encrypted {
    fn drop(&mut self) {
        self.0.conn.send_close_notify();
        let _ = self.0.flush();
    }
}

impl Stream {
    /// The same connection with TLS over it.
    pub fn encrypt(self, identity: &Identity) -> Option<Self> {
        match self {
            Self::Plain(stream) => {
                let server = ServerConnection::new(identity.config()).ok()?;
                let stream = StreamOwned::new(server, stream);
                Some(Self::Tls(Box::new(Encrypted(stream))))
            }
            Self::Tls(_) => None,
        }
    }

    pub fn is_encrypted(&self) -> bool {
        matches!(self, Self::Tls(_))
    }

    /// What a line ends before; none where the connection ended.
    pub fn line(&mut self) -> Option<Vec<u8>> {
        let mut line = Vec::new();
        let mut byte = [0];
        while self.read(&mut byte).ok()? == 1 {
            match byte[0] {
                b'\n' => {
                    if line.last() == Some(&b'\r') {
                        line.pop();
                    }
                    return Some(line);
                }
                other => line.push(other),
            }
        }
        None
    }

    pub fn say(&mut self, bytes: &[u8]) -> Option<()> {
        self.write_all(bytes).ok()?;
        self.flush().ok()
    }
}

impl Read for Stream {
    fn read(&mut self, buffer: &mut [u8]) -> std::io::Result<usize> {
        match self {
            Self::Plain(stream) => stream.read(buffer),
            Self::Tls(stream) => stream.0.read(buffer),
        }
    }
}

impl Write for Stream {
    fn write(&mut self, bytes: &[u8]) -> std::io::Result<usize> {
        match self {
            Self::Plain(stream) => stream.write(bytes),
            Self::Tls(stream) => stream.0.write(bytes),
        }
    }
    fn flush(&mut self) -> std::io::Result<()> {
        match self {
            Self::Plain(stream) => stream.flush(),
            Self::Tls(stream) => stream.0.flush(),
        }
    }
}
