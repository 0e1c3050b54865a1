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
    /// It is not readable, larger (whether or not its size is known beforehand), or not UTF-8.
    pub fn open(path: &Path, bytes_max: u64) -> Result<SourceFile, DocumentProblem> {
        let unreadable = |error: std::io::Error| DocumentProblem::Unreadable { message: error.to_string() };
        let mut file = File::open(path).map_err(unreadable)?;
        let bytes = file.metadata().map_err(unreadable)?.len();
        if bytes > bytes_max {
            return Err(DocumentProblem::TooLarge { bytes, bytes_max });
        }
        let mut content = Vec::new();
        // A pipe has no length to look at beforehand, and what is cut off would be taken for the whole.
        (&mut file).take(bytes_max).read_to_end(&mut content).map_err(unreadable)?;
        if content.len() as u64 == bytes_max && file.read(&mut [0]).map_err(unreadable)? > 0 {
            return Err(DocumentProblem::TooLong { bytes_max });
        }
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

#[cfg(test)]
mod tests {
    use std::process::{Command, Stdio};

    use super::*;

    #[test]
    fn the_limit_holds_for_files_with_a_size_and_for_pipes() {
        let folder = tempfile::tempdir().unwrap();
        for len in [9, 10, 11] {
            let text = "x".repeat(len);
            let path = folder.path().join("file");
            std::fs::write(&path, &text).unwrap();
            let expected = |problem| if len > 10 { Err(problem) } else { Ok(text.clone()) };
            let read = |path: &Path| SourceFile::open(path, 10).map(|source| source.text);
            assert_eq!(read(&path), expected(DocumentProblem::TooLarge { bytes: len as u64, bytes_max: 10 }));
            #[cfg(unix)]
            {
                let pipe = folder.path().join(format!("pipe{len}"));
                assert!(Command::new("mkfifo").arg(&pipe).status().unwrap().success());
                let command = format!("cat {} > {}", path.display(), pipe.display());
                let mut writer =
                    Command::new("sh").args(["-c", &command]).stderr(Stdio::null()).spawn().unwrap();
                assert_eq!(read(&pipe), expected(DocumentProblem::TooLong { bytes_max: 10 }));
                writer.wait().unwrap();
            }
        }
    }
}
