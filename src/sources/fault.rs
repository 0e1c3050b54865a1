//! Faults of compressed data on their way through readers.

use std::fmt;
use std::io;

use super::SourceProblem;

/// What a read found wrong, carried through `io::Error` because layers read through each other.
#[derive(Debug)]
pub(super) struct Fault {
    pub(super) problem: SourceProblem,
    /// Whether another read can bring bytes from behind the fault.
    pub(super) resumable: bool,
}

impl Fault {
    pub(super) fn last(problem: SourceProblem) -> io::Error {
        io::Error::other(Fault { problem, resumable: false })
    }

    pub(super) fn resumable(problem: SourceProblem) -> io::Error {
        io::Error::other(Fault { problem, resumable: true })
    }

    pub(super) fn in_error(error: &io::Error) -> Option<&Fault> {
        error.get_ref().and_then(|inner| inner.downcast_ref())
    }

    pub(super) fn of(error: io::Error) -> Fault {
        let text = error.to_string();
        match error.into_inner().map(|inner| inner.downcast::<Fault>()) {
            Some(Ok(fault)) => *fault,
            _ => Fault { problem: SourceProblem::Unreadable(text.into()), resumable: false },
        }
    }
}

impl fmt::Display for Fault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.problem.fmt(f)
    }
}

impl std::error::Error for Fault {}
