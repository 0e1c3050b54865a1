//! Where the command begins.

use super::args::ParityArgs;
use crate::cli::exit::Exit;

/// Runs `ruleproof parity`.
#[cfg(feature = "aws")]
pub(in crate::cli) fn run(args: ParityArgs) -> anyhow::Result<Exit> {
    super::compare::run(&args)
}

/// Runs `ruleproof parity`.
#[cfg(not(feature = "aws"))]
pub(in crate::cli) fn run(_: ParityArgs) -> anyhow::Result<Exit> {
    crate::cli::aws::not_built("parity")
}
