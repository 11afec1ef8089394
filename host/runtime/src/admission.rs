//! From an upload to a stage that may be called.

mod bodies;
mod contract;
mod needs;
mod shape;

use regua_domain::contract::Manifest;
use wasmparser::{ComponentTypeRef, Parser, Payload, TypeBounds};
use wasmtime::Engine;
use wit_component::ComponentEncoder;

use crate::compiler::CompileError;
use crate::digest::sha256_hex;
use crate::engine::Runtime;
use crate::limits::Limits;
use crate::told;
use needs::{Needs, near_to};

/// What all of WebAssembly begins with: `\0asm`.
const MAGIC: &[u8] = b"\0asm";

/// An upload that may be called from now on.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Admitted {
    /// SHA-256 of the upload, in hexadecimal: names the stage for ever.
    pub digest: String,
    /// What was uploaded, to be kept under the digest: [`Runtime::load`] asks for it.
    pub wasm: Vec<u8>,
    /// What the stage says of itself, checked.
    pub manifest: Manifest,
    /// The interfaces it imports, sorted.
    pub imports: Vec<String>,
    /// What of it is nearly as much as a stage may have: in the next version it may be too much.
    pub near: Vec<String>,
}

/// Why an upload is no stage. The texts are for whoever uploaded it; whatever they quote of
/// it is cut to a bounded length, and without what would move a cursor.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum AdmissionError {
    /// More bytes than are taken.
    #[error("{bytes} bytes are too many: a stage has at most {bytes_max}")]
    TooLarge {
        /// How many came.
        bytes: usize,
        /// How many are taken.
        bytes_max: usize,
    },
    /// Compiled code, not wasm.
    #[error("this is native code; upload the WebAssembly it was compiled from")]
    NativeCode,
    /// No wasm, or wasm that this host does not run.
    #[error("not valid WebAssembly: {detail}")]
    Invalid {
        /// What is wrong, and where.
        detail: String,
    },
    /// A core module that cannot be made a component.
    #[error(
        "a core module without what makes it a component: {detail}; build it with the SDK, or upload a component"
    )]
    NotComponent {
        /// What is missing.
        detail: String,
    },
    /// Imports or exports that are not the contract's.
    #[error("{}", problems.join("; "))]
    Contract {
        /// Each names the interface or the function.
        problems: Vec<String>,
    },
    /// Valid wasm that the compiler refuses.
    #[error("does not compile: {detail}")]
    Compile {
        /// The compiler's words.
        detail: String,
    },
    /// More memories, tables or instances than one stage has, or a function that is too dear
    /// to compile.
    #[error("{}", problems.join("; "))]
    Resources {
        /// What, and how much is allowed.
        problems: Vec<String>,
    },
    /// `describe` did not answer.
    #[error("`describe` failed: {detail}")]
    Describe {
        /// How the call ended.
        detail: String,
    },
    /// `describe` answered with something out of bounds.
    #[error("`describe` gave a manifest out of bounds: {}", problems.join("; "))]
    Manifest {
        /// Each names the field.
        problems: Vec<String>,
    },
    /// The host could not try it; the upload may be fine.
    #[error("the host could not try the stage: {detail}")]
    Host {
        /// For the operator.
        detail: String,
    },
}

impl AdmissionError {
    /// What is wrong, each by itself.
    pub fn reasons(&self) -> Vec<String> {
        match self {
            Self::Contract { problems }
            | Self::Resources { problems }
            | Self::Manifest { problems } => problems.clone(),
            other => vec![other.to_string()],
        }
    }

    /// The same with texts of bounded length, on one line but for where `describe` ended.
    pub(crate) fn cut(self) -> Self {
        let detail = |text: String| told::line(&text);
        let problems = told::problems;
        match self {
            Self::Invalid { detail: d } => Self::Invalid { detail: detail(d) },
            Self::NotComponent { detail: d } => Self::NotComponent { detail: detail(d) },
            Self::Compile { detail: d } => Self::Compile { detail: detail(d) },
            Self::Describe { detail: d } => Self::Describe {
                detail: told::lines(&d),
            },
            Self::Host { detail: d } => Self::Host { detail: detail(d) },
            Self::Contract { problems: p } => Self::Contract {
                problems: problems(p),
            },
            Self::Resources { problems: p } => Self::Resources {
                problems: problems(p),
            },
            Self::Manifest { problems: p } => Self::Manifest {
                problems: problems(p),
            },
            Self::TooLarge { .. } | Self::NativeCode => self,
        }
    }
}

impl From<CompileError> for AdmissionError {
    fn from(error: CompileError) -> Self {
        match error {
            CompileError::Component(detail) => Self::Compile { detail },
            CompileError::Host(detail) => Self::Host { detail },
        }
    }
}

impl From<wasmparser::BinaryReaderError> for AdmissionError {
    fn from(error: wasmparser::BinaryReaderError) -> Self {
        Self::Invalid {
            detail: format!("{error:#}"),
        }
    }
}

impl Runtime {
    /// Takes an upload, or says why not: size, form, imports, exports, resources,
    /// compilation, and a first `describe`, in this order.
    ///
    /// `check-config` is not tried: the contract promises that it is asked about configs
    /// that fit the schema, and there is none yet. Publishing a workflow asks it, about the
    /// one that is to run.
    pub fn admit(&self, upload: Vec<u8>) -> Result<Admitted, AdmissionError> {
        self.try_admit(upload).map_err(AdmissionError::cut)
    }

