//! The engines, their configuration and their clock tick.

use std::collections::HashMap;
use std::path::PathBuf;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex, mpsc};
use std::thread::JoinHandle;
use std::time::Duration;

use wasmtime::component::Linker;
use wasmtime::{
    Config, Enabled, Engine, InstanceAllocationStrategy, PoolingAllocationConfig, Strategy,
};

use crate::cache::NativeCache;
use crate::call::{CallState, link};
use crate::compiler::Compiler;
use crate::digest::hash_hex;
use crate::limits::{Limits, PoolSize};
use crate::stage::Stage;

/// The wasmtime line this crate is written for: the readable part of the engine's hash.
const WASMTIME_LINE: &str = "48";

/// Milliseconds between two ticks of the epoch.
pub(crate) const TICK_MS: u64 = 10;

/// What a runtime is made of.
#[derive(Debug, Clone)]
pub struct RuntimeConfig {
    /// What one stage may use.
    pub limits: Limits,
    /// Where native code is kept; made where it does not exist.
    pub cache_dir: PathBuf,
    /// How many instances may exist at once.
    pub pool: PoolSize,
    /// Where components become native code.
    pub compiler: Compiler,
}

/// Why there is no runtime.
#[derive(Debug, thiserror::Error)]
pub enum StartError {
    /// The engine refused its configuration, or its memory could not be reserved.
    #[error("cannot start the engine: {0}")]
    Engine(String),
    /// The folder for native code cannot be used.
    #[error("cannot use {path} for native code")]
    CacheDir {
        /// Which folder.
        path: PathBuf,
        /// What the system said.
        #[source]
        source: std::io::Error,
    },
    /// The thread that ticks could not be started.
    #[error("cannot start the ticker")]
    Ticker(#[source] std::io::Error),
}

/// Admits, loads and calls stages. One a process; shared behind an `Arc`.
pub struct Runtime {
    /// One a worker thread, all alike. Threads that make their calls on one engine wait for
    /// its pool of instances, and pass each other's memory from core to core.
    /// Each is here by its linker.
    pub(crate) linkers: Box<[Linker<CallState>]>,
    pub(crate) limits: Arc<Limits>,
    pub(crate) cache: NativeCache,
    pub(crate) loaded: Mutex<HashMap<String, (u64, Arc<Stage>)>>,
    pub(crate) uses: AtomicU64,
    stages_loaded_max: usize,
    compiler: Compiler,
    engine_hash: String,
    _ticker: Ticker,
}

impl std::fmt::Debug for Runtime {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Runtime")
            .field("engine_hash", &self.engine_hash)
            .field("limits", &self.limits)
            .finish_non_exhaustive()
    }
}

impl Runtime {
    /// Starts the engines, their ticker, and opens the cache of native code.
    pub fn new(config: RuntimeConfig) -> Result<Self, StartError> {
        let RuntimeConfig {
            limits,
            cache_dir,
            pool,
            compiler,
        } = config;
        let failed = |error: wasmtime::Error| StartError::Engine(format!("{error:#}"));
        let engine_config = engine_config(&limits, pool);
        let engines = (0..pool.engines.max(1))
            .map(|_| Engine::new(&engine_config))
            .collect::<Result<Vec<_>, _>>()
            .map_err(failed)?;
        let linkers = engines
            .iter()
            .map(link)
            .collect::<Result<_, _>>()
            .map_err(failed)?;
        let hash = hash_hex(&engines[0].precompile_compatibility_hash());
        let engine_hash = format!("wasmtime-{WASMTIME_LINE}-{}", &hash[..16]);
        let cache =
            NativeCache::open(&cache_dir, &engine_hash).map_err(|source| StartError::CacheDir {
                path: cache_dir,
                source,
            })?;
        let ticker = Ticker::start(engines).map_err(StartError::Ticker)?;
        Ok(Self {
            linkers,
            limits: Arc::new(limits),
            cache,
            loaded: Mutex::default(),
            uses: AtomicU64::default(),
            stages_loaded_max: pool.stages_loaded_max.max(1),
            compiler,
            engine_hash,
            _ticker: ticker,
        })
    }

    /// What one stage may use.
    pub fn limits(&self) -> &Limits {
        &self.limits
    }

    /// The first of the engines, which compiles for all.
    pub(crate) fn engine(&self) -> &Engine {
        self.linkers[0].engine()
    }

    pub(crate) const fn compiler(&self) -> &Compiler {
        &self.compiler
    }

