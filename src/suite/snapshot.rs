//! Where recorded bodies lie.

use std::collections::HashSet;
use std::io;
use std::path::{Path, PathBuf};

use super::case::{Case, CaseSubject, ExpectedBody};
use super::failure::{Failure, Outcome};

/// The folder beside test files that holds what `--bless` writes.
pub(super) const FOLDER: &str = "__snapshots__";

/// The longest part of a file name that a name gives; file systems stop at 255 bytes.
const SLUG_CHARS_MAX: usize = 60;

/// The folder of the snapshots of one test file.
pub(super) fn folder_of(suite: &Path) -> PathBuf {
    let folder = suite.parent().unwrap_or(Path::new("")).join(FOLDER);
    folder.join(suite.file_name().unwrap_or_default())
}

/// The file of what a target gets in a case.
pub(super) fn path_of(suite: &Path, case: &str, rule: &str, target: &str) -> PathBuf {
    let names = [case, rule, target].map(slug);
    folder_of(suite).join(format!("{}.txt", names.join("--")))
}

/// Writes the bodies that differ from what was recorded, or were never recorded. Gives what is wrong besides, and the
/// files that were written.
///
/// # Errors
/// A file cannot be written.
pub(super) fn record(outcome: Outcome) -> io::Result<(Outcome, Vec<PathBuf>)> {
    let Outcome::Failed(failures) = outcome else { return Ok((outcome, Vec::new())) };
    let (mut others, mut recorded) = (Vec::new(), Vec::new());
    for failure in failures {
        let (path, body) = match &failure {
            Failure::Body { snapshot: Some(path), found, .. } => (path, found.as_str()),
            Failure::NoSnapshot { snapshot, found, .. } => (snapshot, found.as_str()),
            _ => {
                others.push(failure);
                continue;
            }
        };
        write(path, body).map_err(|error| {
            io::Error::new(error.kind(), format!("{} cannot be written: {error}", path.display()))
        })?;
        recorded.push(path.clone());
    }
    Ok((Outcome::of(others), recorded))
}

fn write(path: &Path, body: &str) -> io::Result<()> {
    if let Some(folder) = path.parent() {
        std::fs::create_dir_all(folder)?;
    }
    // With a line end, as editors and version control want it; it is not part of the body.
    std::fs::write(path, format!("{body}\n"))
}

/// The snapshots of a test file that none of its cases looks at.
pub(super) fn unused(suite: &Path, cases: &[Case]) -> Vec<PathBuf> {
    let Ok(entries) = std::fs::read_dir(folder_of(suite)) else { return Vec::new() };
    let used: HashSet<&Path> = cases.iter().flat_map(paths).collect();
    let files = entries.flatten().map(|entry| entry.path());
    let mut unused: Vec<PathBuf> = files.filter(|path| path.is_file() && !used.contains(&**path)).collect();
    unused.sort();
    unused
}

/// The snapshots that a case looks at.
fn paths(case: &Case) -> impl Iterator<Item = &Path> {
    let bodies = match &case.subject {
        CaseSubject::Event(case) => &case.expect.bodies[..],
        CaseSubject::Corpus(_) => &[],
    };
    bodies.iter().filter_map(|expected| match &expected.body {
        ExpectedBody::Snapshot(snapshot) => Some(&*snapshot.path),
        ExpectedBody::Json(_) | ExpectedBody::Text(_) => None,
    })
}

/// The name in letters that every file system takes. Where something of it is lost, a hash keeps it apart from
/// others that lost the same.
fn slug(name: &str) -> String {
    let plain: String = name
        .chars()
        .map(|c| if c.is_ascii_alphanumeric() || c == '.' || c == '_' { c.to_ascii_lowercase() } else { '-' })
        .collect();
    let words: Vec<&str> = plain.split('-').filter(|word| !word.is_empty()).collect();
    let short: String = words.join("-").trim_start_matches('.').chars().take(SLUG_CHARS_MAX).collect();
    if short == name { short } else { format!("{short}-{:08x}", hash(name)) }
}

/// FNV-1a, which never changes.
fn hash(name: &str) -> u32 {
    name.bytes().fold(0x811c_9dc5, |hash, byte| (hash ^ u32::from(byte)).wrapping_mul(0x0100_0193))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_that_differ_have_files_that_differ() {
        let names =
            ["orders", "Orders", "orders!", "orders ", "..", "", "a/b", "a-b", "a--b", &"x".repeat(99)];
        let slugs: Vec<String> = names.iter().map(|name| slug(name)).collect();
        assert_eq!(slugs[0], "orders");
        for (index, slug) in slugs.iter().enumerate() {
            assert!(!slugs[..index].contains(slug), "{slugs:?}");
            assert!(!slug.contains('/') && !slug.starts_with('.') && slug.len() < 80, "{slug}");
        }
        let path = path_of(Path::new("rules/orders.test.yaml"), "placed", "rule", "queue");
        assert_eq!(path, Path::new("rules/__snapshots__/orders.test.yaml/placed--rule--queue.txt"));
    }
}
