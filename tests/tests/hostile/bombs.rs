//! Uploads made to be dear: components with more in them than one stage may have, and
//! modules and types made to fill the host's own stack.

use regua_test_kit::guest;

/// The component of a good guest, with these sections behind its own: an instance of each
/// core module, some of them many times.
pub fn with_instances(module: &str, times: u32) -> Vec<u8> {
    let mut component = guest::component(guest::LEAVES, "");
    let modules = sections_of(&component, 1);
    section(&mut component, 1, &wat::parse_str(module).unwrap());
    section(&mut component, 2, &instances_of(modules, times));
    component
}

/// The same, in a component of its own within the good one: what is instantiated there is known
/// only once it is compiled.
pub fn with_hidden_instances(module: &str, times: u32) -> Vec<u8> {
    let mut inner = EMPTY.to_vec();
    section(&mut inner, 1, &wat::parse_str(module).unwrap());
    section(&mut inner, 2, &instances_of(0, times));
    let mut component = guest::component(guest::LEAVES, "");
    let components = sections_of(&component, 4);
    section(&mut component, 4, &inner);
    section(&mut component, 5, &instances_of(components, 1));
    component
}

/// A component that has another in it, and does nothing with it.
pub fn within(component: &[u8]) -> Vec<u8> {
    let mut outer = EMPTY.to_vec();
    section(&mut outer, 4, component);
    outer
}

/// Instances of one module, or of one component, that is given nothing.
fn instances_of(index: u32, times: u32) -> Vec<u8> {
    let mut instances = leb(times);
    for _ in 0..times {
        // Instantiate, which, no arguments.
        instances.push(0);
        instances.extend(leb(index));
        instances.push(0);
    }
    instances
}

/// A component that is nothing but components in one another.
pub fn nested_components(depth: usize) -> Vec<u8> {
    let mut inner = EMPTY.to_vec();
    for _ in 0..depth {
        inner = within(&inner);
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

/// A function of so many locals, and `if`s that change one after another of them: each is
/// a place where the flow joins, with a value for every local.
pub fn joins(locals: usize, ifs: usize) -> Vec<u8> {
    let one = |n: usize| {
        let (test, from, to) = (n % locals, n * 31 % locals, n * 17 % locals);
        format!(
            "(if (local.get {test}) (then (local.set {to} (i32.add (local.get {from}) (i32.const 1)))))"
        )
    };
    looped(locals, &(0..ifs).map(one).collect::<String>())
}

/// A function of so many locals that all live as long as it.
pub fn live_locals(locals: usize, sums: usize) -> Vec<u8> {
    let one = |n: usize| {
        let (to, left, right) = (n * 104_729 % locals, n % locals, n * 7_919 % locals);
        format!("(local.set {to} (i32.add (local.get {left}) (local.get {right})))")
    };
    looped(locals, &(0..sums).map(one).collect::<String>())
}

/// A function with so many operands on its stack while the flow joins.
pub fn operands(operands: usize, ifs: usize) -> Vec<u8> {
    let body = [
        "(i32.load (i32.const 0)) ".repeat(operands),
        "(if (local.get 0) (then (local.set 0 (i32.const 1))))".repeat(ifs),
        "drop ".repeat(operands),
    ];
    guest::guest(
        guest::LEAVES,
        &format!("(func (local i32) {})", body.concat()),
    )
}

/// Many functions, each of which is let through.
pub fn many_joins(functions: usize, locals: usize, ifs: usize) -> Vec<u8> {
    let test = "(if (local.get 0) (then (local.set 1 (i32.const 1))))".repeat(ifs);
    let function = format!("(func (local {}) {test})", "i32 ".repeat(locals));
    guest::guest(guest::LEAVES, &function.repeat(functions))
}

/// Functions of so many loops one after the other, few bytes each: what a compiler does with them
/// grows faster than they do.
pub fn many_loops(functions: usize, loops: usize) -> Vec<u8> {
    let one = "(loop (local.set 0 (i32.add (local.get 0) (local.get 1))) (br_if 0 (local.get 0)))";
    let function = format!("(func (local i32 i32) {})", one.repeat(loops));
    guest::guest(guest::LEAVES, &function.repeat(functions))
}

/// A function of so many bytes, and a few more.
pub fn long_function(bytes: usize) -> Vec<u8> {
    guest::guest(guest::LEAVES, &format!("(func {})", "nop ".repeat(bytes)))
}

fn looped(locals: usize, body: &str) -> Vec<u8> {
    let locals = "i32 ".repeat(locals);
    let again = "(br_if 0 (i32.load (i32.const 0)))";
    guest::guest(
        guest::LEAVES,
        &format!("(func (local {locals}) (loop {body} {again}))"),
    )
}

const EMPTY: &[u8] = b"\0asm\x0d\0\x01\0";

/// How many sections of an id the outermost component has.
fn sections_of(component: &[u8], wanted: u8) -> u32 {
    let (mut at, mut found) = (EMPTY.len(), 0);
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
        found += u32::from(id == wanted);
        at += 1 + length;
    }
    found
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
