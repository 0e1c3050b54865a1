//! The `ruleproof` command.

use std::process::ExitCode;

fn main() -> ExitCode {
    ruleproof::cli::run(std::env::args_os())
}
