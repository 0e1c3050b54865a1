//! What a program that was built without AWS says.

use crate::cli::exit::Exit;
use crate::cli::output::complain;

/// Why something cannot be done.
pub(in crate::cli) const NOT_BUILT: &str = "this program was built without AWS";
/// How to get a program that can.
pub(in crate::cli) const BUILD_HINT: &str =
    "install it with `cargo install --path . --features aws`; the SDKs take some minutes to build";

/// Says it of a command.
pub(in crate::cli) fn not_built(command: &str) -> anyhow::Result<Exit> {
    complain(&format!("`ruleproof {command}` calls AWS, and {NOT_BUILT}\n  hint: {BUILD_HINT}"));
    Ok(Exit::Unusable)
}
