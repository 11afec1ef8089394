//! A client of the API that costs next to nothing: one connection that is kept, one call at a
//! time. For measuring; what a client has to cope with is tried elsewhere.

use std::io::{BufRead as _, BufReader, Read as _, Write as _};
use std::net::TcpStream;
use std::time::Duration;

use anyhow::{Context as _, Result, bail};

/// An answer takes so long at most.
const PATIENCE: Duration = Duration::from_mins(2);

/// A connection to a host.
#[derive(Debug)]
pub struct Client {
    address: String,
    token: String,
    stream: BufReader<TcpStream>,
}

impl Client {
    /// Connects to `host:port`, with a key.
    pub fn connect(address: &str, token: &str) -> Result<Self> {
        let stream =
            TcpStream::connect(address).with_context(|| format!("no host at {address}"))?;
        stream.set_nodelay(true)?;
        stream.set_read_timeout(Some(PATIENCE))?;
        Ok(Self {
            address: address.to_owned(),
            token: token.to_owned(),
            stream: BufReader::new(stream),
        })
    }

    /// Looks at something; answers the body.
    pub fn get(&mut self, path: &str) -> Result<String> {
        self.call("GET", path, "application/json", b"")
    }

    /// Posts something; answers the body.
    pub fn post(&mut self, path: &str, media_type: &str, body: impl AsRef<[u8]>) -> Result<String> {
        self.call("POST", path, media_type, body.as_ref())
    }

    fn call(&mut self, method: &str, path: &str, media_type: &str, body: &[u8]) -> Result<String> {
        let head = format!(
            "{method} {path} HTTP/1.1\r\nhost: {}\r\nauthorization: Bearer {}\r\n\
             content-type: {media_type}\r\ncontent-length: {}\r\n\r\n",
            self.address,
            self.token,
            body.len()
        );
        // In one piece: what is small leaves as one packet.
        let request = [head.as_bytes(), body].concat();
        self.stream.get_mut().write_all(&request)?;
        let (status, length) = self.head()?;
        let mut answer = vec![0; length];
        self.stream.read_exact(&mut answer)?;
        let answer = String::from_utf8(answer)?;
        if !(200..300).contains(&status) {
            bail!("{method} {path}: {status} {answer}");
        }
        Ok(answer)
    }

    /// The status, and how long the body is.
    fn head(&mut self) -> Result<(u16, usize)> {
        let mut line = String::new();
        self.stream.read_line(&mut line)?;
        let status = line.split(' ').nth(1).context("no status")?.parse()?;
        let mut length = 0;
        loop {
            line.clear();
            self.stream.read_line(&mut line)?;
            let header = line.trim_end().to_ascii_lowercase();
            if header.is_empty() {
                return Ok((status, length));
            }
            if let Some(value) = header.strip_prefix("content-length:") {
                length = value.trim().parse()?;
            }
        }
    }
}
