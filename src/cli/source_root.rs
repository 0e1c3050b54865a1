//! The folder that names of files in reports start from.

use std::io;
use std::path::Path;

use crate::report::SourceRoot;

/// The nearest folder above that is a repository, else the current one.
pub(super) fn source_root() -> io::Result<SourceRoot> {
    let current = std::env::current_dir()?;
    let is_repository = |folder: &&Path| folder.join(".git").exists();
    let root = current.ancestors().find(is_repository).unwrap_or(&current).to_owned();
    Ok(SourceRoot { root, current })
}
