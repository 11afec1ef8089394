//! The admin API, called as a client calls it: a real store, the real engine, no network.

mod clock;
mod customers;
mod hostile;
mod imports;
mod keys;
mod kit;
mod openapi;
mod operations;
mod policy;
mod roles;
mod shelf;
mod strangers;
