//! Good uploads, spoilt: anywhere, or within sections whose lengths still fit, so that what reads
//! them comes further.

use std::ops::Range;

use regua_tests::chance::Chance;

use crate::sections::{Section, apart, together};

/// Bytes that mean something in many places.
const TELLING: [u8; 14] = [
    0x00, 0x01, 0x02, 0x0b, 0x10, 0x40, 0x41, 0x60, 0x6f, 0x70, 0x7e, 0x7f, 0x80, 0xff,
];
/// Bytes that are taken out or put elsewhere at once.
const PIECE_BYTES_MAX: u64 = 64;

/// A few changes; pieces come from others, too.
pub fn mutated(chance: &mut Chance, mut wasm: Vec<u8>, others: &[Vec<u8>]) -> Vec<u8> {
    for _ in 0..=chance.below(4) {
        let other = &others[chance.below(others.len() as u64) as usize];
        if chance.is(2) {
            bytes(chance, &mut wasm, other);
        } else {
            let (header, mut sections) = apart(&wasm);
            if sections.is_empty() {
                bytes(chance, &mut wasm, other);
            } else {
                within(chance, &mut sections, other);
                wasm = together(&header, &sections);
            }
        }
    }
    wasm
}

/// Within sections, or of whole sections.
fn within(chance: &mut Chance, sections: &mut Vec<Section>, other: &[u8]) {
    let at = chance.below(sections.len() as u64) as usize;
    match chance.below(10) {
        0 => drop(sections.remove(at)),
        1 => {
            let again = sections[at].clone();
            sections.insert(chance.below(sections.len() as u64) as usize, again);
        }
        2 => {
            let with = chance.below(sections.len() as u64) as usize;
            sections.swap(at, with);
        }
        3 => {
            let (_, theirs) = apart(other);
            if !theirs.is_empty() {
                let theirs = theirs[chance.below(theirs.len() as u64) as usize].clone();
                sections.insert(at, theirs);
            }
        }
        4 => sections[at].0 = chance.below(14) as u8,
        5 if sections[at].1.starts_with(b"\0asm") => {
            // A module in a component: the same, one deeper.
            let (header, mut inner) = apart(&sections[at].1);
            if !inner.is_empty() {
                within(chance, &mut inner, other);
                sections[at].1 = together(&header, &inner);
            }
        }
        _ => bytes(chance, &mut sections[at].1, other),
    }
}

/// One change of bytes.
fn bytes(chance: &mut Chance, of: &mut Vec<u8>, other: &[u8]) {
    let piece = piece(chance, of.len());
    let at = chance.below(of.len() as u64 + 1) as usize;
    match chance.below(8) {
        0 | 1 if !of.is_empty() => {
            let at = at.min(of.len() - 1);
            of[at] ^= 1 << chance.below(8);
        }
        2 | 3 if !of.is_empty() => {
            let at = at.min(of.len() - 1);
            of[at] = chance.of(&TELLING);
        }
        4 => drop(of.drain(piece)),
        5 => {
            let again = of[piece].to_vec();
            drop(of.splice(at..at, again));
        }
        6 => {
            let theirs = other[self::piece(chance, other.len())].to_vec();
            drop(of.splice(piece, theirs));
        }
        _ if chance.is(1) => of.truncate(at),
        _ => {
            let count = chance.below(8) as usize;
            let new = chance.bytes(count);
            drop(of.splice(at..at, new));
        }
    }
}

fn piece(chance: &mut Chance, length: usize) -> Range<usize> {
    let from = chance.below(length as u64 + 1) as usize;
    let until = from + chance.below(PIECE_BYTES_MAX) as usize;
    from..until.min(length)
}
