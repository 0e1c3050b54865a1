//! Plays one schedule: a run, and redrives for as long as something cut it short.

use std::sync::Arc;
use std::time::{Duration, SystemTime};

use ruleproof::probe::{
    Driver, Given, MirroredBus, Part, PlannedEvent, RunClock, RunEnd, RunOptions, RunRecord, redrive, run,
};
use ruleproof::tracking::{Record, RecordKey, RunId, Slot, TrackingStore};
use tokio_util::sync::CancellationToken;

use crate::sim::backend::SimBackend;
use crate::sim::crash::{Death, Life};
use crate::sim::scenario::Scenario;
use crate::sim::verify::verify;
use crate::sim::world::{BEGIN_MS, World};
use crate::support::rng::Rng;

/// Whether runs are cut short.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Trouble {
    None,
    Some,
}

/// How one process of a run ends.
#[derive(Debug, Clone, Copy)]
enum Cut {
    /// By itself.
    None,
    /// It is killed.
    Killed(Death),
    /// Somebody presses Ctrl-C after so long.
    Stopped(Duration),
}

/// Operations of a run that is not cut short, roughly: where to kill it.
const OPERATIONS: usize = 160;

pub fn play_seed(seed: u64, trouble: Trouble) {
    let runtime =
        tokio::runtime::Builder::new_current_thread().enable_time().start_paused(true).build().unwrap();
    runtime.block_on(async {
        let scenario = Scenario::of(seed);
        let mut rng = Rng::new(seed ^ 0x0dd);
        let cuts: Vec<Cut> = match trouble {
            Trouble::None => Vec::new(),
            Trouble::Some => (0..rng.between(1, 3)).map(|_| cut(&mut rng)).collect(),
        };
        let outcome = tokio::time::timeout(Duration::from_secs(20_000), play(scenario, &cuts)).await;
        assert!(outcome.is_ok(), "the run hangs");
    });
}

fn cut(rng: &mut Rng) -> Cut {
    if rng.one_in(5) {
        return Cut::Stopped(Duration::from_millis(rng.below(20_000) as u64));
    }
    let operation = rng.between(1, OPERATIONS) as u64;
    Cut::Killed(Death::At { operation, with_effect: rng.one_in(2) })
}

async fn play(scenario: Scenario, cuts: &[Cut]) {
    let world = Arc::new(World::new(scenario));
    let id = RunId::new(BEGIN_MS as u64 / 1_000, world.scenario.seed as u32);
    let mut cuts = cuts.iter().copied();
    for process in 0.. {
        assert!(process < 20, "the run never ends");
        let cut = cuts.next().unwrap_or(Cut::None);
        let Some(part) = live(&world, id, process, cut).await else { continue };
        match part.end {
            RunEnd::Complete => {
                verify(&world, id, &part.tally).await;
                return;
            }
            RunEnd::Interrupted => assert!(matches!(cut, Cut::Stopped(_)), "nobody stopped it"),
            RunEnd::Incomplete(failed) => panic!("{failed}"),
        }
    }
}

/// One process of a run; `None` if it was killed.
async fn live(world: &Arc<World>, id: RunId, process: u64, cut: Cut) -> Option<Part> {
    let death = if let Cut::Killed(death) = cut { death } else { Death::Never };
    let life = Arc::new(Life::new(world.scenario.seed ^ process, death));
    let stop = CancellationToken::new();
    let scenario = &world.scenario;
    let driver = Driver {
        backend: SimBackend::new(world, &life),
        mirrored: MirroredBus::new(world.layout.clone(), &scenario.rules, world.bus.clone()),
        options: RunOptions {
            rate: scenario.rate.and_then(std::num::NonZeroU32::new),
            in_flight_max: scenario.in_flight_max,
            linger: Duration::from_secs(2),
            ..RunOptions::default()
        },
        clock: RunClock::starting_at(SystemTime::UNIX_EPOCH + Duration::from_millis(world.now_ms() as u64)),
        stop: stop.clone(),
    };
    let events = scenario.events.clone();
    let events = events
        .into_iter()
        .enumerate()
        .map(|(number, event)| PlannedEvent::of(event.as_bytes(), format!("events.jsonl:{}", number + 1)));
    let record = world.store.read(&[RecordKey::new(id, Slot::Run)]).await.unwrap();
    let record: Option<RunRecord> = record.first().map(Record::content).transpose().unwrap();
    let work = async {
        match record {
            None => run(driver, id, Given::default(), events).await,
            Some(record) => redrive(driver, id, record, events).await,
        }
    };
    tokio::select! {
        part = work => Some(part),
        () = life.died() => None,
        () = stop_after(&stop, cut) => None,
    }
}

/// Presses Ctrl-C, and lets go on what follows.
async fn stop_after(stop: &CancellationToken, cut: Cut) {
    if let Cut::Stopped(after) = cut {
        tokio::time::sleep(after).await;
        stop.cancel();
    }
    std::future::pending().await
}
