//! The binary: everything is in the library, so that tests call what users call.

use std::process::ExitCode;

/// Reading a letter and writing its record makes some thousands of short texts, and the system's allocator took a sixth of
/// all time for them.
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

fn main() -> ExitCode {
    aizuchi::cli::main()
}
