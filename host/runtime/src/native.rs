//! Native code of a stage.

use wasmtime::Engine;
use wasmtime::component::Component;

/// What an engine of this host compiled. Nobody else's bytes become one: [`Native::compile`]
/// makes it, and [`NativeCache`](crate::cache::NativeCache) keeps it.
pub(crate) struct Native(Vec<u8>);

impl Native {
    /// Compiles a component.
    pub(crate) fn compile(engine: &Engine, component: &[u8]) -> wasmtime::Result<Self> {
        engine.precompile_component(component).map(Self)
    }

    /// What was kept of one.
    ///
    /// # Safety
    ///
    /// The bytes are [`Native::bytes`] of code that was compiled by this host, unchanged.
    #[allow(unsafe_code)]
    pub(crate) const unsafe fn kept(bytes: Vec<u8>) -> Self {
        Self(bytes)
    }

    /// What is to be kept of it.
    pub(crate) fn bytes(&self) -> &[u8] {
        &self.0
    }

    /// The same code in every engine that is given. Fails where wasmtime takes the bytes
    /// for those of another version or configuration.
    #[allow(unsafe_code)]
    pub(crate) fn load<'e>(
        &self,
        engines: impl Iterator<Item = &'e Engine>,
    ) -> wasmtime::Result<Vec<Component>> {
        engines
            // SAFETY: `deserialize` asks that the bytes were made by `precompile_component`
            // and not changed since; that is what this type says of them.
            .map(|engine| unsafe { Component::deserialize(engine, &self.0) })
            .collect()
    }
}
