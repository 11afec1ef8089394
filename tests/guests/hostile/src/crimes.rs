//! Misbehaving that gives no answer, and misbehaving on the way to one.

use std::hint::black_box;
use std::sync::atomic::{AtomicU32, Ordering};

use crate::bindings::regua::dunning::log::{Level, write};

/// Lines of a flood that ends.
const FLOOD_LINES: u32 = 1_000;

/// What a stage may not keep from one call to the next.
static CALLS: AtomicU32 = AtomicU32::new(0);

/// Does what is wanted, if it is of this kind. Comes back only from what can be survived.
pub fn commit(wanted: &str) {
    match wanted {
        "loop" => spin(),
        "memory" => drop(hoard()),
        "memory-and-live" => live_with_less(),
        "recursion" => drop(black_box(recurse(black_box(1)))),
        "shadow-stack" => drop(black_box(recurse_with_frame(black_box(1)))),
        "trap" => trap(),
        "panic" => panic!("on purpose"),
        "wild-pointer" => drop(black_box(read_at(usize::MAX - 3))),
        "log-flood" => flood(Some(FLOOD_LINES)),
        "log-flood-for-ever" => flood(None),
        "log-line-huge" => write(Level::Info, &"x".repeat(2 << 20)),
        "log-line-long" => write(Level::Info, &"é".repeat(1_000)),
        "log-not-utf-8" => write(Level::Info, &not_utf_8()),
        _ => {}
    }
}

pub fn spin() -> ! {
    loop {
        black_box(());
    }
}

pub fn trap() -> ! {
    core::arch::wasm32::unreachable()
}

/// How often this instance was asked: 1, unless instances are reused.
pub fn count_calls() -> u32 {
    CALLS.fetch_add(1, Ordering::Relaxed) + 1
}

/// Text as the guest's own language would never let it be.
#[allow(unsafe_code)]
pub fn not_utf_8() -> String {
    // SAFETY: none. The bytes are no UTF-8, which is the point: they go straight to the
    // host, and nothing here looks at them as text.
    unsafe { String::from_utf8_unchecked(vec![b'n', b'o', 0xff, 0xfe]) }
}

/// Until an allocation fails, which ends in an abort.
fn hoard() -> Vec<Vec<u8>> {
    let mut hoard: Vec<Vec<u8>> = Vec::new();
    loop {
        hoard.push(black_box(Vec::with_capacity(1 << 20)));
    }
}

/// Asks for far too much, is told no, and goes on.
fn live_with_less() {
    let mut greedy: Vec<u8> = Vec::new();
    assert!(greedy.try_reserve(1 << 30).is_err(), "a gibibyte was given");
}

/// Needs no memory of its own: only the host's stack fills.
#[inline(never)]
#[allow(unconditional_recursion, reason = "what it is for")]
fn recurse(n: u64) -> u64 {
    let one = recurse(n.wrapping_mul(3));
    recurse(one ^ n).wrapping_add(one)
}

/// The guest's own stack of 32 KiB, in its memory, is full first.
#[inline(never)]
#[allow(unconditional_recursion, reason = "what it is for")]
fn recurse_with_frame(n: u8) -> u8 {
    let mut frame = [n; 1 << 10];
    black_box(&mut frame);
    let deeper = recurse_with_frame(frame[n as usize]);
    black_box(&frame);
    deeper ^ frame[0]
}

#[allow(unsafe_code)]
fn read_at(address: usize) -> u32 {
    // SAFETY: none. The address lies beyond every memory; the sandbox is what holds.
    unsafe { std::ptr::read_volatile(std::ptr::without_provenance::<u32>(address)) }
}

fn flood(lines: Option<u32>) {
    let mut written = 0_u32;
    while lines != Some(written) {
        write(Level::Warn, "a line that nobody wants to read");
        written = written.wrapping_add(1);
    }
}
