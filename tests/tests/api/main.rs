//! The admin API, called as a client calls it: a real store, the real engine, no network.

mod cases;
mod customers;
mod debtors;
mod desk;
mod effects;
mod keys;
mod kit;
mod payments;
mod placements;
mod tasks;
