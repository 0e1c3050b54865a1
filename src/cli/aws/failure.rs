//! How a call that failed is told.

use crate::calls::{CallError, CallErrorKind};
use crate::cli::exit::Exit;
use crate::cli::output::complain;

/// Says what went wrong and what to do; the exit code that the command ends with.
pub(in crate::cli) fn failed(error: &CallError) -> Exit {
    let hint = error.kind.hint().map(|hint| format!("\n  hint: {hint}"));
    complain(&format!("{error}{}", hint.unwrap_or_default()));
    exit_of(error.kind)
}

/// What a name on the command line led to nothing for, or what no service would take, is the command line's fault.
fn exit_of(kind: CallErrorKind) -> Exit {
    match kind {
        CallErrorKind::Missing | CallErrorKind::Invalid | CallErrorKind::Exists => Exit::Unusable,
        CallErrorKind::Throttled
        | CallErrorKind::Unavailable
        | CallErrorKind::Conflict
        | CallErrorKind::Denied
        | CallErrorKind::NoCredentials
        | CallErrorKind::ClockSkew
        | CallErrorKind::QuotaExceeded
        | CallErrorKind::StayedOpen => Exit::BackEndFailed,
    }
}
