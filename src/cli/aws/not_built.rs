//! Commands of a program that was built without AWS.

use crate::cli::exit::Exit;
use crate::cli::output::complain;

/// Says how to get a program that can do it.
pub(in crate::cli) fn not_built(command: &str) -> anyhow::Result<Exit> {
    complain(&format!(
        "`ruleproof {command}` calls AWS, and this program was built without it\n  hint: install it with \
         `cargo install --path . --features aws`; the SDKs take some minutes to build"
    ));
    Ok(Exit::Unusable)
}
