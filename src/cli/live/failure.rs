//! Whether AWS failed while rules were read.

use std::sync::atomic::{AtomicBool, Ordering};

/// A command that cannot use its rules ends as if its files were wrong; this tells the two apart where it ends.
static FAILED: AtomicBool = AtomicBool::new(false);

/// AWS failed.
#[cfg(feature = "aws")]
pub(in crate::cli) fn note_failure() {
    FAILED.store(true, Ordering::Relaxed);
}

/// Whether AWS failed.
pub(in crate::cli) fn failure_noted() -> bool {
    FAILED.load(Ordering::Relaxed)
}
