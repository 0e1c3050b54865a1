//! What `/readyz` says.

use std::sync::{Arc, Mutex, PoisonError};

/// Whether work is taken. Clones share it. Not ready at first.
#[derive(Debug, Clone)]
pub struct Readiness(Arc<Mutex<Option<String>>>);

impl Default for Readiness {
    fn default() -> Readiness {
        Readiness(Arc::new(Mutex::new(Some("starting".to_owned()))))
    }
}

impl Readiness {
    /// Work is taken from now on.
    pub fn ready(&self) {
        self.set(None);
    }

    /// No work is taken from now on, for a reason such as `draining`.
    pub fn not_ready(&self, reason: &str) {
        self.set(Some(reason.to_owned()));
    }

    /// Why no work is taken; `None` if it is.
    pub(super) fn reason(&self) -> Option<String> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }

    fn set(&self, reason: Option<String>) {
        *self.0.lock().unwrap_or_else(PoisonError::into_inner) = reason;
    }
}
