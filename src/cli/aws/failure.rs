//! How a call that failed is told.

use crate::calls::{CallError, CallErrorKind};
use crate::cli::exit::Exit;
use crate::cli::output::complain;

/// Says what went wrong and what to do; the exit code that the command ends with.
pub(in crate::cli) fn failed(error: &CallError) -> Exit {
    complain(&error.told());
    if is_back_end_failure(error.kind) { Exit::BackEndFailed } else { Exit::Unusable }
}

/// Whether AWS is to blame, or the way to it. That a name leads to nothing, or that no service would take what was
/// typed, is the command line's fault.
pub(in crate::cli) fn is_back_end_failure(kind: CallErrorKind) -> bool {
    !matches!(kind, CallErrorKind::Missing | CallErrorKind::Invalid | CallErrorKind::Exists)
}
