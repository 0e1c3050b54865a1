//! What match rates are compared with.

use std::fs;
use std::time::Duration;

use anyhow::Context;

use super::args::{ClockName, SampleArgs};
use crate::cli::output::{Complained, complain, remark};
use crate::report::{DriftReport, too_rare_words};
use crate::sample::{Clock, DriftOptions, Watch};
use crate::sampling::drift::{Baseline, DriftSettings};

/// How long a window is.
const WINDOW_DEFAULT: Duration = Duration::from_secs(60);
/// How long windows are joined for a rule that few events match, so that an alarm is no older than that.
const JOINED_MAX: Duration = Duration::from_secs(24 * 60 * 60);
/// Windows that are joined even if that takes longer.
const WINDOWS_JOINED_MIN: u64 = 30;

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
    let window = args.window.unwrap_or(WINDOW_DEFAULT);
    let windows = (JOINED_MAX.as_secs() / window.as_secs().max(1)).max(WINDOWS_JOINED_MIN);
    let settings = DriftSettings {
        baseline_windows: args.baseline_windows,
        windows_joined_max: u32::try_from(windows).unwrap_or(u32::MAX),
        ..DriftSettings::default()
    };
    Ok(Ok(Some(DriftOptions { watch: Watch { window, clock }, settings, baseline })))
}

/// Writes what was learned where a baseline is wanted and there is none; says whether it did.
pub(super) fn write_baseline(args: &SampleArgs, learned: Option<&Baseline>) -> anyhow::Result<bool> {
    let (Some(path), Some(learned)) = (&args.baseline, learned) else { return Ok(false) };
    if path.exists() {
        return Ok(false);
    }
    let text = serde_json::to_vec(learned)?;
    fs::write(path, text).with_context(|| format!("{} cannot be written", path.display()))?;
    Ok(true)
}

/// Tells what was not compared although no drift is expected; whether that was everything.
pub(super) fn tell_uncompared(args: &SampleArgs, report: &DriftReport, learned: Option<&Baseline>) -> bool {
    const NAMED_MAX: usize = 5;
    report.too_rare.iter().take(NAMED_MAX).for_each(|it| remark(&too_rare_words(it)));
    if report.too_rare.len() > NAMED_MAX {
        remark(&format!("and {} more rules that are too rare to tell", report.too_rare.len() - NAMED_MAX));
    }
    if report.rules_compared > 0 {
        return false;
    }
    let events = DriftSettings::default().events_min;
    match learned {
        None => remark(&format!(
            "no match rates were compared: there were not enough windows of at least {events} events (shorter ones are \
             joined) for a baseline of {} and one more; sample more events, take shorter windows (--window), learn from \
             fewer (--baseline-windows), or give the baseline of an earlier run (--baseline)",
            args.baseline_windows
        )),
        Some(_) => remark(
            "no match rates were compared: there were not enough events after the baseline, or it knows none of these \
             rules with their patterns; sample more events, or learn a baseline anew",
        ),
    }
    true
}
