//! The files that decide what tests do, for whoever waits for them to change.

use std::path::{Path, PathBuf};

use super::format::{EventRef, Placed, Subject, WrittenBody, WrittenEvent, WrittenSuite};
use super::paths;

/// What a run looked at.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Inputs {
    /// Files, whether they are there or not.
    pub files: Vec<PathBuf>,
    /// Sources of rules: files, folders and globs, which may come to name more files.
    pub rules: Vec<String>,
    /// Sources of events, likewise.
    pub events: Vec<String>,
}

impl Inputs {
    /// Adds what a test file in `folder` names, but for its rules.
    pub(super) fn add(&mut self, suite: &WrittenSuite, folder: &Path) {
        let mut file = |written: &Placed<String>| self.files.push(paths::beside(folder, &written.value));
        for fixture in &suite.fixtures {
            event_file(&fixture.event).map(&mut file);
        }
        for test in &suite.tests {
            match &test.subject {
                Subject::Event { event, cases } => {
                    if let EventRef::Own(event) = event {
                        event_file(event).map(&mut file);
                    }
                    let bodies = cases.iter().flat_map(|case| &case.expect.bodies);
                    bodies.filter_map(|expected| body_file(&expected.body)).for_each(&mut file);
                }
                Subject::Corpus { events, .. } => {
                    let events = events.iter().map(|spec| paths::source_beside(folder, &spec.value));
                    self.events.extend(events);
                }
            }
        }
    }
}

fn event_file(event: &WrittenEvent) -> Option<&Placed<String>> {
    match event {
        WrittenEvent::File(path) => Some(path),
        WrittenEvent::Inline(_) => None,
    }
}

fn body_file(body: &WrittenBody) -> Option<&Placed<String>> {
    match body {
        WrittenBody::File(path) => Some(path),
        WrittenBody::Json(_) | WrittenBody::Text(_) | WrittenBody::Snapshot => None,
    }
}
