//! Exit codes, one list for all commands.

use std::process::ExitCode;

/// How a command ends.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[repr(u8)]
pub enum Exit {
    /// All is well.
    Fine = 0,
    /// An expectation or a threshold was not met.
    ExpectationFailed = 1,
    /// The command line or a file it names cannot be used.
    Unusable = 2,
    /// AWS or another back end failed, so there is no verdict.
    BackEndFailed = 3,
    /// There was nothing to run: no rules, or no events.
    NothingToRun = 4,
    /// Our verdict and that of AWS differ.
    VerdictsDisagree = 5,
    /// Interrupted; what was shown covers what was done until then.
    Interrupted = 130,
}

impl From<Exit> for ExitCode {
    fn from(exit: Exit) -> ExitCode {
        ExitCode::from(exit as u8)
    }
}
