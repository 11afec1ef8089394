//! What breaks in the field: each test is a sentence. No sandbox takes part: the stages are
//! closures, the engine is the one that runs everywhere.

#[path = "kit/kit.rs"]
mod kit;

mod field {
    mod agency;
    mod charges;
    mod contact;
    mod corrections;
    mod covers;
    mod decisions;
    mod ends;
    mod failures;
    mod grants;
    mod holds;
    mod interest;
    mod ladder;
    mod leaving;
    mod letters;
    mod money;
    mod people;
    mod progress;
    mod rewinds;
    mod rollouts;
    mod services;
    mod timers;
    mod versions;
    mod write_offs;
}
