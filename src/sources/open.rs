//! Finds the files that paths, globs and directories name.

use std::fs;
use std::io;
use std::path::{Path, PathBuf};

use super::input::{Input, InputPlace};
use super::{FeedScheme, Feeds, Position, SkipReason};

/// The name of the file that CreateExportTask writes first, to see whether it may.
const LOGS_WRITE_TEST: &str = "aws-logs-write-test";

/// Standard input, as tools name it.
const STDIN: &str = "-";

/// What is wrong with one of the inputs that were asked for.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum OpenError {
    /// There is nothing at this path.
    #[error("`{path}` does not exist; check the path, or quote it if it is a glob")]
    NotFound {
        /// The path as it was given.
        path: String,
    },
    /// A glob without a match.
    #[error("no file matches `{glob}`; `*` does not cross `/`, `**` does")]
    NothingMatches {
        /// The glob as it was given.
        glob: String,
    },
    /// Not a glob.
    #[error("`{glob}` is not a glob: {reason}")]
    BadGlob {
        /// The glob as it was given.
        glob: String,
        /// What is wrong with it.
        reason: String,
    },
    /// A directory in which there is no file to read.
    #[error("`{path}` holds no file; hidden files are left out")]
    EmptyDirectory {
        /// The path as it was given.
        path: String,
    },
    /// Something that cannot be looked at.
    #[error("`{path}` cannot be read: {reason}")]
    Unreadable {
        /// The path.
        path: String,
        /// What the system says.
        reason: String,
    },
    /// Standard input can be read once only.
    #[error("standard input (`-`) is named more than once")]
    StdinTwice,
    /// Something to be fetched, such as `s3://bucket/prefix`.
    #[error("`{spec}`: {reason}{}", hint.as_ref().map(|hint| format!("\n  hint: {hint}")).unwrap_or_default())]
    Feed {
        /// The argument as it was given.
        spec: String,
        /// What is wrong.
        reason: String,
        /// Whose fault it is.
        fault: FeedFault,
        /// The way out, where there is one to name.
        hint: Option<String>,
    },
}

/// Whose fault it is that something cannot be fetched.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum FeedFault {
    /// What was asked for is not there, or cannot be asked for.
    Spec,
    /// The back end failed or refused, so nothing is known of what was asked for.
    BackEnd,
    /// Nobody's: the run was told to end before it was open.
    Interrupted,
}

/// The inputs that `specs` name, in their order, the files of each sorted by path; and everything that is wrong. Feeds
/// are not opened yet.
pub(super) fn inputs(specs: &[String]) -> (Vec<Input>, Vec<OpenError>) {
    let mut finder = Finder { inputs: Vec::new(), errors: Vec::new() };
    specs.iter().for_each(|spec| finder.find(spec));
    if specs.iter().filter(|spec| *spec == STDIN).count() > 1 {
        finder.errors.push(OpenError::StdinTwice);
    }
    (finder.inputs, finder.errors)
}

/// Opens the feeds among `inputs`; everything that is wrong with them.
///
/// Those that `from` lies behind are not opened, and the one in which it lies is opened there.
pub(super) fn open_feeds(inputs: &mut [Input], feeds: &dyn Feeds, from: Option<&Position>) -> Vec<OpenError> {
    let mut errors = Vec::new();
    for (number, input) in (0..).zip(inputs).filter(|(_, input)| matches!(input.place, InputPlace::Unopened))
    {
        let opened = match from {
            Some(from) if from.input > number => Ok(InputPlace::Taken),
            from => {
                let place = from.filter(|from| from.input == number).and_then(|from| from.place.as_deref());
                feeds.open(&input.name, place).map(|feed| InputPlace::Feed(Box::new(feed)))
            }
        };
        match opened {
            Ok(place) => input.place = place,
            Err(error) => errors.push(error),
        }
    }
    errors
}

struct Finder {
    inputs: Vec<Input>,
    errors: Vec<OpenError>,
}

impl Finder {
    fn find(&mut self, spec: &str) {
        if spec == STDIN {
            self.inputs.push(Input { name: "standard input".to_owned(), place: InputPlace::Stdin });
            return;
        }
        if FeedScheme::of(spec).is_some() {
            self.inputs.push(Input { name: spec.to_owned(), place: InputPlace::Unopened });
            return;
        }
        // A file may be called like a glob, so what exists is taken by its name.
        match fs::metadata(spec) {
            Ok(metadata) if metadata.is_dir() => self.directory(Path::new(spec), spec),
            Ok(_) => self.file(PathBuf::from(spec)),
            Err(error) if error.kind() != io::ErrorKind::NotFound => self.unreadable(Path::new(spec), &error),
            Err(_) if spec.contains(['*', '?', '[']) => self.glob(spec),
            Err(_) => self.errors.push(OpenError::NotFound { path: spec.to_owned() }),
        }
    }