    fn try_admit(&self, upload: Vec<u8>) -> Result<Admitted, AdmissionError> {
        let (bytes, bytes_max) = (upload.len(), self.limits().wasm_max_bytes);
        if bytes > bytes_max {
            return Err(AdmissionError::TooLarge { bytes, bytes_max });
        }
        if Engine::detect_precompiled(&upload).is_some() {
            return Err(AdmissionError::NativeCode);
        }
        let component = as_component(&upload)?;
        let imports = imports_of(&component)?;
        none(contract::problems(&component, &imports), |problems| {
            AdmissionError::Contract { problems }
        })?;
        // A compiler is asked only for what could run.
        let resources = |problems| AdmissionError::Resources { problems };
        let least = Needs::at_least(&component)?;
        none(least.problems(self.limits()), resources)?;
        let digest = sha256_hex(&upload);
        // What is kept of these bytes was admitted once, and is held against the limits again.
        let (native, components) = if let Some(components) = self.mapped(&digest) {
            (None, components)
        } else {
            let (native, components) = self.compile(&component)?;
            (Some(native), components)
        };
        let Some(needs) = Needs::of_compiled(&components[0]) else {
            let problem = "imports a core module, whose needs cannot be told".to_owned();
            return Err(resources(vec![problem]));
        };
        none(needs.problems(self.limits()), resources)?;
        let stage = self.prepare(&digest, &components)?;
        let mut near = needs.and_core_instances_of(least).near(self.limits());
        near.extend(near_to("bytes", bytes as u64, bytes_max as u64));
        if let Some(native) = native {
            self.keep(&digest, &native);
        }
        Ok(Admitted {
            digest,
            wasm: upload,
            manifest: stage.manifest().clone(),
            imports,
            near,
        })
    }
}

/// Fails where there are problems.
fn none(
    problems: Vec<String>,
    error: impl FnOnce(Vec<String>) -> AdmissionError,
) -> Result<(), AdmissionError> {
    if problems.is_empty() {
        Ok(())
    } else {
        Err(error(problems))
    }
}

/// The component that an upload is, or that a core module with an embedded component type
/// becomes, for whoever builds one. It has been held against the contract, and neither compiled
/// nor asked: [`Runtime::admit`] does the rest. Errors: it is no stage, with each reason.
pub fn component_of(wasm: &[u8]) -> Result<Vec<u8>, AdmissionError> {
    let held = || {
        let component = as_component(wasm)?;
        let (bytes, bytes_max) = (component.len(), Limits::shipped().wasm_max_bytes);
        if bytes > bytes_max {
            return Err(AdmissionError::TooLarge { bytes, bytes_max });
        }
        let imports = imports_of(&component)?;
        none(contract::problems(&component, &imports), |problems| {
            AdmissionError::Contract { problems }
        })?;
        Ok(component)
    };
    held().map_err(AdmissionError::cut)
}

/// The component that an upload is, or that a core module with an embedded component
/// type becomes.
pub(crate) fn as_component(wasm: &[u8]) -> Result<Vec<u8>, AdmissionError> {
    validate(wasm)?;
    if Parser::is_component(wasm) {
        return Ok(wasm.to_vec());
    }
    if !has_component_type(wasm) {
        let detail = "it has no custom section `component-type`".to_owned();
        return Err(AdmissionError::NotComponent { detail });
    }
    none(contract::core_import_problems(wasm), |problems| {
        AdmissionError::Contract { problems }
    })?;
    let not_component = |error: &dyn std::fmt::Display| AdmissionError::NotComponent {
        detail: format!("{error:#}"),
    };
    let component = ComponentEncoder::default()
        .validate(true)
        .module(wasm)
        .map_err(|error| not_component(&error))?
        .encode()
        .map_err(|error| not_component(&error))?;
    // Unlike the text of the module, its component type was not looked at before.
    validate(&component)?;
    Ok(component)
}

fn has_component_type(module: &[u8]) -> bool {
    let mut payloads = Parser::new(0).parse_all(module).flatten();
    payloads.any(|payload| matches!(payload, Payload::CustomSection(custom) if custom.name().starts_with("component-type")))
}

fn validate(wasm: &[u8]) -> Result<(), AdmissionError> {
    // The parser tells of other bytes on a dozen lines.
    if let Some(other) = wasm.get(..MAGIC.len())
        && other != MAGIC
    {
        let bytes = format!(
            "it begins with the bytes {other:02x?} where WebAssembly begins with {MAGIC:02x?}"
        );
        let is_text = std::str::from_utf8(wasm.get(..64).unwrap_or(wasm))
            .is_ok_and(|text| !text.contains(|c: char| c.is_control() && !c.is_whitespace()));
        let detail = if is_text {
            format!("it is text: {bytes}")
        } else {
            bytes
        };
        return Err(AdmissionError::Invalid { detail });
    }
    bodies::validate(wasm)
}

/// What the outermost component imports, sorted.
fn imports_of(component: &[u8]) -> Result<Vec<String>, AdmissionError> {
    let mut imports = Vec::new();
    let mut depth = 0_usize;
    for payload in Parser::new(0).parse_all(component) {
        match payload? {
            Payload::Version { .. } => depth += 1,
            Payload::End(_) => depth = depth.saturating_sub(1),
            Payload::ComponentImportSection(section) if depth == 1 => {
                for import in section {
                    let import = import?;
                    // The world's `use` becomes the import of a type that is already known.
                    if !matches!(import.ty, ComponentTypeRef::Type(TypeBounds::Eq(_))) {
                        imports.push(import.name.name.to_owned());
                    }
                }
            }
            _ => {}
        }
    }
    imports.sort_unstable();
    Ok(imports)
}

#[cfg(test)]
mod tests;
