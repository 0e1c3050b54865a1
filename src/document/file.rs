//! From a path to trees.

use std::fs::File;
use std::io::Read;
use std::path::Path;
use std::sync::Arc;

use super::problem::DocumentProblem;
use super::tree::Node;
use super::{json, yaml};
use crate::json::Place;

/// A file that was read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SourceFile {
    /// As it was named or found.
    pub path: Arc<Path>,
    /// Its text without a byte-order mark.
    pub text: String,
}

impl SourceFile {
    /// Reads a file of at most `bytes_max` bytes.
    ///
    /// # Errors
    /// It is not readable, larger, or not UTF-8.
    pub fn open(path: &Path, bytes_max: u64) -> Result<SourceFile, DocumentProblem> {
        let unreadable = |error: std::io::Error| DocumentProblem::Unreadable { message: error.to_string() };
        let file = File::open(path).map_err(unreadable)?;
        let bytes = file.metadata().map_err(unreadable)?.len();
        if bytes > bytes_max {
            return Err(DocumentProblem::TooLarge { bytes, bytes_max });
        }
        let mut content = Vec::new();
        // A pipe has no length to look at beforehand.
        file.take(bytes_max).read_to_end(&mut content).map_err(unreadable)?;
        SourceFile::of_bytes(path, content)
    }

    /// The file at `path` with this content.
    ///
    /// # Errors
    /// It is not UTF-8.
    pub fn of_bytes(path: &Path, content: Vec<u8>) -> Result<SourceFile, DocumentProblem> {
        let text = String::from_utf8(content).map_err(|_| DocumentProblem::NotUtf8)?;
        let text = text.strip_prefix('\u{feff}').map(str::to_owned).unwrap_or(text);
        Ok(SourceFile { path: path.into(), text })
    }

    /// The documents of the file. What begins like JSON is JSON, unless its name says YAML and it is that.
    ///
    /// Deep trees take much stack: 1,000 levels of nesting do not fit the 2 MB of a common thread in an
    /// unoptimised build.
    ///
    /// # Errors
    /// The first place at which it is neither.
    pub fn documents<U: Clone>(&self) -> Result<Vec<Node<U>>, (Place, DocumentProblem)> {
        if !self.text.trim_start().starts_with(['{', '[']) {
            return yaml::read(&self.text);
        }
        let is_yaml = self.path.extension().is_some_and(|ending| ending == "yaml" || ending == "yml");
        match json::read(&self.text) {
            Ok(root) => Ok(vec![root]),
            Err(_) if is_yaml => yaml::read(&self.text),
            Err(problem) => Err(problem),
        }
    }
}