    fn glob(&mut self, glob: &str) {
        let options = glob::MatchOptions {
            case_sensitive: true,
            require_literal_separator: true,
            // The crate panics on names that are not UTF-8 if it has to look for the dot; see `is_found_by`.
            require_literal_leading_dot: false,
        };
        let paths = match glob::glob_with(glob, options) {
            Ok(paths) => paths,
            Err(error) => {
                let reason = error.msg.to_owned();
                self.errors.push(OpenError::BadGlob { glob: glob.to_owned(), reason });
                return;
            }
        };
        let before = (self.inputs.len(), self.errors.len());
        self.refuse_unmatchable_names(glob);
        for path in paths {
            match path {
                Ok(path) if !is_found_by(glob, &path) => {}
                // `**` matches the directories on the way as well; their files match by themselves.
                Ok(path) if path.is_dir() && glob.contains("**") => {}
                Ok(path) if path.is_dir() => self.walk(&path),
                Ok(path) => self.found(path),
                Err(error) => self.unreadable(error.path(), error.error()),
            }
        }
        if before == (self.inputs.len(), self.errors.len()) {
            self.errors.push(OpenError::NothingMatches { glob: glob.to_owned() });
        }
    }

    /// The crate passes over names that are not UTF-8; nobody should believe that they were read.
    fn refuse_unmatchable_names(&mut self, glob: &str) {
        let literal = &glob[..glob.find(['*', '?', '[']).unwrap_or(glob.len())];
        let directory = literal.rfind('/').map_or(".", |slash| &literal[..=slash]);
        let names = fs::read_dir(directory).into_iter().flatten().flatten();
        for path in names.map(|entry| entry.path()).filter(|path| path.to_str().is_none()) {
            let reason = "a glob cannot match a name that is not UTF-8; name its folder instead";
            self.errors
                .push(OpenError::Unreadable { path: path.display().to_string(), reason: reason.to_owned() });
        }
    }

    fn directory(&mut self, path: &Path, spec: &str) {
        let before = (self.inputs.len(), self.errors.len());
        self.walk(path);
        if before == (self.inputs.len(), self.errors.len()) {
            self.errors.push(OpenError::EmptyDirectory { path: spec.to_owned() });
        }
    }

    fn walk(&mut self, directory: &Path) {
        let entries = fs::read_dir(directory).and_then(|entries| {
            entries.map(|entry| entry.map(|entry| entry.path())).collect::<io::Result<Vec<PathBuf>>>()
        });
        let mut paths = match entries {
            Ok(paths) => paths,
            Err(error) => return self.unreadable(directory, &error),
        };
        paths.retain(|path| !is_hidden(path));
        paths.sort();
        for path in paths {
            // Links to directories are not followed, since they may lead back up.
            match fs::symlink_metadata(&path) {
                Ok(metadata) if metadata.is_dir() => self.walk(&path),
                Ok(metadata) if metadata.is_symlink() && path.is_dir() => {}
                Ok(_) => self.found(path),
                Err(error) => self.unreadable(&path, &error),
            }
        }
    }

    /// A file that was not named itself.
    fn found(&mut self, path: PathBuf) {
        if path.file_name().is_some_and(|name| name == LOGS_WRITE_TEST) {
            let place = InputPlace::LeftOut(SkipReason::LogsWriteTest);
            self.inputs.push(Input { name: path.display().to_string(), place });
        } else {
            self.file(path);
        }
    }

    fn file(&mut self, path: PathBuf) {
        self.inputs.push(Input { name: path.display().to_string(), place: InputPlace::File(path) });
    }

    fn unreadable(&mut self, path: &Path, error: &io::Error) {
        self.errors
            .push(OpenError::Unreadable { path: path.display().to_string(), reason: error.to_string() });
    }
}

/// Whether `glob` means the hidden names on the way to `path`: as in a shell, only a literal dot does.
fn is_found_by(glob: &str, path: &Path) -> bool {
    let hidden = path.iter().filter(|name| is_hidden(Path::new(name))).count();
    let meant = glob.split('/').filter(|step| step.starts_with('.')).count();
    hidden <= meant
}

fn is_hidden(path: &Path) -> bool {
    path.file_name().is_some_and(|name| name.as_encoded_bytes().starts_with(b"."))
}
