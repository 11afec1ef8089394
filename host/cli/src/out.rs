//! What is written to the terminal, every text of it made harmless first: replies, codes,
//! references and names come from others. Whoever reads standard output may stop: that
//! ends the process quietly.

mod difference;
mod plain;

use std::fmt::Arguments;
use std::io::{self, ErrorKind, Write};
use std::sync::atomic::{AtomicBool, Ordering};

pub(crate) use difference::difference;
pub(crate) use plain::line;

/// Whether lines go to standard error, for standard output is one document.
static IS_ASIDE: AtomicBool = AtomicBool::new(false);

/// From now on lines go to standard error, and [`put_text`] alone to standard output.
pub(crate) fn say_aside() {
    IS_ASIDE.store(true, Ordering::Relaxed);
}

/// A count of something, whose name ends with an `s` where there is not one of it.
pub(crate) fn counted(number: u64, one: &str) -> String {
    let end = if number == 1 { "" } else { "s" };
    format!("{number} {one}{end}")
}

/// Writes a line. Where what it tells has several, they are shown as one.
pub(crate) fn say_line(text: Arguments<'_>) {
    if IS_ASIDE.load(Ordering::Relaxed) {
        return note_line(text);
    }
    write(&format!("{}\n", line(&text.to_string())));
}

/// Writes a text of a plugin's, its further lines as far in as the first one's begins: none of them
/// passes for a line of the host's.
pub(crate) fn say_lines(begin: &str, text: &str) {
    let margin = format!("\n{:1$}", "", begin.chars().count());
    write(&plain::lines(&format!(
        "{begin}{}\n",
        text.trim_end().replace('\n', &margin)
    )));
}

/// Writes text that has its own lines.
pub(crate) fn put_text(text: Arguments<'_>) {
    write(&plain::lines(&text.to_string()));
}

/// Writes a line on standard error. Where nobody reads it, it is lost.
pub(crate) fn note_line(text: Arguments<'_>) {
    let _ = writeln!(io::stderr(), "{}", line(&text.to_string()));
}

fn write(text: &str) {
    let mut out = io::stdout().lock();
    if let Err(error) = out.write_all(text.as_bytes()).and_then(|()| out.flush()) {
        if error.kind() != ErrorKind::BrokenPipe {
            note_line(format_args!(
                "error: cannot write to standard output: {error}"
            ));
        }
        std::process::exit(1);
    }
}

/// Standard error for the log: it is given one event at a time, which stays one line.
#[derive(Debug)]
pub(crate) struct LogWriter;

impl Write for LogWriter {
    fn write(&mut self, event: &[u8]) -> io::Result<usize> {
        let text = String::from_utf8_lossy(event);
        let text = line(text.strip_suffix('\n').unwrap_or(&text));
        writeln!(io::stderr(), "{text}")?;
        Ok(event.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        io::stderr().flush()
    }
}

/// A line on standard output.
macro_rules! say {
    ($($text:tt)*) => { $crate::out::say_line(format_args!($($text)*)) };
}

/// Text with lines of its own on standard output.
macro_rules! put {
    ($($text:tt)*) => { $crate::out::put_text(format_args!($($text)*)) };
}

/// A line on standard error: what is to be known beside what was asked for.
macro_rules! note {
    ($($text:tt)*) => { $crate::out::note_line(format_args!($($text)*)) };
}

pub(crate) use {note, put, say};
