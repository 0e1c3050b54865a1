//! A run with a checkpoint that empties a queue: whatever goes wrong, its lines are those of a run that nobody disturbed.

use std::cell::{Cell, RefCell};
use std::io::Read;
use std::time::Duration;

use ruleproof::calls::CallPolicy;
use ruleproof::sample::queue::{
    Deleting, DrainEnd, DrainPlace, DrainSettings, Drained, drain, joined_parts, sqs_calls,
};
use ruleproof::sources::{Acknowledge, Recorded};
use tokio::time::{Instant, sleep, timeout};

use super::sim::{Ended, Faults, World};

const VISIBILITY: Duration = Duration::from_secs(30);

/// What is on a disk.
#[derive(Default)]
struct Disk {
    /// A line for each message; those behind a checkpoint do not count.
    lines: RefCell<Vec<String>>,
    /// What it says of the queue, and how many lines it counts.
    checkpoint: RefCell<Option<(String, usize)>>,
    /// The run is complete.
    is_complete: Cell<bool>,
    limit: Cell<Option<usize>>,
}

impl Disk {
    /// A run, from its start to its end, with what an earlier one left.
    async fn run(&self, world: &World, checkpoint_every: usize) -> Ended {
        let saved = self.checkpoint.borrow().clone();
        self.lines.borrow_mut().truncate(saved.as_ref().map_or(0, |(_, lines)| *lines));
        let place = saved.map(|(place, _)| DrainPlace::parse(&place).unwrap()).unwrap_or_default();
        let (feed, acknowledge, ends) = joined_parts("sqs://q", place, VISIBILITY, Deleting::WhenRecorded);
        let failure = ends.failure();
        let policy = CallPolicy::new(&sqs_calls(), 1);
        let settings = DrainSettings { wait: Duration::from_secs(2), visibility: VISIBILITY, empty_calls: 2 };
        let may_end = Cell::new(true);
        world.steps.set(0);
        let both = async {
            tokio::join!(
                drain(world, &policy, &settings, ends, &may_end),
                self.record(world, feed, acknowledge, checkpoint_every)
            )
        };
        tokio::select! {
            _ = both => match failure.get() {
                None => {
                    self.is_complete.set(world.left() == 0);
                    Ended::Fine
                }
                Some(failure) => Ended::Failed(failure.to_owned()),
            },
            () = world.crashed.notified() => Ended::Crashed,
        }
    }

    async fn record(
        &self,
        world: &World,
        mut feed: Drained,
        mut acknowledge: Box<dyn Acknowledge>,
        checkpoint_every: usize,
    ) {
        let mut since = 0;
        if self.checkpoint.borrow().is_none() {
            self.keep(world, &mut acknowledge, Recorded::Nothing).await;
        }
        while self.limit.get().is_none_or(|limit| self.lines.borrow().len() < limit) {
            let Some(mut input) = feed.wait().await else { break };
            sleep(world.work_takes.get()).await;
            let mut body = String::new();
            input.content.as_mut().unwrap().read_to_string(&mut body).unwrap();
            if !body.is_empty() {
                world.step().await;
                self.lines.borrow_mut().push(input.name.rsplit('/').next().unwrap().to_owned());
            }
            since += 1;
            if since >= checkpoint_every || body.is_empty() {
                since = 0;
                self.keep(world, &mut acknowledge, Recorded::UpTo(&input.place)).await;
            }
        }
        self.keep(world, &mut acknowledge, Recorded::All).await;
    }

    async fn keep(&self, world: &World, acknowledge: &mut Box<dyn Acknowledge>, recorded: Recorded<'_>) {
        let lines = self.lines.borrow().len();
        world.step().await;
        *self.checkpoint.borrow_mut() = Some((acknowledge.durable(recorded), lines));
        world.step().await;
        acknowledge.recorded(recorded);
    }

    fn assert_each_once(&self, world: &World, what: &str) {
        let (mut lines, mut sent) = (self.lines.borrow().clone(), world.sent());
        lines.sort();
        sent.sort();
        assert_eq!(lines, sent, "{what}");
        assert_eq!(world.left(), 0, "{what}");
    }
}

#[tokio::test(start_paused = true)]
async fn an_undisturbed_run_empties_the_queue() {
    for checkpoint_every in [1, 7, 1_000] {
        let (world, disk) = (World::with_messages(57), Disk::default());
        let began = Instant::now();
        assert_eq!(disk.run(&world, checkpoint_every).await, Ended::Fine);
        disk.assert_each_once(&world, "undisturbed");
        assert!(began.elapsed() < Duration::from_secs(10), "{:?}", began.elapsed());
    }
}

