//! Standard output. Whoever reads it may stop: that ends the process quietly.

use std::fmt::Arguments;
use std::io::{ErrorKind, Write as _};

/// Writes text; where nobody reads it any more, the process ends.
pub(crate) fn write(text: Arguments<'_>) {
    let mut out = std::io::stdout().lock();
    if let Err(error) = out.write_fmt(text).and_then(|()| out.flush()) {
        if error.kind() != ErrorKind::BrokenPipe {
            eprintln!("error: cannot write to standard output: {error}");
        }
        std::process::exit(1);
    }
}

/// A line on standard output.
macro_rules! say {
    ($($text:tt)*) => {
        $crate::out::write(format_args!("{}\n", format_args!($($text)*)))
    };
}

/// Text on standard output.
macro_rules! put {
    ($($text:tt)*) => {
        $crate::out::write(format_args!($($text)*))
    };
}

pub(crate) use {put, say};
