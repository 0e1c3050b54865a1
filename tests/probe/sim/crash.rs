//! The life of a process: how many operations it lives for.

use std::sync::Mutex;
use std::time::Duration;

use tokio::sync::Notify;

use crate::support::rng::Rng;

/// When a process dies.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Death {
    Never,
    /// At its operation of this number, from 1: before it has any effect, or after.
    At {
        operation: u64,
        with_effect: bool,
    },
}

/// What operations of a process ask before they do anything.
pub struct Life {
    death: Death,
    state: Mutex<State>,
    died: Notify,
}

struct State {
    operations: u64,
    dead: bool,
    rng: Rng,
}

/// What an operation may do.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Leave {
    /// Do it, and answer.
    Granted,
    /// Do it, and never answer.
    LastWish,
}

impl Life {
    pub fn new(seed: u64, death: Death) -> Life {
        let state = State { operations: 0, dead: false, rng: Rng::new(seed) };
        Life { death, state: Mutex::new(state), died: Notify::new() }
    }

    /// Returns once the process is dead.
    pub async fn died(&self) {
        self.died.notified().await;
    }

    /// Operations that were begun before it died.
    pub fn operations(&self) -> u64 {
        self.state.lock().unwrap().operations
    }

    /// One more operation, which takes up to `latency_max`. A dead process never gets an answer.
    pub async fn operation(&self, latency_max: Duration) -> Leave {
        let (leave, latency) = {
            let mut state = self.state.lock().unwrap();
            state.operations += u64::from(!state.dead);
            let latency = state.rng.below(latency_max.as_millis() as usize + 1) as u64;
            (self.leave(&mut state), Duration::from_millis(latency))
        };
        match leave {
            None => std::future::pending().await,
            Some(leave) => {
                if !latency.is_zero() {
                    tokio::time::sleep(latency).await;
                }
                leave
            }
        }
    }

    fn leave(&self, state: &mut State) -> Option<Leave> {
        if state.dead {
            return None;
        }
        match self.death {
            Death::At { operation, with_effect } if operation == state.operations => {
                state.dead = true;
                self.died.notify_one();
                with_effect.then_some(Leave::LastWish)
            }
            _ => Some(Leave::Granted),
        }
    }
}

impl Leave {
    /// Lets the answer out, or never.
    pub async fn answer<T>(self, answer: T) -> T {
        match self {
            Leave::Granted => answer,
            Leave::LastWish => std::future::pending().await,
        }
    }
}
