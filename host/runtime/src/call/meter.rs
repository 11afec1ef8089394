//! Memory and tables of one instance, totalled.

use wasmtime::ResourceLimiter;

/// wasmtime asks per memory and per table; the limits are for all of an instance.
#[derive(Debug)]
pub(crate) struct Meter {
    memory_bytes: usize,
    memory_peak_bytes: usize,
    memory_max_bytes: usize,
    table_elements: usize,
    table_elements_max: usize,
    denied: Option<Denied>,
    host_failed: Option<String>,
}

/// A growth that was refused.
#[derive(Debug, Clone, Copy)]
pub(crate) enum Denied {
    Memory { bytes: usize },
    Table { elements: usize },
}

impl Meter {
    pub(crate) const fn new(memory_max_bytes: usize, table_elements_max: usize) -> Self {
        Self {
            memory_bytes: 0,
            memory_peak_bytes: 0,
            memory_max_bytes,
            table_elements: 0,
            table_elements_max,
            denied: None,
            host_failed: None,
        }
    }

    pub(crate) const fn memory_peak_bytes(&self) -> usize {
        self.memory_peak_bytes
    }

    pub(crate) const fn memory_max_bytes(&self) -> usize {
        self.memory_max_bytes
    }

    pub(crate) const fn table_elements_max(&self) -> usize {
        self.table_elements_max
    }

    /// The last growth that was refused for a limit.
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
        let total = self
            .memory_bytes
            .saturating_add(desired.saturating_sub(current));
        if total > self.memory_max_bytes || maximum.is_some_and(|maximum| desired > maximum) {
            self.denied = Some(Denied::Memory { bytes: total });
            return Ok(false);
        }
        self.memory_bytes = total;
        self.memory_peak_bytes = self.memory_peak_bytes.max(total);
        Ok(true)
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
        let total = self
            .table_elements
            .saturating_add(desired.saturating_sub(current));
        if total > self.table_elements_max || maximum.is_some_and(|maximum| desired > maximum) {
            self.denied = Some(Denied::Table { elements: total });
            return Ok(false);
        }
        self.table_elements = total;
        Ok(true)
    }
}
