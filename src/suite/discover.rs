//! Finds test files.

use std::collections::BTreeSet;
use std::io;
use std::path::{Path, PathBuf};

/// Endings of test files in folders.
const ENDINGS: [&str; 3] = [".test.yaml", ".test.yml", ".test.json"];

/// Folders that hold what others made.
const PASSED_OVER: [&str; 3] = ["node_modules", "target", "cdk.out"];

/// A path in which no test file can be looked for.
#[derive(Debug, thiserror::Error)]
#[error("{}: {error}", path.display())]
pub struct DiscoverError {
    /// The path.
    pub path: PathBuf,
    /// Why not.
    pub error: io::Error,
}

/// The test files at `paths`, each once: files whatever they are called, and in folders all whose names end in
/// `.test.yaml`, `.test.yml` or `.test.json`, in the order of their names. Folders whose names begin with a dot,
/// `node_modules`, `target` and `cdk.out` are passed over.
///
/// # Errors
/// Every path that does not exist, and every folder that cannot be looked into.
pub fn discover(paths: &[PathBuf]) -> Result<Vec<PathBuf>, Vec<DiscoverError>> {
    let mut found = Found::default();
    for path in paths {
        match path.metadata() {
            Ok(metadata) if metadata.is_dir() => found.folder(path),
            Ok(_) => found.file(path.clone()),
            Err(error) => found.errors.push(DiscoverError { path: path.clone(), error }),
        }
    }
    if found.errors.is_empty() { Ok(found.files) } else { Err(found.errors) }
}

#[derive(Default)]
struct Found {
    files: Vec<PathBuf>,
    /// Canonical paths of files and folders; links may lead to what was seen, or back up.
    seen: BTreeSet<PathBuf>,
    errors: Vec<DiscoverError>,
}

impl Found {
    fn is_new(&mut self, path: &Path) -> bool {
        self.seen.insert(path.canonicalize().unwrap_or_else(|_| path.to_owned()))
    }

    fn file(&mut self, path: PathBuf) {
        if self.is_new(&path) {
            self.files.push(path);
        }
    }

    fn folder(&mut self, folder: &Path) {
        if !self.is_new(folder) {
            return;
        }
        let entries = std::fs::read_dir(folder).and_then(Iterator::collect::<io::Result<Vec<_>>>);
        let mut entries: Vec<PathBuf> = match entries {
            Ok(entries) => entries.into_iter().map(|entry| entry.path()).collect(),
            Err(error) => return self.errors.push(DiscoverError { path: folder.to_owned(), error }),
        };
        entries.sort();
        for path in entries {
            let name = path.file_name().unwrap_or_default().to_string_lossy().into_owned();
            if path.is_dir() {
                if !name.starts_with('.') && !PASSED_OVER.contains(&&*name) {
                    // The folder `.` is not called so in paths.
                    self.folder(&without_dot(path));
                }
            } else if ENDINGS.iter().any(|ending| name.ends_with(ending)) {
                self.file(without_dot(path));
            }
        }
    }
}

/// `./a` is shown as `a`.
fn without_dot(path: PathBuf) -> PathBuf {
    path.strip_prefix(".").map(Path::to_owned).unwrap_or(path)
}
