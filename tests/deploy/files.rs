//! The files.

use std::fs;
use std::path::{Path, PathBuf};

pub(crate) fn deploy() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("deploy")
}

pub(crate) fn read(name: &str) -> String {
    fs::read_to_string(deploy().join(name)).unwrap()
}

/// All templates.
pub(crate) fn templates() -> Vec<PathBuf> {
    let files = fs::read_dir(deploy()).unwrap().map(|entry| entry.unwrap().path());
    let mut templates: Vec<PathBuf> =
        files.filter(|path| path.extension().is_some_and(|extension| extension == "yaml")).collect();
    templates.sort();
    assert_eq!(templates.len(), 3, "{templates:?}");
    templates
}
