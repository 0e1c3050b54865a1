//! The file of disagreements, with patterns and events, as cases for `ruleproof conform`.
//!
//! Its default name is the same for every run, and a disagreement may be hard to come by again: cases are added to
//! what the file holds. It is made only once there is something to put into it, but looked at before: after an hour of
//! work it would be late to learn that the cases cannot be kept.

use std::fs::Metadata;
use std::io::Write;
use std::path::{Path, PathBuf};

use super::output::{Complained, complain, remark};
use super::output_file::{Content, FilesInUse, OutputFile};
use crate::report::{RecordedCase, write_case};

const CONTENT: &str = "disagreements";

/// Where disagreements go.
#[derive(Debug)]
pub(super) struct Bundle {
    path: PathBuf,
    state: State,
}

/// How far the file is.
#[derive(Debug)]
enum State {
    /// There was nothing to put into it.
    Untouched,
    /// It has all cases so far.
    Open(OutputFile),
    /// It has not all cases, which has been printed.
    Failed,
}

impl Bundle {
    /// Looks whether the file can be written; if it is in use, that has been printed.
    ///
    /// # Errors
    /// It cannot be opened.
    pub(super) fn look(path: &Path, in_use: &mut FilesInUse) -> anyhow::Result<Result<Bundle, Complained>> {
        if in_use.claim(path, CONTENT).is_err() {
            return Ok(Err(Complained));
        }
        // A pipe would wait for its reader, and end for it when it is closed again.
        if path.metadata().as_ref().map_or(true, is_looked_at) {
            // Taken away again if it was not there.
            let _ = OutputFile::create(path, Content::OfEvents(CONTENT), &mut FilesInUse::default())?;
        }
        Ok(Ok(Bundle { path: path.to_owned(), state: State::Untouched }))
    }

    /// Adds a case. The first failure is printed, and cases are not kept from then on: what a run came to is worth more.
    pub(super) fn keep(&mut self, case: &RecordedCase<'_>) {
        if let Err(error) = self.write(case) {
            complain(&format!(
                "{error:#}\n  hint: disagreements from here on are not kept; name another --bundle"
            ));
            self.state = State::Failed;
        }
    }

    fn write(&mut self, case: &RecordedCase<'_>) -> anyhow::Result<()> {
        if let State::Untouched = self.state {
            let content = Content::OfEvents(CONTENT);
            // That it is not in use is known.
            self.state = match OutputFile::append(&self.path, content, &mut FilesInUse::default())? {
                Ok(file) => State::Open(file),
                Err(Complained) => State::Failed,
            };
        }
        if let State::Open(file) = &mut self.state {
            write_case(case, file)?;
            file.flush()?;
        }
        Ok(())
    }

    /// Says where the disagreements are, if all are there.
    pub(super) fn tell(&self) {
        if let State::Open(_) = self.state {
            remark(&format!(
                "{} has the patterns and events of the disagreements, as cases for `ruleproof conform`; please report \
                 them, without what is nobody's business",
                self.path.display()
            ));
        }
    }
}

fn is_looked_at(metadata: &Metadata) -> bool {
    metadata.is_file() || metadata.is_dir()
}
