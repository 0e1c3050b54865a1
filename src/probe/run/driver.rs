//! What a run is started with.

use std::sync::Arc;

use tokio_util::sync::CancellationToken;

use super::clock::RunClock;
use super::observer::Observer;
use super::options::RunOptions;
use crate::probe::mirrored_bus::MirroredBus;

/// Who does the work, and how.
pub struct Driver<K> {
    /// Everything outside of this process.
    pub backend: K,
    /// What is on the bus.
    pub mirrored: MirroredBus,
    /// What the run can be told.
    pub options: RunOptions,
    /// Its clock.
    pub clock: RunClock,
    /// Stops it: what has been begun is finished, and a redrive can go on.
    pub stop: CancellationToken,
    /// Who is told how it goes.
    pub observer: Arc<dyn Observer>,
}
