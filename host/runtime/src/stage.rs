//! A loaded stage, and how it is loaded.

use std::sync::Arc;
use std::sync::atomic::Ordering;

use regua_domain::contract::Manifest;
use wasmtime::component::{Component, Linker};

use crate::admission::{self, AdmissionError};
use crate::bindings::StagePre;
use crate::call::{CallState, Ending};
use crate::digest::sha256_hex;
use crate::engine::Runtime;
use crate::limits::Limits;
use crate::native::Native;
use crate::{manifest, pool};

/// A stage that is ready to be called, from any thread, any number of times at once.
pub struct Stage {
    digest: String,
    manifest: Manifest,
    /// One an engine, in the runtime's order.
    pres: Box<[StagePre<CallState>]>,
    limits: Arc<Limits>,
}

impl std::fmt::Debug for Stage {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Stage")
            .field("digest", &self.digest)
            .field("manifest", &self.manifest)
            .finish_non_exhaustive()
    }
}

impl Stage {
    /// SHA-256 of the bytes that were uploaded, in hexadecimal.
    pub fn digest(&self) -> &str {
        &self.digest
    }

    /// What the stage says of itself.
    pub const fn manifest(&self) -> &Manifest {
        &self.manifest
    }

    /// The one of the calling thread's engine.
    pub(crate) fn pre(&self) -> &StagePre<CallState> {
        &self.pres[pool::worker() % self.pres.len()]
    }

    pub(crate) fn limits(&self) -> &Limits {
        &self.limits
    }
}

/// Why a stage that was admitted once cannot be loaded.
#[derive(Debug, thiserror::Error)]
pub enum LoadError<E> {
    /// The wasm could not be fetched.
    #[error("cannot fetch the wasm of stage {digest}")]
    Fetch {
        /// Which stage.
        digest: String,
        /// What the store said.
        #[source]
        source: E,
    },
    /// The bytes that were fetched are not the ones that were asked for.
    #[error("the wasm kept as {digest} has the digest {found}")]
    WrongBytes {
        /// Which stage was asked for.
        digest: String,
        /// What came.
        found: String,
    },
    /// This host no longer admits it: another version of the host did.
    #[error("stage {digest} is not admitted")]
    NotAdmitted {
        /// Which stage.
        digest: String,
        /// Why not.
        #[source]
        source: AdmissionError,
    },
}

impl<E> LoadError<E> {
    fn not_admitted(digest: &str, source: AdmissionError) -> Self {
        Self::NotAdmitted {
            digest: digest.to_owned(),
            source: source.cut(),
        }
    }
}

impl Runtime {
    /// The stage of a digest: from memory, else from native code on disk, else compiled
    /// from the bytes that [`Admitted::wasm`](crate::Admitted::wasm) held, which `fetch`
    /// is asked for only then.
    pub fn load<E>(
        &self,
        digest: &str,
        fetch: impl FnOnce() -> Result<Vec<u8>, E>,
    ) -> Result<Arc<Stage>, LoadError<E>> {
        if let Some(stage) = self.load_kept(digest)? {
            return Ok(stage);
        }
        let wasm = fetch().map_err(|source| LoadError::Fetch {
            digest: digest.to_owned(),
            source,
        })?;
        let found = sha256_hex(&wasm);
        if found != digest {
            return Err(LoadError::WrongBytes {
                digest: digest.to_owned(),
                found,
            });
        }
        let stage = self.compiled(digest, &wasm);
        stage.map_err(|source| LoadError::not_admitted(digest, source))
    }

    /// The stage of a digest where nothing has to be fetched for it: from memory, else from
    /// native code on disk. None where this host has neither.
    pub fn load_kept<E>(&self, digest: &str) -> Result<Option<Arc<Stage>>, LoadError<E>> {
        if let Some(stage) = self.loaded(digest) {
            return Ok(Some(stage));
        }
        let Some(components) = self.mapped(digest) else {
            return Ok(None);
        };
        let stage = self.prepare(digest, &components);
        let stage = stage.map_err(|source| LoadError::not_admitted(digest, source))?;
        Ok(Some(self.remember(stage)))
    }

