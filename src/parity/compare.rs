//! Asks about pairs.

use futures_util::{Stream, StreamExt, stream};

use super::answer::{Answer, Asked, said};
use super::known::Known;
use super::pairs::Pair;
use crate::calls::{CallError, CallPolicy};
use crate::conform::Expected;
use crate::probe::PatternTester;

/// Questions that are under way at once: a call takes some 50 ms, and 50 may be made per second.
const CALLS_AT_ONCE: usize = 8;

/// A pair with its answer.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Compared<'p> {
    /// The pair.
    pub pair: &'p Pair,
    /// What AWS says.
    pub answer: Answer,
}

impl Compared<'_> {
    /// What we say.
    pub fn ours(&self) -> Expected {
        if self.pair.matches() { Expected::Match } else { Expected::NoMatch }
    }

    /// Whether both say the same.
    pub fn agrees(&self) -> bool {
        self.ours() == self.answer.says
    }
}

/// Why not all pairs were compared.
#[derive(Debug, thiserror::Error)]
pub enum ParityError {
    /// AWS could not be asked.
    #[error(transparent)]
    Call(#[from] CallError),
    /// What was compared could not be written.
    #[error(transparent)]
    Write(#[from] std::io::Error),
}

/// Asks AWS about each of `pairs`, whose patterns' texts are `patterns`, unless the answer is known. Answers come in the order
/// of the pairs; one that fails takes no other with it.
pub fn answers<'a, 'p: 'a, T: PatternTester>(
    tester: &'a T,
    calls: &'a CallPolicy,
    patterns: &'a [&'a str],
    pairs: &'p [Pair],
    known: &Known,
) -> impl Stream<Item = (&'p Pair, Result<Answer, CallError>)> + use<'a, 'p, T> {
    let recorded: Vec<Option<Expected>> =
        pairs.iter().map(|pair| known.answer(patterns[pair.rule], &pair.event.text)).collect();
    let answers = stream::iter(pairs.iter().zip(recorded)).map(move |(pair, recorded)| async move {
        if let Some(says) = recorded {
            return (pair, Ok(Answer { says, asked: Asked::Before }));
        }
        let (pattern, event) = (patterns[pair.rule], &*pair.event.text);
        let says = said(calls.call("TestEventPattern", || tester.test(pattern, event)).await);
        (pair, says.map(|says| Answer { says, asked: Asked::Now }))
    });
    answers.buffered(CALLS_AT_ONCE)
}

/// The same; hands each pair to `seen` as soon as its answer is there, in order, and adds it to what is known.
///
/// # Errors
/// A call failed for good; what was seen until then stays true. Or `seen` failed.
pub async fn ask<'p>(
    tester: &impl PatternTester,
    calls: &CallPolicy,
    patterns: &[&str],
    pairs: &'p [Pair],
    known: &mut Known,
    mut seen: impl FnMut(Compared<'p>) -> std::io::Result<()>,
) -> Result<(), ParityError> {
    let mut answers = std::pin::pin!(answers(tester, calls, patterns, pairs, known));
    while let Some((pair, answer)) = answers.next().await {
        let answer = answer?;
        known.add(patterns[pair.rule], &pair.event.text, answer.says);
        seen(Compared { pair, answer })?;
    }
    Ok(())
}
