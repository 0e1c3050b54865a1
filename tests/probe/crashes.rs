//! Plays one schedule: a run, and redrives for as long as something cut it short.

use std::sync::Arc;
use std::time::{Duration, SystemTime};

use ruleproof::calls::CallErrorKind;
use ruleproof::probe::{
    Destination, Driver, Failed, Given, MirroredBus, Part, PlannedEvent, RunClock, RunEnd, RunOptions,
    RunRecord, RunState, Unobserved, redrive, run,
};
use ruleproof::tracking::{Record, RecordKey, RunId, Slot, StoreErrorKind, TrackingStore};
use tokio_util::sync::CancellationToken;

use crate::sim::backend::SimBackend;
use crate::sim::crash::{Death, Life};
use crate::sim::scenario::Scenario;
use crate::sim::verify::{Outcome, verify};
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
    /// The store fails after so many steps.
    StoreFails(u64),
    /// Somebody deletes a queue after so long; this one of all that there are.
    QueueDeleted(usize, Duration),
}

/// How far a run comes that nothing cuts short: where to cut it.
#[derive(Debug, Clone, Copy)]
pub struct Reach {
    /// Calls and steps of the store, of its first process.
    pub operations: u64,
    /// In virtual time.
    pub time: Duration,
}

/// What became of a schedule.
#[derive(Debug)]
pub struct Played {
    /// What the run came to, event by event.
    pub outcome: Outcome,
    /// Stands for all that happened, and when.
    pub trace: u64,
    pub reach: Reach,
    /// Operations at which processes were killed.
    pub kills: Vec<u64>,
}

/// Plays a seed; if there is to be trouble, after it was played without, which tells how far it reaches.
pub fn play_seed(seed: u64, trouble: Trouble) -> Played {
    let scenario = Scenario::of(seed);
    let calm = play_alone(scenario.clone(), &[]);
    if trouble == Trouble::None {
        return calm;
    }
    let mut rng = Rng::new(seed ^ 0x0dd);
    let cuts: Vec<Cut> =
        (0..rng.between(1, 3)).map(|_| cut(&mut rng, calm.reach, scenario.trace_headers)).collect();
    let played = play_alone(scenario, &cuts);
    if let Some(Cut::Killed(Death::At { operation, .. })) = cuts.first() {
        assert_eq!(played.kills.first(), Some(operation), "it went as far without being killed");
    }
    Played { reach: calm.reach, ..played }
}

/// In a time of its own, so that all of it is the same whatever was played before.
fn play_alone(scenario: Scenario, cuts: &[Cut]) -> Played {
    let runtime =
        tokio::runtime::Builder::new_current_thread().enable_time().start_paused(true).build().unwrap();
    runtime.block_on(async {
        let played = tokio::time::timeout(Duration::from_secs(20_000), play(scenario, cuts)).await;
        played.expect("the run hangs")
    })
}

fn cut(rng: &mut Rng, reach: Reach, trace_headers: bool) -> Cut {
    let moment = |rng: &mut Rng| Duration::from_millis(rng.below(reach.time.as_millis() as usize + 1) as u64);
    let operation = |rng: &mut Rng| rng.between(1, reach.operations as usize) as u64;
    match rng.below(20) {
        0..4 => Cut::Stopped(moment(rng)),
        4..8 => Cut::StoreFails(operation(rng)),
        // Without trace headers, what was lost in the queue cannot be told from what others got.
        8..10 if trace_headers => Cut::QueueDeleted(rng.below(1_000), moment(rng)),
        _ => Cut::Killed(Death::At { operation: operation(rng), with_effect: rng.one_in(2) }),
    }
}

