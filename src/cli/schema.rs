//! `ruleproof schema`: the JSON Schema of test files, for editors.

use std::io::{Write, stdout};

use super::exit::Exit;
use crate::suite::SCHEMA;

pub(super) fn run() -> anyhow::Result<Exit> {
    let mut out = stdout().lock();
    out.write_all(SCHEMA.as_bytes())?;
    out.flush()?;
    Ok(Exit::Fine)
}
