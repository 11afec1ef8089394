//! Uploads made to be dear: components with more in them than one stage may have, and
//! modules and types made to fill the host's own stack.

use regua_test_kit::guest;

/// The component of a good guest, with these sections behind its own: an instance of each
/// core module, some of them many times.
pub fn with_instances(module: &str, times: u32) -> Vec<u8> {
    let mut component = guest::component(guest::LEAVES, "");
    let modules = core_modules_of(&component);
    section(&mut component, 1, &wat::parse_str(module).unwrap());
    let mut instances = leb(times);
    for _ in 0..times {
        // Instantiate, which module, no arguments.
        instances.push(0);
        instances.extend(leb(modules));
        instances.push(0);
    }
    section(&mut component, 2, &instances);
    component
}

/// A component that is nothing but components in one another.
pub fn nested_components(depth: usize) -> Vec<u8> {
    let mut inner = EMPTY.to_vec();
    for _ in 0..depth {
        let mut outer = EMPTY.to_vec();
        section(&mut outer, 4, &inner);
        inner = outer;
    }
    inner
}

/// A component whose import of the contract's types hides a list of lists of lists.
pub fn nested_types(depth: u32) -> Vec<u8> {
    let lists: Vec<_> = (1..=depth)
        .map(|n| format!("(type $t{n} (list $t{}))", n - 1))
        .collect();
    let types = format!("(type $t0 (list u8)){}", lists.concat());
    let exported = r#"(import "regua:dunning/log@1.0.0" (instance
        (export "write" (func (param "text" $t))))"#
        .replace("$t", &format!("$t{depth}"));
    wat::parse_str(format!("(component {types} {exported}))")).unwrap()
}

/// A function body of blocks in one another.
pub fn nested_blocks(depth: usize) -> Vec<u8> {
    let body = format!("{}{}", "(block ".repeat(depth), ")".repeat(depth));
    guest::guest(guest::LEAVES, &format!("(func {body})"))
}

const EMPTY: &[u8] = b"\0asm\x0d\0\x01\0";

/// Sections with the id 1, of the outermost component.
fn core_modules_of(component: &[u8]) -> u32 {
    let (mut at, mut modules) = (EMPTY.len(), 0);
    while let Some(&id) = component.get(at) {
        let mut shift = 0;
        let mut length = 0_usize;
        loop {
            at += 1;
            length |= usize::from(component[at] & 0x7f) << shift;
            shift += 7;
            if component[at] & 0x80 == 0 {
                break;
            }
        }
        modules += u32::from(id == 1);
        at += 1 + length;
    }
    modules
}

fn section(component: &mut Vec<u8>, id: u8, content: &[u8]) {
    component.push(id);
    component.extend(leb(u32::try_from(content.len()).unwrap()));
    component.extend(content);
}

fn leb(mut number: u32) -> Vec<u8> {
    let mut bytes = Vec::new();
    loop {
        let low = (number & 0x7f) as u8;
        number >>= 7;
        if number == 0 {
            bytes.push(low);
            return bytes;
        }
        bytes.push(low | 0x80);
    }
}
