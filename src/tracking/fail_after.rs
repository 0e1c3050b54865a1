//! A store that fails in the middle.

use std::sync::atomic::{AtomicU64, Ordering};

use crate::tracking::{
    Page, Record, RecordKey, RunId, Slot, SlotKind, StoreError, StoreErrorKind, TrackingStore,
};

/// Passes everything on, but fails once, after so many steps: each record written is a step, and so is each other call.
///
/// A call that writes stops where the steps end, so that a part of its records is written, as any store may leave it.
#[derive(Debug)]
pub struct FailAfter<S> {
    inner: S,
    /// Steps to go; [`NEVER`] once it has failed.
    steps_left: AtomicU64,
}

const NEVER: u64 = u64::MAX;

impl<S> FailAfter<S> {
    /// Fails after `steps`, and works ever after.
    pub fn new(inner: S, steps: u64) -> FailAfter<S> {
        FailAfter { inner, steps_left: AtomicU64::new(steps) }
    }

    /// Whether it has failed.
    pub fn has_failed(&self) -> bool {
        self.steps_left.load(Ordering::Relaxed) == NEVER
    }

    /// How many of `wanted` steps may be taken.
    fn take(&self, wanted: usize) -> usize {
        let wanted_steps = wanted as u64;
        let after = |left: u64| match left {
            NEVER => NEVER,
            left => left.checked_sub(wanted_steps).unwrap_or(NEVER),
        };
        let before =
            self.steps_left.fetch_update(Ordering::Relaxed, Ordering::Relaxed, |left| Some(after(left)));
        let left = before.unwrap_or(NEVER);
        usize::try_from(left.min(wanted_steps)).unwrap_or(wanted)
    }

    fn step(&self) -> Result<(), StoreError> {
        if self.take(1) == 1 { Ok(()) } else { Err(told_to_fail()) }
    }
}

fn told_to_fail() -> StoreError {
    StoreError::new("a test double", StoreErrorKind::ToldToFail)
}

impl<S: TrackingStore> TrackingStore for FailAfter<S> {
    async fn write(&self, mut records: Vec<Record>) -> Result<(), StoreError> {
        let wanted = records.len();
        let taken = self.take(wanted);
        records.truncate(taken);
        self.inner.write(records).await?;
        if taken == wanted { Ok(()) } else { Err(told_to_fail()) }
    }

    async fn read(&self, keys: &[RecordKey]) -> Result<Vec<Record>, StoreError> {
        self.step()?;
        self.inner.read(keys).await
    }

    async fn scan(
        &self,
        run: RunId,
        kind: SlotKind,
        after: Option<&Slot>,
        limit: usize,
    ) -> Result<Page, StoreError> {
        self.step()?;
        self.inner.scan(run, kind, after, limit).await
    }

    async fn runs(&self) -> Result<Vec<RunId>, StoreError> {
        self.step()?;
        self.inner.runs().await
    }

    async fn delete(&self, run: RunId) -> Result<(), StoreError> {
        self.step()?;
        self.inner.delete(run).await
    }
}
