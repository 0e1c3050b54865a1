//! The circuit breaker of a service.
//!
//! Closed, it lets all calls pass and counts the tries in a row that got no answer. Open, it holds all calls
//! back; after a while one of them probes. An answer, whatever it says, closes it, and the held calls go on.
//! Once a probe fails too long after the breaker opened, all calls fail, now and later: the run ends as
//! incomplete, and can be resumed.

use std::sync::{Mutex, MutexGuard, PoisonError};

use tokio::sync::Notify;
use tokio::time::{Instant, sleep_until};

use super::settings::BreakerSettings;

/// Decides whether calls are made.
#[derive(Debug)]
pub(super) struct Breaker {
    settings: BreakerSettings,
    state: Mutex<State>,
    /// Wakes held calls at each change.
    changed: Notify,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum State {
    Closed { failures: u32 },
    Open { since: Instant, probe_at: Instant },
    Probing { since: Instant },
    StayedOpen,
}

/// What a try showed of the service.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Sign {
    /// It answered.
    Alive,
    /// No usable answer came.
    Dead,
}

/// What a sign did to the breaker.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Change {
    /// Nothing that anybody would have to know.
    None,
    /// It opened.
    Opened,
}

/// The breaker was open for too long.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct StayedOpen;

/// The right to make one try. Dropped without a sign (the caller was cancelled), it leaves the probe to
/// another call.
#[derive(Debug)]
pub(super) struct Pass<'a> {
    breaker: &'a Breaker,
    probes: bool,
}

/// What to do with a call now.
enum Admission {
    Pass { probes: bool },
    WaitUntil(Instant),
    WaitForProbe,
    Refuse,
}

impl Breaker {
    pub(super) fn new(settings: BreakerSettings) -> Breaker {
        Breaker { settings, state: Mutex::new(State::Closed { failures: 0 }), changed: Notify::new() }
    }

    /// Returns when a try may be made.
    pub(super) async fn enter(&self) -> Result<Pass<'_>, StayedOpen> {
        loop {
            // Before the look at the state, so that no change in between is missed.
            let changed = self.changed.notified();
            match self.admit(Instant::now()) {
                Admission::Pass { probes } => return Ok(Pass { breaker: self, probes }),
                Admission::Refuse => return Err(StayedOpen),
                Admission::WaitForProbe => changed.await,
                Admission::WaitUntil(time) => tokio::select! {
                    biased;
                    () = changed => {}
                    () = sleep_until(time) => {}
                },
            }
        }
    }

    fn admit(&self, now: Instant) -> Admission {
        let mut state = self.lock();
        match *state {
            State::Closed { .. } => Admission::Pass { probes: false },
            State::Open { since, probe_at } if now >= probe_at => {
                *state = State::Probing { since };
                Admission::Pass { probes: true }
            }
            State::Open { probe_at, .. } => Admission::WaitUntil(probe_at),
            State::Probing { .. } => Admission::WaitForProbe,
            State::StayedOpen => Admission::Refuse,
        }
    }

    fn alive(&self) {
        let mut state = self.lock();
        let was_closed = matches!(*state, State::Closed { .. });
        if *state != State::StayedOpen {
            *state = State::Closed { failures: 0 };
        }
        drop(state);
        if !was_closed {
            self.changed.notify_waiters();
        }
    }

    fn dead(&self, probed: bool) -> Change {
        let now = Instant::now();
        let probe_at = now + self.settings.probe_after;
        let mut state = self.lock();
        let (next, change) = match *state {
            State::Closed { failures } if failures + 1 >= self.settings.failures_to_open => {
                (State::Open { since: now, probe_at }, Change::Opened)
            }
            State::Closed { failures } => (State::Closed { failures: failures + 1 }, Change::None),
            State::Probing { since } if probed && now.duration_since(since) >= self.settings.open_max => {
                (State::StayedOpen, Change::None)
            }
            State::Probing { since } if probed => (State::Open { since, probe_at }, Change::None),
            // A call that was under way when the breaker opened says nothing new.
            other => (other, Change::None),
        };
        *state = next;
        drop(state);
        if probed {
            self.changed.notify_waiters();
        }
        change
    }

    /// Nobody knows what became of the probe: the next call probes at once.
    fn forget_probe(&self) {
        let mut state = self.lock();
        if let State::Probing { since } = *state {
            *state = State::Open { since, probe_at: Instant::now() };
        }
        drop(state);
        self.changed.notify_waiters();
    }

    fn lock(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Pass<'_> {
    /// Ends the try with what it showed.
    pub(super) fn settle(mut self, sign: Sign) -> Change {
        let probed = std::mem::take(&mut self.probes);
        match sign {
            Sign::Alive => {
                self.breaker.alive();
                Change::None
            }
            Sign::Dead => self.breaker.dead(probed),
        }
    }
}

impl Drop for Pass<'_> {
    fn drop(&mut self) {
        if self.probes {
            self.breaker.forget_probe();
        }
    }
}
