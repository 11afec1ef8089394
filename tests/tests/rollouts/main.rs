//! Versions of a workflow take one another's place while cases are open: counted first, for a
//! share, with no effect, and back again; over both stores.

mod canary;
mod counted;
mod kit;
mod shadow;
mod together;
