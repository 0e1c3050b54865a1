//! Asks AWS where the records of an event do not decide.
//!
//! The records of many doubtful events are read at once, and those of one event again only if more arrived while AWS was
//! asked: so reads grow with batches, not with events that no rule matches.

use std::collections::{BTreeMap, VecDeque};
use std::sync::Arc;
use std::time::Duration;

use tokio::sync::mpsc;
use tokio::task::JoinSet;
use tokio::time::sleep;
use tokio_util::sync::CancellationToken;

use super::backend::Backend;
use super::end::Failed;
use super::reading::{add_to_case, read_all};
use super::retries::persistently;
use super::shared::{Found, Shared, Verdicts};
use crate::calls::CallErrorKind;
use crate::probe::foresight::Foresight;
use crate::probe::judging::{Answer, Case, Decision, Question, judge};
use crate::probe::ledger::{Arrived, Fact};
use crate::probe::token::Sending;
use crate::probe::{MirrorIndex, PatternTester};
use crate::tracking::{Record, RecordKey, StoreError};

/// How often an event is judged anew because more arrived while AWS was asked.
const ROUNDS_MAX: u32 = 4;

/// How soon an event is judged whose records are being written.
const WRITING: Duration = Duration::from_millis(10);

/// Events whose records are read at once; memory holds their texts until AWS has been asked.
const DOUBTS_MAX: usize = 100;

/// An event that its records do not decide.
#[derive(Debug)]
pub(super) struct Doubt {
    pub(super) sending: Sending,
    pub(super) question: Question,
}

/// What was known of an event when its records were read.
struct Known {
    arrived: Arrived,
    case: Case,
}

impl Known {
    fn of<K: Backend>(
        shared: &Shared<K>,
        sending: Sending,
        arrived: Arrived,
        records: &BTreeMap<RecordKey, Record>,
    ) -> Result<Known, StoreError> {
        let mut case = Case::default();
        add_to_case(shared, sending, &arrived.facts, records, &mut case)?;
        Ok(Known { arrived, case })
    }
}

/// A doubt, and what is known of its event unless more is being written.
struct Prepared {
    doubt: Doubt,
    known: Option<Known>,
}

/// Settles doubts until `stop`, some at a time.
pub(super) async fn ask<K: Backend>(
    shared: Arc<Shared<K>>,
    mut doubts: mpsc::Receiver<Doubt>,
    verdicts: Verdicts,
    stop: CancellationToken,
) {
    let (mut asking, mut prepared) = (JoinSet::new(), VecDeque::new());
    let mut some = Vec::with_capacity(DOUBTS_MAX);
    loop {
        while asking.len() < shared.options.askers
            && let Some(next) = prepared.pop_front()
        {
            asking.spawn(settle_one(Arc::clone(&shared), next, verdicts.clone()));
        }
        tokio::select! {
            biased;
            () = stop.cancelled() => return,
            Some(_) = asking.join_next(), if !asking.is_empty() => {}
            count = doubts.recv_many(&mut some, DOUBTS_MAX), if prepared.is_empty() => {
                if count == 0 {
                    return;
                }
                match prepare(&shared, &mut some).await {
                    Ok(ready) => prepared = ready,
                    Err(failed) => return shared.fail(failed),
                }
            }
        }
    }
}

/// Reads the records of all these events at once.
async fn prepare<K: Backend>(
    shared: &Shared<K>,
    doubts: &mut Vec<Doubt>,
) -> Result<VecDeque<Prepared>, Failed> {
    let arrived: Vec<(Doubt, Option<Arrived>)> = {
        let ledger = shared.ledger();
        let arrived = |doubt: Doubt| {
            let arrived = ledger.arrived(doubt.sending);
            (doubt, arrived)
        };
        doubts.drain(..).map(arrived).collect()
    };
    let mut facts = Vec::new();
    for (doubt, arrived) in &arrived {
        facts.extend(arrived.iter().flat_map(|arrived| facts_of(doubt.sending, arrived)));
    }
    let records = read_all(shared, facts.into_iter()).await?;
    let prepared = arrived.into_iter().map(|(doubt, arrived)| {
        let known = arrived.map(|arrived| Known::of(shared, doubt.sending, arrived, &records));
        Ok(Prepared { doubt, known: known.transpose()? })
    });
    prepared.collect()
}

async fn settle_one<K: Backend>(shared: Arc<Shared<K>>, prepared: Prepared, verdicts: Verdicts) {
    match settle(&shared, prepared).await {
        // The finisher is gone only when the run has failed.
        Ok(Settled::Found(found)) => drop(verdicts.send(*found).await),
        Ok(Settled::SendAgain(sending)) => shared.send_again(sending).await,
        Err(failed) => shared.fail(failed),
    }
}

enum Settled {
    Found(Box<Found>),
    SendAgain(Sending),
}

async fn settle<K: Backend>(shared: &Shared<K>, prepared: Prepared) -> Result<Settled, Failed> {
    let Prepared { doubt: Doubt { sending, mut question }, known } = prepared;
    let mut known = match known {
        Some(known) => known,
        None => know(shared, sending, arrived(shared, sending).await).await?,
    };
    let mut answers = BTreeMap::new();
    let mut round = 1;
    loop {
        let event = known.case.copies.first().cloned().unwrap_or_default();
        answers.extend(answers_to(shared, &question, &event).await?);
        let now = arrived(shared, sending).await;
        if now != known.arrived {
            known = know(shared, sending, now).await?;
        }
        known.case.answers.clone_from(&answers);
        match judge(&shared.mirrored, &known.case, &mut Foresight::scratch()) {
            Decision::Verdict(verdict, mirrors) => {
                return Ok(Settled::Found(Box::new(Found { sending, verdict, mirrors })));
            }
            Decision::SendAgain => return Ok(Settled::SendAgain(sending)),
            Decision::Ask(_) if round == ROUNDS_MAX => {
                return Err(Failed::Broken("an event stays in doubt, whatever AWS answers".to_owned()));
            }
            Decision::Ask(next) => {
                question = next;
                round += 1;
            }
        }
    }
}

/// What arrived of an event, once nothing of it is being written.
async fn arrived<K: Backend>(shared: &Shared<K>, sending: Sending) -> Arrived {
    loop {
        let arrived = shared.ledger().arrived(sending);
        match arrived {
            Some(arrived) => return arrived,
            None => sleep(WRITING).await,
        }
    }
}

/// Reads the records of one event.
async fn know<K: Backend>(shared: &Shared<K>, sending: Sending, arrived: Arrived) -> Result<Known, Failed> {
    let records = read_all(shared, facts_of(sending, &arrived).into_iter()).await?;
    Ok(Known::of(shared, sending, arrived, &records)?)
}

fn facts_of(sending: Sending, arrived: &Arrived) -> Vec<Fact> {
    arrived.facts.iter().map(|about| Fact { sending, about: *about }).collect()
}

async fn answers_to<K: Backend>(
    shared: &Shared<K>,
    question: &Question,
    event: &str,
) -> Result<BTreeMap<MirrorIndex, Answer>, Failed> {
    let mut asking = shared.questions.ask(question);
    while let Some(pattern) = asking.pattern() {
        let tester = shared.backend.tester();
        let answer =
            persistently(shared.backend.event_bridge(), "TestEventPattern", || tester.test(&pattern, event))
                .await;
        asking.answer(match answer {
            Ok(matches) => Answer::Matches(matches),
            Err(error) if error.kind == CallErrorKind::Invalid => Answer::Refused(error.code, error.message),
            Err(error) => return Err(Failed::Call(error)),
        });
    }
    Ok(asking.into_answers())
}
