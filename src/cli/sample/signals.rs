//! What signals do.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use signal_hook::consts::{SIGINT, SIGTERM};
use signal_hook::flag;

use crate::cli::exit::Exit;

/// What has been signalled.
#[derive(Debug, Clone, Default)]
pub(super) struct Signals {
    /// The run is to end.
    pub(super) stop: Arc<AtomicBool>,
    /// It was interrupted from the keyboard.
    interrupted: Arc<AtomicBool>,
    /// Rules are to be loaded anew.
    pub(super) reload: Arc<AtomicBool>,
}

impl Signals {
    /// From now on, SIGTERM and SIGINT end the run once what was read is judged, and the second of them at once; SIGHUP
    /// loads the rules anew.
    pub(super) fn listen() -> anyhow::Result<Signals> {
        let signals = Signals::default();
        for signal in [SIGINT, SIGTERM] {
            // Before the flag is set, so that it takes the second signal.
            flag::register_conditional_shutdown(signal, Exit::Interrupted as i32, Arc::clone(&signals.stop))?;
            flag::register(signal, Arc::clone(&signals.stop))?;
        }
        flag::register(SIGINT, Arc::clone(&signals.interrupted))?;
        #[cfg(unix)]
        flag::register(signal_hook::consts::SIGHUP, Arc::clone(&signals.reload))?;
        Ok(signals)
    }

    pub(super) fn is_stopped(&self) -> bool {
        self.stop.load(Ordering::Relaxed)
    }

    pub(super) fn is_interrupted(&self) -> bool {
        self.interrupted.load(Ordering::Relaxed)
    }

    /// Whether rules are to be loaded anew; asked once per signal.
    pub(super) fn takes_reload(&self) -> bool {
        self.reload.swap(false, Ordering::Relaxed)
    }
}
