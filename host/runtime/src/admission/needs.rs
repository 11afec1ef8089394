//! What a component needs of the pool of instances, told before a compiler sees it.

use wasmparser::{
    ComponentAlias, ComponentExternalKind, ComponentOuterAliasKind, ComponentTypeRef, Encoding,
    Instance, Parser, Payload,
};
use wasmtime::component::Component;

use super::AdmissionError;
use crate::limits::Limits;

/// Bytes of a wasm page.
const PAGE_BYTES: u64 = 64 << 10;

/// What one instance of a component has from the start.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(super) struct Needs {
    core_instances: u64,
    memories: u64,
    memory_bytes: u64,
    tables: u64,
    table_elements: u64,
}

/// Of what may be had, so much is near to all of it, percent.
const NEAR: u64 = 80;

/// What is to be told of a need that is near to its bound.
pub(super) fn near_to(what: &str, needs: u64, max: u64) -> Option<String> {
    let is_near = needs <= max && needs.saturating_mul(100) > max.saturating_mul(NEAR);
    is_near.then(|| format!("{needs} {what} of the {max} that are allowed"))
}

/// What is being read: a module, or a component with the modules it can instantiate. What
/// another component gave it is not known here.
enum Scope {
    Module(Needs),
    Component(Vec<Option<Needs>>),
}

impl Needs {
    /// The least that a component needs, read off its bytes: all of its own instances
    /// together, and of any single module. What the components in it instantiate comes on
    /// top: [`Self::of_compiled`] knows that.
    pub(super) fn at_least(component: &[u8]) -> Result<Self, AdmissionError> {
        let mut least = Self::default();
        let mut total = Self::default();
        let mut scopes: Vec<Scope> = Vec::new();
        for payload in Parser::new(0).parse_all(component) {
            match payload? {
                Payload::Version { encoding, .. } => scopes.push(match encoding {
                    Encoding::Module => Scope::Module(Self::default()),
                    Encoding::Component => Scope::Component(Vec::new()),
                }),
                Payload::End(_) => {
                    let ended = scopes.pop();
                    if let (Some(Scope::Module(needs)), Some(Scope::Component(modules))) =
                        (ended, scopes.last_mut())
                    {
                        least = least.or(needs);
                        modules.push(Some(needs));
                    }
                }
                Payload::InstanceSection(section) if scopes.len() == 1 => {
                    for instance in section {
                        if let (Instance::Instantiate { module_index, .. }, Some(scope)) =
                            (instance?, scopes.last())
                        {
                            total = total.and(scope.module(module_index));
                        }
                    }
                }
                payload => {
                    if let Some(scope) = scopes.last_mut() {
                        scope.take(payload)?;
                    }
                }
            }
        }
        Ok(least.or(total))
    }

    /// What a component needs; none where it imports modules, whose needs cannot be told.
    pub(super) fn of_compiled(component: &Component) -> Option<Self> {
        let needed = component.resources_required()?;
        let pages = needed.max_initial_memory_size.unwrap_or(0);
        Some(Self {
            core_instances: 0,
            memories: needed.num_memories.into(),
            memory_bytes: pages.saturating_mul(PAGE_BYTES),
            tables: needed.num_tables.into(),
            table_elements: needed.max_initial_table_size.unwrap_or(0),
        })
    }

    /// What of it is more than a stage may have.
    pub(super) fn problems(self, limits: &Limits) -> Vec<String> {
        let over = self.bounds(limits).into_iter();
        over.filter(|(_, needs, max)| needs > max)
            .map(|(what, needs, max)| format!("needs {needs} {what} where {max} are allowed"))
            .collect()
    }

    /// What of it is nearly as much as a stage may have, of what grows with what its author writes:
    /// how many instances, memories and tables there are is the language's tools' doing.
    pub(super) fn near(self, limits: &Limits) -> Vec<String> {
        let near = self.bounds(limits).into_iter();
        let near = near.filter(|(what, ..)| what.ends_with("at the start"));
        near.filter_map(|(what, needs, max)| near_to(what, needs, max))
            .collect()
    }

