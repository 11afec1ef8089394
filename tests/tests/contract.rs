//! The contract is frozen: its shape is pinned, and what is said of it is true.

use std::fmt::Write as _;

use regua_runtime::Limits;
use regua_test_kit::guest::{WIT, wit_with};
use wit_parser::{Function, Handle, Resolve, Type, TypeDefKind, WorldItem, WorldKey};

/// The shape of version 1.0.0: every type, field, case and function, without words.
const SHAPE: &str = include_str!("../../wit/v1/shape.txt");
const README: &str = include_str!("../../wit/README.md");

#[test]
fn the_shape_of_version_1_never_changes() {
    let shape = Shape::of(WIT);
    let (mut now, mut then) = (shape.lines(), SHAPE.lines());
    loop {
        let (now, then) = (now.next(), then.next());
        assert_eq!(
            now, then,
            "\n\nwit/v1/stage.wit no longer has the shape that was published as 1.0.0, which \
             wit/v1/shape.txt holds.\nA published interface is never edited, for every plugin \
             that was built before would break: see `How it changes` in wit/README.md. Words \
             may change at any time; a new hook is a new world in a new minor version, and a \
             breaking change is a new folder `v2`.\nThe whole shape is now:\n\n{shape}"
        );
        if now.is_none() {
            break;
        }
    }
}

#[test]
fn words_and_the_order_of_types_are_no_part_of_the_shape() {
    let is_code = |line: &&str| !line.trim_start().starts_with("///");
    let without_words: Vec<&str> = WIT.lines().filter(is_code).collect();
    assert_eq!(Shape::of(&without_words.join("\n")), SHAPE);
    for (from, to) in [
        (
            "days-overdue: s32,\n    original",
            "days-overdue: u32,\n    original",
        ),
        (
            "enum disposition { chased, placed }",
            "enum disposition { placed, chased }",
        ),
        (
            "permille: u16, model: string",
            "model: string, permille: u16",
        ),
        ("on-event,", "on-event, never,"),
        ("  import log;", ""),
    ] {
        let edited = wit_with(from, to);
        assert_ne!(Shape::of(&edited), SHAPE, "{from}");
    }
}

#[test]
fn the_table_of_versions_names_this_host_and_this_sdk() {
    let (major, minor) = (
        env!("CARGO_PKG_VERSION_MAJOR"),
        env!("CARGO_PKG_VERSION_MINOR"),
    );
    // Host, SDK and this crate take their version from the workspace.
    let row = format!("| {major}.{minor} | 1.0.0 | {major}.{minor} |");
    assert!(README.lines().any(|line| line == row), "no row `{row}`");
}

#[test]
fn the_table_of_limits_is_what_the_host_ships_with() {
    let Limits {
        fuel_max,
        memory_max_bytes,
        table_elements_max,
        deadline_ms,
        output_max_bytes,
        log_lines_max,
        log_line_max_bytes,
        wasm_max_bytes,
        stack_max_bytes,
        core_instances_max,
        memories_max,
        tables_max,
        compile_memory_max_bytes,
        compile_cpu_s,
    } = Limits::shipped();
    for row in [
        format!("| fuel of a call, about one a wasm instruction | {fuel_max} |"),
        format!(
            "| memory of an instance | {} MiB, in at most {memories_max} memories |",
            memory_max_bytes >> 20
        ),
        format!(
            "| table elements of an instance | {table_elements_max}, in at most {tables_max} tables |"
        ),
        format!("| core instances of a component | {core_instances_max} |"),
        format!("| wall-clock time of a call | {deadline_ms} ms |"),
        format!("| native stack | {} KiB |", stack_max_bytes >> 10),
        format!("| what one call returns | {} MiB |", output_max_bytes >> 20),
        format!("| log | {log_lines_max} lines of {log_line_max_bytes} bytes |"),
        format!("| an upload | {} MiB |", wasm_max_bytes >> 20),
        format!(
            "| its compilation | {compile_cpu_s} s of processor time, {} MiB |",
            compile_memory_max_bytes >> 20
        ),
    ] {
        assert!(README.lines().any(|line| line == row), "no row `{row}`");
    }
}

/// Writes a line for every field, case and function. The order of types means nothing, and
/// they are sorted; that of fields and cases is part of the shape.
struct Shape<'a> {
    resolve: &'a Resolve,
    lines: Vec<String>,
}

