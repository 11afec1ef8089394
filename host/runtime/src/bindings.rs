//! What `wasmtime` generates from the contract. Nothing outside this crate sees it.
//!
//! Parameters are generated with borrowed fields, so that a situation is lowered from
//! where it lies; where a type goes both ways there are two of it (`…Param`, `…Result`).
#![allow(missing_docs, clippy::all, clippy::pedantic, unused_qualifications)]

wasmtime::component::bindgen!({
    path: "../../wit/v1",
    world: "stage",
    ownership: Borrowing { duplicate_if_necessary: true },
});
