//! The admin API, called as a client calls it: a real store, the real engine, no network.

mod cases;
mod clock;
mod customers;
mod debtors;
mod desk;
mod effects;
mod events;
mod grants;
mod hostile;
mod imports;
mod keys;
mod kit;
mod metering;
mod openapi;
mod operations;
mod payments;
mod placements;
mod policy;
mod removals;
mod roles;
mod rollouts;
mod shelf;
mod signatures;
mod strangers;
mod tasks;
mod together;
