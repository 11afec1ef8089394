//! A wave that leaves the host, to a relay and a system that note what they accept; and what
//! may befall nodes and servers in the middle of it. Nothing is lost, nothing is done twice,
//! and everything is handed over under one key.

mod checked;
mod disturbed;
mod killed;
mod kit;
mod stopped;
mod swapped;
