//! How dear the functions of an upload are to compile, told before a compiler sees them.
//!
//! A compiler keeps account of every value of a function, its locals and what stands on
//! its operand stack, at every place where its flow joins: the work and the memory grow
//! with the product of both. A body of 1.4 MB with a hundred thousand `if`s over a thousand
//! locals takes minutes and gigabytes; no bound on either number alone would stop it
//! without refusing code that is cheap.

use wasmparser::{
    Encoding, FuncToValidate, FuncValidatorAllocations, FunctionBody, Parser, Payload,
    ValidPayload, Validator, ValidatorResources, WasmFeatures,
};

use super::AdmissionError;

/// Bytes of one function. The longest that toolchains were seen to emit has 427 kB:
/// `CPython`'s relocations, as componentize-py ships them; of code that branches, 184 kB.
const BODY_BYTES_MAX: u64 = 1 << 20;
/// Values times bytes of one function. The dearest that was seen has 9 million
/// (`SpiderMonkey`, as componentize-js ships it); code made to be
/// dear takes some seconds and 800 MB at the bound.
const WEIGHT_MAX: u64 = 32 << 20;
/// Values times bytes of all functions. `SpiderMonkey` with its weval snapshot, the dearest
/// engine that was seen, comes to some 300 million; the shipped stages, to 5 million.
const WEIGHT_SUM_MAX: u64 = 768 << 20;

/// What the engine runs. It has no collector: references to the outside are none of a stage's types.
const FEATURES: WasmFeatures = WasmFeatures::WASM2
    .difference(WasmFeatures::GC_TYPES)
    .union(WasmFeatures::EXTENDED_CONST)
    .union(WasmFeatures::COMPONENT_MODEL);

/// Validates wasm, and fails where a function of it is too dear to compile.
pub(super) fn validate(wasm: &[u8]) -> Result<(), AdmissionError> {
    let mut validator = Validator::new_with_features(FEATURES);
    let mut functions = Vec::new();
    let mut modules = 0_u32;
    let mut parser = Parser::new(0);
    parser.set_features(FEATURES);
    for payload in parser.parse_all(wasm) {
        let payload = payload?;
        if let Payload::Version { encoding, .. } = payload {
            modules += u32::from(encoding == Encoding::Module);
        }
        if let ValidPayload::Func(function, body) = validator.payload(&payload)? {
            functions.push((modules.saturating_sub(1), function, body));
        }
    }
    let mut allocations = FuncValidatorAllocations::default();
    let mut sum = 0_u64;
    for (module, function, body) in functions {
        let at = Place {
            module,
            index: function.index,
        };
        let weight;
        (weight, allocations) = weigh(at, function, &body, allocations)?;
        sum = sum.saturating_add(weight);
        if sum > WEIGHT_SUM_MAX {
            return Err(too_dear(format!(
                "{at} and those before it come to {sum} values times bytes of code, where a stage has at most {WEIGHT_SUM_MAX}"
            )));
        }
    }
    Ok(())
}

/// Validates one function, up to where it is known to be too dear.
fn weigh(
    at: Place,
    function: FuncToValidate<ValidatorResources>,
    body: &FunctionBody<'_>,
    allocations: FuncValidatorAllocations,
) -> Result<(u64, FuncValidatorAllocations), AdmissionError> {
    let bytes = body.range().len() as u64;
    if bytes > BODY_BYTES_MAX {
        return Err(too_dear(format!(
            "{at} has {bytes} bytes of code, where a function has at most {BODY_BYTES_MAX}"
        )));
    }
    let mut validator = function.into_validator(allocations);
    let mut reader = body.get_binary_reader();
    validator.read_locals(&mut reader)?;
    reader.set_features(FEATURES);
    let locals = u64::from(validator.len_locals());
    let mut values = locals;
    while values * bytes <= WEIGHT_MAX && !reader.eof() {
        let offset = reader.original_position();
        reader.visit_operator(&mut validator.visitor(offset))??;
        values = values.max(locals + u64::from(validator.operand_stack_height()));
    }
    let weight = values * bytes;
    if weight > WEIGHT_MAX {
        return Err(too_dear(format!(
            "{at} has {values} values at once (locals and operands) in {bytes} bytes of code: the product, {weight}, may be {WEIGHT_MAX} at most"
        )));
    }
    reader.finish_expression(&validator.visitor(reader.original_position()))?;
    Ok((weight, validator.into_allocations()))
}

fn too_dear(problem: String) -> AdmissionError {
    AdmissionError::Resources {
        problems: vec![problem],
    }
}

/// A function, as disassemblers number it.
#[derive(Clone, Copy)]
struct Place {
    module: u32,
    index: u32,
}

impl std::fmt::Display for Place {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "function {} of core module {}", self.index, self.module)
    }
}
