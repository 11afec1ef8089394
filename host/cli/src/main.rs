//! The binary: everything is in the library beside it.

/// Also `SQLite`'s, which allocates as often as the rest: a quarter of a wave's processor
/// time went into the C library's allocator.
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

fn main() -> std::process::ExitCode {
    regua_cli::main()
}