    /// What of each there may be.
    fn bounds(self, limits: &Limits) -> [(&'static str, u64, u64); 5] {
        [
            (
                "core instances",
                self.core_instances,
                u64::from(limits.core_instances_max),
            ),
            ("memories", self.memories, u64::from(limits.memories_max)),
            (
                "bytes of memory at the start",
                self.memory_bytes,
                limits.memory_max_bytes as u64,
            ),
            ("tables", self.tables, u64::from(limits.tables_max)),
            (
                "table elements at the start",
                self.table_elements,
                limits.table_elements_max as u64,
            ),
        ]
    }

    /// With the core instances of another, of which a compiled component does not tell.
    pub(super) const fn and_core_instances_of(self, other: Self) -> Self {
        Self {
            core_instances: other.core_instances,
            ..self
        }
    }

    /// Both of them.
    const fn and(self, other: Self) -> Self {
        Self {
            core_instances: self.core_instances.saturating_add(other.core_instances),
            memories: self.memories.saturating_add(other.memories),
            memory_bytes: self.memory_bytes.saturating_add(other.memory_bytes),
            tables: self.tables.saturating_add(other.tables),
            table_elements: self.table_elements.saturating_add(other.table_elements),
        }
    }

    /// Of each the larger.
    fn or(self, other: Self) -> Self {
        Self {
            core_instances: self.core_instances.max(other.core_instances),
            memories: self.memories.max(other.memories),
            memory_bytes: self.memory_bytes.max(other.memory_bytes),
            tables: self.tables.max(other.tables),
            table_elements: self.table_elements.max(other.table_elements),
        }
    }
}

impl Scope {
    /// What an instance of a module needs.
    fn module(&self, index: u32) -> Needs {
        let known = match self {
            Self::Component(modules) => modules.get(index as usize).copied().flatten(),
            Self::Module(_) => None,
        };
        Needs {
            core_instances: 1,
            ..known.unwrap_or_default()
        }
    }

    fn take(&mut self, payload: Payload<'_>) -> Result<(), AdmissionError> {
        match (self, payload) {
            (Self::Module(needs), Payload::MemorySection(section)) => {
                for memory in section {
                    needs.memories += 1;
                    let bytes = memory?.initial.saturating_mul(PAGE_BYTES);
                    needs.memory_bytes = needs.memory_bytes.saturating_add(bytes);
                }
            }
            (Self::Module(needs), Payload::TableSection(section)) => {
                for table in section {
                    needs.tables += 1;
                    let elements = table?.ty.initial;
                    needs.table_elements = needs.table_elements.saturating_add(elements);
                }
            }
            // These take a place in the list of modules.
            (Self::Component(modules), Payload::ComponentAliasSection(section)) => {
                for alias in section {
                    if is_module(&alias?) {
                        modules.push(None);
                    }
                }
            }
            (Self::Component(modules), Payload::ComponentImportSection(section)) => {
                for import in section {
                    if matches!(import?.ty, ComponentTypeRef::Module(_)) {
                        modules.push(None);
                    }
                }
            }
            (Self::Component(modules), Payload::ComponentExportSection(section)) => {
                for export in section {
                    if export?.kind == ComponentExternalKind::Module {
                        modules.push(None);
                    }
                }
            }
            _ => {}
        }
        Ok(())
    }
}

const fn is_module(alias: &ComponentAlias<'_>) -> bool {
    matches!(
        alias,
        ComponentAlias::InstanceExport {
            kind: ComponentExternalKind::Module,
            ..
        } | ComponentAlias::Outer {
            kind: ComponentOuterAliasKind::CoreModule,
            ..
        }
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    fn needs(source: &str) -> Needs {
        Needs::at_least(&wat::parse_str(source).unwrap()).unwrap()
    }

    #[test]
    fn every_instance_of_the_outermost_component_counts() {
        let twice = r"(component
            (core module $a (memory 3) (table 7 funcref))
            (core module $b (table 2 funcref) (table 1 funcref))
            (core instance (instantiate $a))
            (core instance (instantiate $a))
            (core instance (instantiate $b)))";
        assert_eq!(
            needs(twice),
            Needs {
                core_instances: 3,
                memories: 2,
                memory_bytes: 6 * PAGE_BYTES,
                tables: 4,
                table_elements: 17,
            }
        );
    }

    #[test]
    fn only_what_an_author_makes_grow_is_near_to_its_bound() {
        let limits = Limits::shipped();
        let all = Needs {
            core_instances: limits.core_instances_max.into(),
            memories: limits.memories_max.into(),
            memory_bytes: limits.memory_max_bytes as u64,
            tables: limits.tables_max.into(),
            table_elements: limits.table_elements_max as u64,
        };
        assert_eq!(
            all.near(&limits),
            [
                "67108864 bytes of memory at the start of the 67108864 that are allowed",
                "20000 table elements at the start of the 20000 that are allowed",
            ]
        );
        assert!(all.problems(&limits).is_empty());
    }

    #[test]
    fn a_module_that_another_component_gave_keeps_its_place_in_the_list() {
        let nested = r#"(component
            (component $inner
                (core module $m (memory 5))
                (export "m" (core module $m)))
            (instance $i (instantiate $inner))
            (alias export $i "m" (core module $given))
            (core module $own (memory 1))
            (core instance (instantiate $given))
            (core instance (instantiate $own)))"#;
        let needs = needs(nested);
        assert_eq!((needs.core_instances, needs.memories), (2, 1));
        // The module alone has more than what is known of the instances.
        assert_eq!(needs.memory_bytes, 5 * PAGE_BYTES);
    }
}
