//! The thread that looks at alarms.

use std::io;
use std::sync::Arc;
use std::sync::mpsc::{RecvTimeoutError, Sender, channel};
use std::thread::{self, JoinHandle};
use std::time::{Duration, Instant};

use super::super::registry::Registry;
use super::super::table::ALARM;
use super::evaluate::{Alarm, AlarmState, Change};

/// Between two looks.
const LOOKS_EVERY: Duration = Duration::from_secs(1);

/// How the run ends that alarms are about.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Ending {
    /// Its input was finite: alarms are judged over all of it too.
    OneShot,
    /// It was told to stop: only what fires at that moment counts.
    Service,
}

/// Alarms that are being looked at.
#[derive(Debug)]
pub struct AlarmWatch {
    ending: Sender<Ending>,
    thread: JoinHandle<Vec<Alarm>>,
}

impl AlarmWatch {
    /// Looks at `alarms` once a second, keeps their gauges, and calls `tell` for each change.
    ///
    /// # Errors
    /// The system gives no thread.
    pub fn start(
        mut alarms: Vec<Alarm>,
        registry: Arc<Registry>,
        mut tell: impl FnMut(&Alarm, Change) + Send + 'static,
    ) -> io::Result<AlarmWatch> {
        let (ending, ended) = channel();
        let start = Instant::now();
        let thread = thread::Builder::new().name("alarms".to_owned()).spawn(move || {
            loop {
                let ending = match ended.recv_timeout(LOOKS_EVERY) {
                    Err(RecvTimeoutError::Timeout) => None,
                    Err(RecvTimeoutError::Disconnected) => Some(Ending::Service),
                    Ok(ending) => Some(ending),
                };
                let (snapshot, now) = (registry.snapshot(), start.elapsed());
                for alarm in &mut alarms {
                    if let Some(change) = alarm.look(&snapshot, now) {
                        tell(alarm, change);
                    }
                }
                if let Some(ending) = ending {
                    alarms.iter().for_each(|alarm| show(alarm, fires(alarm, ending), &registry));
                    alarms.retain(|alarm| fires(alarm, ending));
                    return alarms;
                }
                alarms.iter().for_each(|alarm| show(alarm, fires(alarm, Ending::Service), &registry));
            }
        })?;
        Ok(AlarmWatch { ending, thread })
    }

    /// Takes a last look; the alarms that the run ends with.
    #[must_use]
    pub fn finish(self, ending: Ending) -> Vec<Alarm> {
        // The thread only ends after it was told to, or by a panic.
        let _ = self.ending.send(ending);
        self.thread.join().unwrap_or_else(|panic| std::panic::resume_unwind(panic))
    }
}

fn fires(alarm: &Alarm, ending: Ending) -> bool {
    match ending {
        Ending::OneShot => alarm.condemns_run(),
        Ending::Service => matches!(alarm.state(), AlarmState::Firing { .. }),
    }
}

fn show(alarm: &Alarm, fires: bool, registry: &Registry) {
    registry.series(&ALARM, [alarm.name()]).set(if fires { 1.0 } else { 0.0 });
}

#[cfg(test)]
mod tests {
    use super::super::super::table::EVENTS;
    use super::*;

    #[test]
    fn a_run_of_no_time_ends_with_the_alarms_that_its_events_deserve() {
        for (ending, fires) in [(Ending::OneShot, true), (Ending::Service, false)] {
            let registry = Arc::new(Registry::default());
            let alarm = Alarm::new("too many", "errored > 1% for 5m".parse().unwrap());
            let quiet = Alarm::new("quiet", "unmatched > 1% for 5m".parse().unwrap());
            let watch = AlarmWatch::start(vec![alarm, quiet], Arc::clone(&registry), |_, _| {}).unwrap();
            registry.series(&EVENTS, ["errored"]).add(5);
            let names: Vec<String> =
                watch.finish(ending).iter().map(|alarm| alarm.name().to_owned()).collect();
            assert_eq!(names, if fires { vec!["too many"] } else { vec![] });
            let gauge = registry.series(&ALARM, ["too many"]).value();
            assert_eq!(gauge, if fires { 1.0 } else { 0.0 });
        }
    }
}
