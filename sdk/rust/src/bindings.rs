//! What `wit-bindgen` makes of the contract. Everything else in this crate gives these
//! types Rust's own shapes, so that a new major version of the contract can be bound
//! beside this one without touching a stage.
#![allow(
    clippy::all,
    clippy::pedantic,
    missing_docs,
    unsafe_code,
    unused_qualifications,
    reason = "generated code"
)]

wit_bindgen::generate!({
    path: "../../wit/v1",
    world: "stage",
    additional_derives: [PartialEq],
    pub_export_macro: true,
    export_macro_name: "export_world",
    default_bindings_module: "regua_sdk::__private::bindings",
});

pub use regua::dunning::types::*;
