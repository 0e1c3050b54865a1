//! Asks AWS where the records of an event do not decide.

use std::collections::BTreeMap;
use std::sync::Arc;
use std::time::Duration;

use tokio::sync::mpsc;
use tokio::task::JoinSet;
use tokio::time::sleep;
use tokio_util::sync::CancellationToken;

use super::end::Failed;
use super::reading::{add_to_case, read_all};
use super::retries::persistently;
use super::shared::{Backend, Found, Shared, Verdicts};
use crate::calls::CallErrorKind;
use crate::probe::foresight::Foresight;
use crate::probe::judging::{Answer, Case, Decision, Question, judge};
use crate::probe::ledger::{About, Fact};
use crate::probe::token::Sending;
use crate::probe::{MirrorIndex, PatternTester};

/// How often an event is judged anew because more arrived while AWS was asked.
const ROUNDS_MAX: u32 = 4;

/// How soon an event is judged whose records are being written.
const WRITING: Duration = Duration::from_millis(10);

/// An event that its records do not decide.
#[derive(Debug)]
pub(super) struct Doubt {
    pub(super) sending: Sending,
    pub(super) question: Question,
}

/// Settles doubts until `stop`, some at a time.
pub(super) async fn ask<K: Backend>(
    shared: Arc<Shared<K>>,
    mut doubts: mpsc::Receiver<Doubt>,
    verdicts: Verdicts,
    stop: CancellationToken,
) {
    let mut asking = JoinSet::new();
    loop {
        tokio::select! {
            biased;
            () = stop.cancelled() => return,
            Some(_) = asking.join_next(), if !asking.is_empty() => {}
            doubt = doubts.recv(), if asking.len() < shared.options.askers => {
                let Some(doubt) = doubt else { return };
                let (shared, verdicts) = (Arc::clone(&shared), verdicts.clone());
                asking.spawn(async move {
                    match settle(&shared, doubt).await {
                        // The finisher is gone only when the run has failed.
                        Ok(Settled::Found(found)) => drop(verdicts.send(*found).await),
                        Ok(Settled::SendAgain(sending)) => shared.send_again(sending).await,
                        Err(failed) => shared.fail(failed),
                    }
                });
            }
        }
    }
}

enum Settled {
    Found(Box<Found>),
    SendAgain(Sending),
}

async fn settle<K: Backend>(shared: &Shared<K>, doubt: Doubt) -> Result<Settled, Failed> {
    let Doubt { sending, mut question } = doubt;
    let mut answers = BTreeMap::new();
    let mut round = 1;
    loop {
        // The copy that was judged before is there.
        let case = case_of(shared, sending, &[About::Seen]).await?;
        let event = case.copies.first().cloned().unwrap_or_default();
        answers.extend(answers_to(shared, &question, &event).await?);
        let facts = facts_of(shared, sending).await;
        let case = Case { answers: answers.clone(), ..case_of(shared, sending, &facts).await? };
        match judge(&shared.mirrored, &case, &mut Foresight::scratch()) {
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

/// The facts of an event, once none of them is being written.
async fn facts_of<K: Backend>(shared: &Shared<K>, sending: Sending) -> Vec<About> {
    loop {
        let facts = shared.ledger().facts(sending);
        match facts {
            Some(facts) => return facts,
            None => sleep(WRITING).await,
        }
    }
}

async fn case_of<K: Backend>(shared: &Shared<K>, sending: Sending, facts: &[About]) -> Result<Case, Failed> {
    let records = read_all(shared, facts.iter().map(|about| Fact { sending, about: *about })).await?;
    let mut case = Case::default();
    add_to_case(shared, sending, facts, &records, &mut case)?;
    Ok(case)
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
