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

impl<T: 'static> StagePre<T> {
    /// An instance of a component of which [`instantiate`](Self::instantiate) gave one before. That
    /// one holds the types of all exports against the contract's, each time anew and for as long as
    /// a small stage takes to decide; they are the component's, and stay what they were.
    pub(crate) fn instantiate_again(
        &self,
        mut store: impl wasmtime::AsContextMut<Data = T>,
    ) -> wasmtime::Result<Stage> {
        let instance = self.instance_pre.instantiate(&mut store)?;
        let mut func = |index| {
            instance
                .get_func(&mut store, index)
                .ok_or_else(|| wasmtime::Error::msg("an export is gone that was there before"))
        };
        Ok(Stage {
            describe: func(&self.indices.describe)?,
            check_config: func(&self.indices.check_config)?,
            decide: func(&self.indices.decide)?,
        })
    }
}
