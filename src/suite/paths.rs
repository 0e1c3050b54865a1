//! Paths that stand in test files.

use std::path::{Component, Path, PathBuf};

use crate::rules::{is_live, revision_beside};

/// Bytes that are read of a test file, and of a file with a body. 100,000 tests take about 20 MB.
pub(super) const FILE_BYTES_MAX: u64 = 64 << 20;

/// The folder that the paths in a test file begin in.
pub(super) fn folder_of(file: &Path) -> &Path {
    file.parent().unwrap_or(Path::new(""))
}

/// The path that `written`, in a file in `folder`, names. `..` is taken out where that leads to the same place,
/// so that messages are short.
pub(super) fn beside(folder: &Path, written: &str) -> PathBuf {
    let joined = folder.join(written);
    let short = without_detours(&joined);
    match (joined.canonicalize(), short.canonicalize()) {
        (Ok(joined_place), Ok(short_place)) if joined_place == short_place => short,
        _ => joined,
    }
}

/// The path without `a/..` and `.`.
fn without_detours(path: &Path) -> PathBuf {
    let mut short = PathBuf::new();
    for component in path.components() {
        match component {
            Component::CurDir => {}
            Component::ParentDir if matches!(short.components().next_back(), Some(Component::Normal(_))) => {
                short.pop();
            }
            component => short.push(component),
        }
    }
    if short.as_os_str().is_empty() { PathBuf::from(".") } else { short }
}

/// The source that `written` names: a path, glob or revision beside the file.
pub(super) fn source_beside(folder: &Path, written: &str) -> String {
    if let Some(revision) = revision_beside(folder, written) {
        return revision;
    }
    if is_live(written) {
        return written.to_owned();
    }
    beside(folder, written).to_string_lossy().into_owned()
}
