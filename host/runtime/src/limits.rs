//! What one stage may use.

use serde::{Deserialize, Serialize};

/// Bounds of one component and of one call. There is no `Default`: whoever starts a
/// runtime says what its stages may use, and [`Limits::shipped`] is the one place that
/// holds the values the host comes with.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Limits {
    /// Fuel of one call, about one unit a wasm instruction. The limit a tenant sees: the
    /// same call burns the same fuel in a test and in production.
    pub fuel_max: u64,
    /// Bytes of all linear memories of one instance together.
    pub memory_max_bytes: usize,
    /// Elements of all tables of one instance together.
    pub table_elements_max: usize,
    /// Wall-clock milliseconds of one call: the backstop behind fuel.
    pub deadline_ms: u64,
    /// Bytes that the host allocates to lift one value the guest hands over, and the
    /// fuel of one host call in wasmtime's sense.
    pub output_max_bytes: usize,
    /// Log lines kept of one call.
    pub log_lines_max: u32,
    /// Bytes kept of one log line; what is longer is cut at a character.
    pub log_line_max_bytes: usize,
    /// Bytes of an uploaded module or component.
    pub wasm_max_bytes: usize,
    /// Bytes of native stack that wasm may use. Threads that run calls need twice as much.
    pub stack_max_bytes: usize,
    /// Core instances in one component. Python and JavaScript toolchains link dozens.
    pub core_instances_max: u32,
    /// Linear memories in one component.
    pub memories_max: u32,
    /// Tables in one component.
    pub tables_max: u32,
    /// Bytes of memory that the compiler may take for one component.
    pub compile_memory_max_bytes: u64,
    /// Seconds of processor time that it may take, of all its threads together: a machine that is
    /// busy has more patience, and the same verdict.
    pub compile_cpu_s: u64,
}

impl Limits {
    /// The values the host comes with. A Rust stage burns some ten thousand fuel and
    /// 128 KiB; the room is for JavaScript and Python.
    pub const fn shipped() -> Self {
        Self {
            fuel_max: 200_000_000,
            memory_max_bytes: 64 << 20,
            table_elements_max: 20_000,
            deadline_ms: 2_000,
            output_max_bytes: 1 << 20,
            log_lines_max: 100,
            log_line_max_bytes: 1 << 10,
            wasm_max_bytes: 32 << 20,
            stack_max_bytes: 512 << 10,
            core_instances_max: 64,
            memories_max: 3,
            tables_max: 8,
            compile_memory_max_bytes: 2 << 30,
            compile_cpu_s: 60,
        }
    }
}

/// How many engines there are, how many instances of each may exist at once, and what of
/// their memory stays mapped.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct PoolSize {
    /// Engines: one a worker thread, so that calls on two of them share nothing. Each holds
    /// the code of every stage that is loaded.
    pub engines: usize,
    /// Component instances of one engine alive at the same instant: one for its worker, and
    /// some for threads that are no workers and share the first engine.
    pub instances: u32,
    /// Bytes of a linear memory that are reset by a copy, so that the next call finds their pages
    /// there. Above what usual guests write in a call, a JavaScript stage half a MiB: each page
    /// beyond it is a fault, which interrupts all other workers.
    pub memory_keep_resident_bytes: usize,
    /// Stages kept loaded; the one unused for longest makes room.
    pub stages_loaded_max: usize,
}

impl PoolSize {
    /// Room for a number of worker threads.
    pub const fn for_workers(workers: usize) -> Self {
        Self {
            engines: workers,
            instances: 16,
            memory_keep_resident_bytes: 1 << 20,
            stages_loaded_max: 1_000,
        }
    }
}