#[tokio::test(start_paused = true)]
async fn whatever_the_step_of_a_crash_a_run_that_goes_on_neither_repeats_nor_skips() {
    for checkpoint_every in [1, 5] {
        let mut crashes = 0;
        for crash_at in 1.. {
            let (world, disk) = (World::with_messages(23), Disk::default());
            world.crash_at.set(Some(crash_at));
            let ended = disk.run(&world, checkpoint_every).await;
            if ended == Ended::Fine {
                break;
            }
            crashes += 1;
            assert_eq!(ended, Ended::Crashed);
            world.crash_at.set(None);
            // At once: what the first run has hidden is seen only later.
            assert_eq!(disk.run(&world, checkpoint_every).await, Ended::Fine);
            disk.assert_each_once(&world, &format!("after a crash at step {crash_at}"));
        }
        assert!(crashes > 30, "{crashes}");
    }
}

#[tokio::test(start_paused = true)]
async fn calls_that_fail_and_crashes_again_and_again_change_no_line() {
    for seed in 0..60 {
        let (world, disk) = (World::with_messages(40), Disk::default());
        world.faults.set(Faults { failing: 0.1, lost_answers: 0.1, undeleted: 0.2 });
        world.seed(seed);
        let mut runs = 0;
        while !disk.is_complete.get() {
            world.crash_at.set((runs < 6).then_some(5 + (seed as u32 * 31 + runs * 17) % 60));
            if disk.run(&world, 3).await == Ended::Fine && runs >= 6 {
                world.faults.set(Faults::default());
            }
            runs += 1;
            assert!(runs < 20, "seed {seed}");
        }
        disk.assert_each_once(&world, &format!("seed {seed}"));
    }
}

#[tokio::test(start_paused = true)]
async fn slow_work_keeps_messages_hidden() {
    let (world, disk) = (World::with_messages(20), Disk::default());
    world.work_takes.set(Duration::from_secs(20));
    assert_eq!(disk.run(&world, 4).await, Ended::Fine);
    disk.assert_each_once(&world, "slow work");
    assert_eq!(world.most_receives(), 1);
}

#[tokio::test(start_paused = true)]
async fn what_a_limit_leaves_is_given_back_at_once() {
    let (world, disk) = (World::with_messages(40), Disk::default());
    disk.limit.set(Some(15));
    assert_eq!(disk.run(&world, 4).await, Ended::Fine);
    assert_eq!((disk.lines.borrow().len(), world.left(), world.visible()), (15, 27, 27));
}

#[tokio::test(start_paused = true)]
async fn a_service_that_stays_away_ends_the_run_and_says_so() {
    let (world, disk) = (World::with_messages(10), Disk::default());
    world.faults.set(Faults { failing: 1.0, ..Faults::default() });
    let Ended::Failed(failure) = disk.run(&world, 4).await else { panic!("it is away") };
    assert!(failure.contains("ServiceUnavailable") && failure.contains("hint: "), "{failure}");
    assert_eq!((disk.lines.borrow().len(), world.left()), (0, 12));
}

#[tokio::test(start_paused = true)]
async fn what_was_made_for_a_run_may_go_once_the_run_is_complete_or_if_it_never_began() {
    for (keeps, completes, expected) in [
        (false, false, DrainEnd::NotBegun),
        (true, false, DrainEnd::Interrupted),
        (true, true, DrainEnd::Complete),
    ] {
        let world = World::with_messages(3);
        let (mut feed, mut acknowledge, ends) =
            joined_parts("sqs://q", DrainPlace::default(), VISIBILITY, Deleting::WhenRecorded);
        let policy = CallPolicy::new(&sqs_calls(), 1);
        let settings = DrainSettings { wait: Duration::from_secs(2), visibility: VISIBILITY, empty_calls: 2 };
        let may_end = Cell::new(true);
        let record = async {
            while feed.wait().await.is_some() {}
            if keeps {
                acknowledge.recorded(Recorded::All);
            }
            if completes {
                acknowledge.complete();
            }
            drop((feed, acknowledge));
        };
        let (end, ()) = tokio::join!(drain(&world, &policy, &settings, ends, &may_end), record);
        assert_eq!(end, expected, "keeps: {keeps}, completes: {completes}");
    }
}

#[tokio::test(start_paused = true)]
async fn messages_that_can_never_be_deleted_end_the_run_and_do_not_stall_it() {
    let (world, disk) = (World::with_messages(11_000), Disk::default());
    world.faults.set(Faults { undeleted: 1.0, ..Faults::default() });
    let ended = timeout(Duration::from_secs(24 * 3_600), disk.run(&world, 1_000)).await;
    let Ok(Ended::Failed(failure)) = ended else { panic!("{ended:?}") };
    assert!(failure.contains("are recorded cannot be deleted"), "{failure}");
    // A run that goes on deletes them by what they come with.
    world.faults.set(Faults::default());
    assert_eq!(disk.run(&world, 1_000).await, Ended::Fine);
    disk.assert_each_once(&world, "deleted later");
}
