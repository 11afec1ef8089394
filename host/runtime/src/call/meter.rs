//! Memory and tables of one instance, totalled.

use wasmtime::ResourceLimiter;

/// wasmtime asks per memory and per table; the limits are for all of an instance.
#[derive(Debug)]
pub(crate) struct Meter {
    memory: Account,
    memory_peak_bytes: usize,
    tables: Account,
    denied: Option<Denied>,
    host_failed: Option<String>,
}

/// So much of something is in use, and so much may be.
#[derive(Debug)]
struct Account {
    used: usize,
    max: usize,
}

impl Account {
    /// Takes a growth in, or gives the total that it would have led to.
    fn grow(&mut self, from: usize, to: usize, own_max: Option<usize>) -> Result<(), usize> {
        let total = self.used.saturating_add(to.saturating_sub(from));
        if total > self.max || own_max.is_some_and(|max| to > max) {
            return Err(total);
        }
        self.used = total;
        Ok(())
    }
}

/// A growth that was refused.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Denied {
    Memory { bytes: usize },
    Table { elements: usize },
}

impl Meter {
    pub(crate) const fn new(memory_max_bytes: usize, table_elements_max: usize) -> Self {
        Self {
            memory: Account {
                used: 0,
                max: memory_max_bytes,
            },
            memory_peak_bytes: 0,
            tables: Account {
                used: 0,
                max: table_elements_max,
            },
            denied: None,
            host_failed: None,
        }
    }

    pub(crate) const fn memory_peak_bytes(&self) -> usize {
        self.memory_peak_bytes
    }

    pub(crate) const fn memory_max_bytes(&self) -> usize {
        self.memory.max
    }

    pub(crate) const fn table_elements_max(&self) -> usize {
        self.tables.max
    }

    /// The last growth, where it was refused for a limit. A guest that got what it asked
    /// for since has found another way: what it dies of then is something else.
    pub(crate) const fn denied(&self) -> Option<Denied> {
        self.denied
    }

    /// Why a growth within the limits failed: the machine's fault, not the stage's.
    pub(crate) fn host_failed(&self) -> Option<&str> {
        self.host_failed.as_deref()
    }
}

impl ResourceLimiter for Meter {
    fn memory_growing(
        &mut self,
        current: usize,
        desired: usize,
        maximum: Option<usize>,
    ) -> wasmtime::Result<bool> {
        let grown = self.memory.grow(current, desired, maximum);
        self.denied = grown.err().map(|bytes| Denied::Memory { bytes });
        self.memory_peak_bytes = self.memory_peak_bytes.max(self.memory.used);
        Ok(grown.is_ok())
    }

    fn memory_grow_failed(&mut self, error: wasmtime::Error) -> wasmtime::Result<()> {
        // Growths over a limit were refused above: what fails here was allowed.
        self.host_failed = Some(format!("{error:#}"));
        Ok(())
    }

    fn table_growing(
        &mut self,
        current: usize,
        desired: usize,
        maximum: Option<usize>,
    ) -> wasmtime::Result<bool> {
        let grown = self.tables.grow(current, desired, maximum);
        self.denied = grown.err().map(|elements| Denied::Table { elements });
        Ok(grown.is_ok())
    }
}