impl Shape<'_> {
    fn of(wit: &str) -> String {
        let mut resolve = Resolve::default();
        let package = resolve.push_str("stage.wit", wit).unwrap();
        let package = &resolve.packages[package];
        let mut shape = Shape {
            resolve: &resolve,
            lines: Vec::new(),
        };
        for (name, interface) in &package.interfaces {
            let interface = &resolve.interfaces[*interface];
            for (of, id) in &interface.types {
                shape.type_of(&format!("{name}.{of}"), &resolve.types[*id].kind);
            }
            for (of, function) in &interface.functions {
                let function = shape.function(function);
                shape.lines.push(format!("{name}.{of}: {function}"));
            }
        }
        for (name, world) in &package.worlds {
            let world = &resolve.worlds[*world];
            for (direction, items) in [("import", &world.imports), ("export", &world.exports)] {
                for (key, item) in items {
                    let item = shape.item(key, item);
                    shape
                        .lines
                        .push(format!("world {name}: {direction} {item}"));
                }
            }
        }
        shape.lines.sort();
        format!("{}\n{}\n", package.name, shape.lines.join("\n"))
    }

    fn type_of(&mut self, name: &str, kind: &TypeDefKind) {
        match kind {
            TypeDefKind::Record(record) => {
                for (at, field) in record.fields.iter().enumerate() {
                    let ty = self.name(&field.ty);
                    self.line(name, "record", at, &format!("{}: {ty}", field.name));
                }
            }
            TypeDefKind::Variant(variant) => {
                for (at, case) in variant.cases.iter().enumerate() {
                    let of = case
                        .ty
                        .map_or_else(String::new, |ty| format!("({})", self.name(&ty)));
                    self.line(name, "variant", at, &format!("{}{of}", case.name));
                }
            }
            TypeDefKind::Enum(cases) => {
                for (at, case) in cases.cases.iter().enumerate() {
                    self.line(name, "enum", at, &case.name);
                }
            }
            other => {
                let other = self.kind(other);
                self.lines.push(format!("{name} = {other}"));
            }
        }
    }

    fn line(&mut self, name: &str, kind: &str, at: usize, text: &str) {
        self.lines.push(format!("{kind} {name} {at:02} {text}"));
    }

    fn name(&self, of: &Type) -> String {
        let Type::Id(id) = of else {
            return format!("{of:?}").to_lowercase();
        };
        let definition = &self.resolve.types[*id];
        match &definition.name {
            Some(name) => name.clone(),
            None => self.kind(&definition.kind),
        }
    }

    fn kind(&self, kind: &TypeDefKind) -> String {
        let optional = |of: &Option<Type>| of.as_ref().map_or("_".to_owned(), |ty| self.name(ty));
        match kind {
            TypeDefKind::List(of) => format!("list<{}>", self.name(of)),
            TypeDefKind::Option(of) => format!("option<{}>", self.name(of)),
            TypeDefKind::Tuple(of) => {
                let parts: Vec<_> = of.types.iter().map(|ty| self.name(ty)).collect();
                format!("tuple<{}>", parts.join(", "))
            }
            TypeDefKind::Result(of) => {
                format!("result<{}, {}>", optional(&of.ok), optional(&of.err))
            }
            TypeDefKind::Type(of) => self.name(of),
            TypeDefKind::Handle(Handle::Own(id) | Handle::Borrow(id)) => {
                format!("handle {:?}", self.resolve.types[*id].name)
            }
            other => other.as_str().to_owned(),
        }
    }

    fn function(&self, function: &Function) -> String {
        let mut text = "func(".to_owned();
        for (at, param) in function.params.iter().enumerate() {
            let comma = if at == 0 { "" } else { ", " };
            let _ = write!(text, "{comma}{}: {}", param.name, self.name(&param.ty));
        }
        text.push(')');
        if let Some(result) = &function.result {
            let _ = write!(text, " -> {}", self.name(result));
        }
        text
    }

    fn item(&self, key: &WorldKey, item: &WorldItem) -> String {
        let name = self.resolve.name_world_key(key);
        match item {
            WorldItem::Function(function) => format!("{name}: {}", self.function(function)),
            WorldItem::Interface { .. } => name,
            WorldItem::Type { id, .. } => format!("type {name} = {}", self.name(&Type::Id(*id))),
        }
    }
}
