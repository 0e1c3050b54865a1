//! What match rates are compared with.

use std::fs;
use std::time::Duration;

use anyhow::Context;

use super::args::{ClockName, SampleArgs};
use crate::cli::output::{Complained, complain};
use crate::sample::{Clock, DriftOptions, Watch};
use crate::sampling::drift::{Baseline, DriftSettings};

/// How long a window is.
const WINDOW_DEFAULT: Duration = Duration::from_secs(60);

/// What is watched, if anything; a baseline that cannot be read is told.
pub(super) fn drift_options(
    args: &SampleArgs,
    is_live: bool,
) -> anyhow::Result<Result<Option<DriftOptions>, Complained>> {
    if args.window.is_none() && args.baseline.is_none() && !args.expect_no_drift {
        return Ok(Ok(None));
    }
    let clock = match args.clock {
        Some(ClockName::Arrival) => Clock::Arrival,
        Some(ClockName::Event) => Clock::Event,
        None if is_live => Clock::Arrival,
        None => Clock::Event,
    };
    let mut baseline = None;
    if let Some(path) = args.baseline.as_ref().filter(|path| path.exists()) {
        let text = fs::read(path).with_context(|| format!("{} cannot be read", path.display()))?;
        match serde_json::from_slice::<Baseline>(&text) {
            Ok(read) => baseline = Some(read),
            Err(error) => {
                complain(&format!("{} is no baseline of match rates: {error}", path.display()));
                return Ok(Err(Complained));
            }
        }
    }
    let settings = DriftSettings { baseline_windows: args.baseline_windows, ..DriftSettings::default() };
    let window = args.window.map_or(WINDOW_DEFAULT, Duration::from);
    Ok(Ok(Some(DriftOptions { watch: Watch { window, clock }, settings, baseline })))
}

/// Writes what was learned where a baseline is wanted and there is none.
pub(super) fn write_baseline(args: &SampleArgs, learned: Option<&Baseline>) -> anyhow::Result<()> {
    let (Some(path), Some(learned)) = (&args.baseline, learned) else { return Ok(()) };
    if path.exists() {
        return Ok(());
    }
    let text = serde_json::to_vec(learned)?;
    fs::write(path, text).with_context(|| format!("{} cannot be written", path.display()))
}
