//! The outermost sections of a module or a component.

/// `\0asm`, and which it is.
const HEADER: usize = 8;

/// A section's id and what is in it.
pub type Section = (u8, Vec<u8>);

/// Takes wasm apart; what cannot be read as a section is dropped.
pub fn apart(wasm: &[u8]) -> (Vec<u8>, Vec<Section>) {
    let header = wasm[..wasm.len().min(HEADER)].to_vec();
    let mut rest = &wasm[header.len()..];
    let mut sections = Vec::new();
    while let Some((&id, behind)) = rest.split_first() {
        let Some((length, behind)) = leb(behind) else {
            break;
        };
        let Some((content, behind)) = behind.split_at_checked(length as usize) else {
            break;
        };
        sections.push((id, content.to_vec()));
        rest = behind;
    }
    (header, sections)
}

/// The reverse, with lengths as they are by now.
pub fn together(header: &[u8], sections: &[Section]) -> Vec<u8> {
    let mut wasm = header.to_vec();
    for (id, content) in sections {
        wasm.push(*id);
        push_leb(&mut wasm, content.len() as u32);
        wasm.extend(content);
    }
    wasm
}

fn leb(bytes: &[u8]) -> Option<(u32, &[u8])> {
    let mut number = 0_u32;
    for (at, byte) in bytes.iter().enumerate().take(5) {
        number |= u32::from(byte & 0x7f).checked_shl(7 * at as u32)?;
        if byte & 0x80 == 0 {
            return Some((number, &bytes[at + 1..]));
        }
    }
    None
}

fn push_leb(bytes: &mut Vec<u8>, mut number: u32) {
    while number > 0x7f {
        bytes.push(number as u8 | 0x80);
        number >>= 7;
    }
    bytes.push(number as u8);
}

#[test]
fn what_is_taken_apart_is_put_together_again() {
    let whole = regua_test_kit::guest::component(regua_test_kit::guest::LEAVES, "");
    let (header, sections) = apart(&whole);
    assert!(sections.len() > 3);
    assert_eq!(together(&header, &sections), whole);
}
