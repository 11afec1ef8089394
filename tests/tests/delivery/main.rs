//! What leaves a live tenant: from a stage's decision through the outbox to real receivers, and
//! what comes back.

mod events;
mod hanging;
mod hooks;
mod kit;
mod mail;
mod serving;
mod told;
