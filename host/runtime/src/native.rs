//! Native code of a stage.

use std::fs::File;
use std::os::fd::AsRawFd as _;
use std::panic::{AssertUnwindSafe, catch_unwind};

use wasmtime::Engine;
use wasmtime::component::Component;

/// What an engine of this host compiled. Nobody else's bytes become one:
/// [`Compiler`](crate::compiler::Compiler) makes it, and
/// [`NativeCache`](crate::cache::NativeCache) keeps it.
pub(crate) struct Native(Code);

enum Code {
    Bytes(Vec<u8>),
    /// Mapped where it is loaded, so that engines, and processes, share its pages.
    File(File),
}

impl Native {
    /// Compiles a component. Fails also where an instance of it would not fit into the engine's
    /// pool, which is found out when the code is loaded.
    pub(crate) fn compile(engine: &Engine, component: &[u8]) -> wasmtime::Result<Self> {
        let bytes = precompile(engine, component)?;
        let native = Self(Code::Bytes(bytes));
        native.load(std::iter::once(engine))?;
        Ok(native)
    }

    /// What was compiled elsewhere.
    ///
    /// # Safety
    ///
    /// The bytes are [`Native::bytes`] of code that was compiled by this host, unchanged.
    #[allow(unsafe_code)]
    pub(crate) const unsafe fn of_bytes(bytes: Vec<u8>) -> Self {
        Self(Code::Bytes(bytes))
    }

    /// What was kept of one, in a file that begins with it.
    ///
    /// # Safety
    ///
    /// The file begins with [`Native::bytes`] of code that was compiled by this host, and nobody
    /// changes it as long as a component made of it is there.
    #[allow(unsafe_code)]
    pub(crate) const unsafe fn of_file(file: File) -> Self {
        Self(Code::File(file))
    }

    /// What is to be kept of it; none where it is kept already.
    pub(crate) fn bytes(&self) -> Option<&[u8]> {
        match &self.0 {
            Code::Bytes(bytes) => Some(bytes),
            Code::File(_) => None,
        }
    }

    /// The same code in every engine that is given. Fails where wasmtime takes it for that of
    /// another version or configuration.
    #[allow(unsafe_code)]
    pub(crate) fn load<'e>(
        &self,
        engines: impl Iterator<Item = &'e Engine>,
    ) -> wasmtime::Result<Vec<Component>> {
        engines
            .map(|engine| match &self.0 {
                // SAFETY: `deserialize` asks that the bytes were made by `precompile_component`
                // and not changed since; that is what this type says of them.
                Code::Bytes(bytes) => unsafe { Component::deserialize(engine, bytes) },
                Code::File(file) => {
                    // What was looked at is what is mapped, whatever became of its path.
                    let path = format!("/dev/fd/{}", file.as_raw_fd());
                    // SAFETY: as above, of the file.
                    unsafe { Component::deserialize_file(engine, path) }
                }
            })
            .collect()
    }
}

/// Compiles a component. There are some that a validator takes and the compiler panics at: that is
/// a fault of theirs, for the host goes on without them.
fn precompile(engine: &Engine, component: &[u8]) -> wasmtime::Result<Vec<u8>> {
    // What was half made of it is dropped with the panic; the engine keeps nothing of a
    // compilation that did not come to its end.
    let compiling = AssertUnwindSafe(|| engine.precompile_component(component));
    catch_unwind(compiling).unwrap_or_else(|panic| {
        let words = panic.downcast_ref::<String>().map(String::as_str);
        let words = words.or_else(|| panic.downcast_ref::<&str>().copied());
        let words = words.unwrap_or("for no reason that it tells");
        Err(wasmtime::Error::msg(format!("the compiler fails: {words}")))
    })
}