    /// The stage of an upload, compiled and kept.
    fn compiled(&self, digest: &str, wasm: &[u8]) -> Result<Arc<Stage>, AdmissionError> {
        let component = admission::as_component(wasm)?;
        let (native, components) = self.compile(&component)?;
        self.keep(digest, &native);
        // What is kept is mapped, and the copy goes.
        let components = self.mapped(digest).unwrap_or(components);
        let stage = self.prepare(digest, &components)?;
        Ok(self.remember(stage))
    }

    /// A stage's code, mapped from where it is kept.
    pub(crate) fn mapped(&self, digest: &str) -> Option<Vec<Component>> {
        let load = |native: &Native| self.load_native(native).ok();
        self.cache.get(digest, load)
    }

    /// Compiles a component, once, and loads it into every engine.
    pub(crate) fn compile(
        &self,
        component: &[u8],
    ) -> Result<(Native, Vec<Component>), AdmissionError> {
        let compiler = self.compiler();
        let native = compiler.compile(self.engine(), self.limits(), component)?;
        // Code that this host compiled and cannot use: its program is another by now.
        let components = self
            .load_native(&native)
            .map_err(|error| AdmissionError::Host {
                detail: format!("{error:#}"),
            })?;
        Ok((native, components))
    }

    fn load_native(&self, native: &Native) -> wasmtime::Result<Vec<Component>> {
        native.load(self.linkers.iter().map(Linker::engine))
    }

    /// Keeps native code on disk. That it cannot be kept costs time at the next start, and
    /// stops nothing.
    pub(crate) fn keep(&self, digest: &str, native: &Native) {
        if let Err(error) = self.cache.put(digest, native) {
            tracing::warn!(
                digest,
                error = &error as &dyn std::error::Error,
                "cannot keep native code"
            );
        }
    }

    /// Whether native code is kept of these bytes.
    pub fn keeps(&self, digest: &str) -> bool {
        self.cache.has(digest)
    }

    /// Keeps no native code of these bytes any longer: they were admitted, and not taken after
    /// all. Whoever has them all the same compiles them again.
    pub fn forget(&self, digest: &str) {
        self.cache.remove(digest);
    }

    /// Links a component, compiled for every engine, and asks it what it is.
    pub(crate) fn prepare(
        &self,
        digest: &str,
        components: &[Component],
    ) -> Result<Stage, AdmissionError> {
        let pres = self
            .linkers
            .iter()
            .zip(components)
            .map(|(linker, component)| linker.instantiate_pre(component).and_then(StagePre::new))
            .collect::<Result<_, _>>()
            .map_err(|error| AdmissionError::Contract {
                problems: vec![format!("{error:#}")],
            })?;
        let mut stage = Stage {
            digest: digest.to_owned(),
            manifest: manifest::none(),
            pres,
            limits: Arc::clone(&self.limits),
        };
        stage.manifest = stage.describe().result.map_err(|ending| match ending {
            Ending::HostFault { detail } => AdmissionError::Host { detail },
            ending => AdmissionError::Describe {
                detail: ending.to_string(),
            },
        })?;
        let problems = manifest::problems(&stage.manifest);
        if problems.is_empty() {
            Ok(stage)
        } else {
            Err(AdmissionError::Manifest { problems })
        }
    }

    /// The stage of a digest that is in memory.
    pub fn loaded(&self, digest: &str) -> Option<Arc<Stage>> {
        let mut loaded = self
            .loaded
            .lock()
            .unwrap_or_else(std::sync::PoisonError::into_inner);
        let (used, stage) = loaded.get_mut(digest)?;
        *used = self.uses.fetch_add(1, Ordering::Relaxed);
        Some(Arc::clone(stage))
    }
}