    /// Names the engine and its configuration: same hash, same native code, same answers.
    /// Goes beside whatever depends on them.
    pub fn engine_hash(&self) -> &str {
        &self.engine_hash
    }

    /// Keeps a stage loaded, and another one no longer where there are too many. Of a stage that
    /// was loaded twice at once, all get the first.
    pub(crate) fn remember(&self, stage: Stage) -> Arc<Stage> {
        let mut loaded = self
            .loaded
            .lock()
            .unwrap_or_else(std::sync::PoisonError::into_inner);
        if let Some((_, first)) = loaded.get(stage.digest()) {
            return Arc::clone(first);
        }
        while loaded.len() >= self.stages_loaded_max {
            let Some(oldest) = loaded
                .iter()
                .min_by_key(|(_, (used, _))| *used)
                .map(|(digest, _)| digest.clone())
            else {
                break;
            };
            loaded.remove(&oldest);
        }
        let now = self.uses.fetch_add(1, Ordering::Relaxed);
        let stage = Arc::new(stage);
        loaded.insert(stage.digest().to_owned(), (now, Arc::clone(&stage)));
        stage
    }
}

pub(crate) fn engine_config(limits: &Limits, pool: PoolSize) -> Config {
    let mut config = Config::new();
    config
        .strategy(Strategy::Cranelift)
        .wasm_component_model(true)
        .concurrency_support(false)
        .consume_fuel(true)
        .epoch_interruption(true)
        .max_wasm_stack(limits.stack_max_bytes)
        // One answer on every machine, and no more of wasm than the guests we know need.
        .cranelift_nan_canonicalization(true)
        .wasm_relaxed_simd(false)
        .relaxed_simd_deterministic(true)
        .wasm_memory64(false)
        // Between the parts of a component that is composed of several.
        .wasm_multi_memory(true)
        .wasm_tail_call(false)
        .wasm_wide_arithmetic(false)
        .wasm_custom_page_sizes(false)
        .wasm_features(
            wasmtime::WasmFeatures::THREADS
                | wasmtime::WasmFeatures::SHARED_EVERYTHING_THREADS
                | wasmtime::WasmFeatures::GC
                | wasmtime::WasmFeatures::FUNCTION_REFERENCES
                | wasmtime::WasmFeatures::EXCEPTIONS
                | wasmtime::WasmFeatures::LEGACY_EXCEPTIONS
                | wasmtime::WasmFeatures::STACK_SWITCHING,
            false,
        );
    config.allocation_strategy(InstanceAllocationStrategy::Pooling(pooling(limits, pool)));
    config
}

fn pooling(limits: &Limits, pool: PoolSize) -> PoolingAllocationConfig {
    let mut pooling = PoolingAllocationConfig::new();
    pooling
        .total_component_instances(pool.instances)
        .total_core_instances(pool.instances.saturating_mul(limits.core_instances_max))
        .total_memories(pool.instances.saturating_mul(limits.memories_max))
        .total_tables(pool.instances.saturating_mul(limits.tables_max))
        .max_core_instances_per_component(limits.core_instances_max)
        .max_memories_per_component(limits.memories_max)
        .max_tables_per_component(limits.tables_max)
        .max_tables_per_module(limits.tables_max)
        .table_elements(limits.table_elements_max)
        .max_memory_size(limits.memory_max_bytes)
        .linear_memory_keep_resident(pool.memory_keep_resident_bytes)
        .table_keep_resident(64 << 10)
        .pagemap_scan(Enabled::Auto);
    pooling
}

/// Advances the engines' epochs until it is dropped.
struct Ticker {
    stop: Option<mpsc::Sender<()>>,
    thread: Option<JoinHandle<()>>,
}

impl Ticker {
    fn start(engines: Vec<Engine>) -> std::io::Result<Self> {
        let (stop, stopped) = mpsc::channel();
        let thread = std::thread::Builder::new()
            .name("epoch".to_owned())
            .spawn(move || {
                while stopped.recv_timeout(Duration::from_millis(TICK_MS))
                    == Err(mpsc::RecvTimeoutError::Timeout)
                {
                    engines.iter().for_each(Engine::increment_epoch);
                }
            })?;
        Ok(Self {
            stop: Some(stop),
            thread: Some(thread),
        })
    }
}

impl Drop for Ticker {
    fn drop(&mut self) {
        drop(self.stop.take());
        if let Some(thread) = self.thread.take() {
            let _ = thread.join();
        }
    }
}