async fn play(scenario: Scenario, cuts: &[Cut]) -> Played {
    let world = Arc::new(World::new(scenario));
    let id = RunId::new(BEGIN_MS as u64 / 1_000, world.scenario.seed as u32);
    let mut cuts = cuts.iter().copied();
    let mut made_up_for_losses = false;
    let (mut operations, mut kills) = (None, Vec::new());
    for process in 0.. {
        assert!(process < 20, "the run never ends");
        let cut = cuts.next().unwrap_or(Cut::None);
        let (part, lived) = live(&world, id, process, cut).await;
        let first = *operations.get_or_insert(lived);
        let Some(part) = part else {
            kills.push(lived);
            continue;
        };
        match &part.end {
            // What was lost with a queue is errored, and sent once more by the next redrive.
            RunEnd::Complete if world.has_lost_messages() && !made_up_for_losses => {
                world.make_queues();
                cuts = [].iter().copied();
                made_up_for_losses = true;
            }
            RunEnd::Complete => {
                assert_eq!(part.record.state, RunState::Finished);
                return Played {
                    outcome: verify(&world, id, &part.tally).await,
                    trace: world.trace(),
                    reach: Reach { operations: first, time: world.elapsed() },
                    kills,
                };
            }
            RunEnd::Interrupted => assert!(matches!(cut, Cut::Stopped(_)), "nobody stopped it"),
            RunEnd::Incomplete(failed) => recover(&world, cut, &part, failed).await,
        }
    }
    unreachable!("it returns or panics")
}

/// After a run that could not go on, which must have had a reason: its cause is mended.
async fn recover(world: &World, cut: Cut, part: &Part, failed: &Failed) {
    // What a redrive goes by, and whoever reads the record.
    assert_ne!(part.record.state, RunState::Finished);
    let said = part.record.parts.last().and_then(|part| part.end.clone());
    assert_eq!(said, Some(format!("incomplete: {failed}")));
    match (failed, cut) {
        (Failed::Store(error), Cut::StoreFails(_)) => {
            assert_eq!(error.kind, StoreErrorKind::ToldToFail);
        }
        (Failed::Call(error), _) if error.kind == CallErrorKind::Missing && world.has_lost_messages() => {
            world.make_queues();
        }
        (Failed::Call(error), _) if error.kind == CallErrorKind::StayedOpen => {
            let over = world.long_outage().expect("only long outages keep a breaker open");
            tokio::time::sleep_until(over).await;
        }
        _ => panic!("{failed}\n{}", world.scenario.in_short()),
    }
}

/// One process of a run, and its operations; no part if it was killed.
async fn live(world: &Arc<World>, id: RunId, process: u64, cut: Cut) -> (Option<Part>, u64) {
    let death = if let Cut::Killed(death) = cut { death } else { Death::Never };
    let store_fails = if let Cut::StoreFails(steps) = cut { Some(steps) } else { None };
    let life = Arc::new(Life::new(world.scenario.seed ^ process, death));
    let stop = CancellationToken::new();
    let scenario = &world.scenario;
    let driver = Driver {
        backend: SimBackend::new(world, &life, store_fails),
        mirrored: MirroredBus::new(world.layout.clone(), &scenario.rules, world.bus.clone()),
        options: RunOptions {
            rate: scenario.rate.and_then(std::num::NonZeroU32::new),
            in_flight_max: scenario.in_flight_max,
            linger: Duration::from_secs(2),
            ..RunOptions::default()
        },
        clock: RunClock::starting_at(SystemTime::UNIX_EPOCH + Duration::from_millis(world.now_ms() as u64)),
        stop: stop.clone(),
        observer: Arc::new(Unobserved),
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
    let part = tokio::select! {
        // As everywhere in runs: branches that are polled in an order of chance would make every run another one.
        biased;
        () = life.died() => None,
        () = strike(world, &stop, cut) => None,
        part = work => Some(part),
    };
    (part, life.operations())
}

/// Presses Ctrl-C, or deletes a queue, and lets go on what follows.
async fn strike(world: &World, stop: &CancellationToken, cut: Cut) {
    match cut {
        Cut::Stopped(after) => {
            tokio::time::sleep(after).await;
            stop.cancel();
        }
        Cut::QueueDeleted(which, after) => {
            tokio::time::sleep(after).await;
            let queues: Vec<Destination> = world.layout.destinations().collect();
            world.delete_queue(queues[which % queues.len()]);
        }
        Cut::None | Cut::Killed(_) | Cut::StoreFails(_) => {}
    }
    std::future::pending().await
}
