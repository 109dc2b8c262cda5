//! The binary: everything is in the library, so that tests call what users call.

use std::process::ExitCode;

fn main() -> ExitCode {
    aizuchi::cli::main()
}
