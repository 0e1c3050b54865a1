//! The policy itself: what happens around one call.

use std::future::Future;
use std::sync::{Mutex, PoisonError};
use std::time::Duration;

use tokio::time::{sleep, timeout};

use super::breaker::{Breaker, Change, Sign};
use super::counts::{CallCounts, Counters};
use super::error::{CallError, CallErrorKind, Effect};
use super::jitter::Jitter;
use super::limiter::Limiter;
use super::settings::{CallGroup, CallSettings, RetrySettings};

/// Makes calls to one service.
#[derive(Debug)]
pub struct CallPolicy {
    service: &'static str,
    groups: Vec<Group>,
    others: Group,
    retry: RetrySettings,
    breaker: Breaker,
    jitter: Jitter,
    counters: Counters,
    /// Why the last try got no answer; told when the breaker stays open.
    last_outage: Mutex<Option<String>>,
}

#[derive(Debug)]
struct Group {
    operations: &'static [&'static str],
    timeout: Duration,
    limiter: Limiter,
}

impl Group {
    fn new(group: &CallGroup) -> Group {
        Group {
            operations: group.operations,
            timeout: group.timeout,
            limiter: Limiter::new(group.calls_per_second),
        }
    }
}

impl CallPolicy {
    /// A policy that nothing has gone through yet. All its chance comes from `seed`.
    pub fn new(settings: &CallSettings, seed: u64) -> CallPolicy {
        CallPolicy {
            service: settings.service,
            groups: settings.groups.iter().map(Group::new).collect(),
            others: Group::new(&settings.others),
            retry: settings.retry,
            breaker: Breaker::new(settings.breaker),
            jitter: Jitter::new(seed),
            counters: Counters::default(),
            last_outage: Mutex::default(),
        }
    }

    /// Calls `operation` (its API name), again if need be. Each try is a new future of `make`.
    ///
    /// # Errors
    /// The last try's, once it cannot be helped by trying; or [`CallErrorKind::StayedOpen`] without a try.
    pub async fn call<T, F>(
        &self,
        operation: &'static str,
        mut make: impl FnMut() -> F,
    ) -> Result<T, CallError>
    where
        F: Future<Output = Result<T, CallError>>,
    {
        let mut failed_tries = 0;
        loop {
            let error = match self.try_once(operation, make()).await {
                Ok(answer) => return Ok(answer),
                Err(error) => error,
            };
            failed_tries += 1;
            if !error.kind.is_retryable() || failed_tries >= self.retry.tries_max {
                return Err(error);
            }
            sleep(self.jitter.delay(&self.retry, failed_tries)).await;
            Counters::add(&self.counters.retries);
        }
    }

    /// An answer that counts as a success named a part of the request that was throttled, as a batch may:
    /// the operation is slowed down as if the whole call had been throttled.
    pub fn throttled(&self, operation: &'static str) {
        Counters::add(&self.counters.throttles);
        self.group(operation).limiter.throttled();
    }

    /// What was done so far.
    pub fn counts(&self) -> CallCounts {
        self.counters.read()
    }

    async fn try_once<T>(
        &self,
        operation: &'static str,
        call: impl Future<Output = Result<T, CallError>>,
    ) -> Result<T, CallError> {
        let group = self.group(operation);
        // The breaker first: tickets of the limiter that are taken while it is open would all be used at once
        // when it closes.
        let pass = self.breaker.enter().await.map_err(|_| self.stayed_open(operation))?;
        group.limiter.pass().await;
        Counters::add(&self.counters.calls);
        let outcome = timeout(group.timeout, call).await;
        let outcome = outcome.unwrap_or_else(|_| Err(self.timed_out(operation, group.timeout)));
        match &outcome {
            Err(error) if error.kind == CallErrorKind::Unavailable => {
                *self.last_outage.lock().unwrap_or_else(PoisonError::into_inner) = Some(error.to_string());
                if pass.settle(Sign::Dead) == Change::Opened {
                    Counters::add(&self.counters.opened);
                }
            }
            // Nothing was asked of the service, so nothing was learnt of it.
            Err(error) if error.kind == CallErrorKind::NoCredentials => drop(pass),
            Err(error) if error.kind == CallErrorKind::Throttled => {
                self.throttled(operation);
                pass.settle(Sign::Alive);
            }
            _ => {
                pass.settle(Sign::Alive);
            }
        }
        outcome
    }

    fn group(&self, operation: &'static str) -> &Group {
        self.groups.iter().find(|group| group.operations.contains(&operation)).unwrap_or(&self.others)
    }

    fn timed_out(&self, operation: &'static str, after: Duration) -> CallError {
        CallError {
            service: self.service,
            operation,
            code: "Timeout".to_owned(),
            message: format!("no answer within {:.1} s", after.as_secs_f64()),
            kind: CallErrorKind::Unavailable,
            effect: Effect::Unknown,
        }
    }

    fn stayed_open(&self, operation: &'static str) -> CallError {
        let last = self.last_outage.lock().unwrap_or_else(PoisonError::into_inner);
        CallError {
            service: self.service,
            operation,
            code: "CircuitOpen".to_owned(),
            message: format!("not called, as calls kept failing; {}", last.as_deref().unwrap_or_default()),
            kind: CallErrorKind::StayedOpen,
            effect: Effect::None,
        }
    }
}
