//! Test files of rules: what they may say, and how they run.
//!
//! A test names an event and what is expected of it: the rules that match, the verdict, the reason of a miss, the
//! bodies that targets get. The event goes through the same [`judge`](crate::verdict::judge) as in every other
//! command, so that what a test proves is what a replay shows.
//!
//! 1. [`mod@format`] reads test files, with every problem located; nothing is looked up yet.
//! 2. [`load`] looks up what they name and makes cases of them: final events, rules and targets by number. Test
//!    files that look at the same rules share them.
//! 3. [`check`] holds one case against its rules. It is pure, so that whoever damages rules to see whether a test
//!    notices calls the same function with other rules.
//! 4. [`run`] does so for many cases on many threads and puts what is wrong into words.

pub mod format;

mod assemble;
mod bind;
mod body_diff;
mod body_text;
mod case;
mod check;
mod corpus;
mod coverage;
mod describe;
mod discover;
mod draft;
mod envelope;
mod events;
mod explanation;
mod failure;
mod findings;
mod groups;
mod inputs;
mod load;
mod mutation;
#[cfg(test)]
mod mutation_test;
mod parallel;
mod paths;
mod run;
mod schema;
mod snapshot;

pub(crate) use body_diff::difference as body_difference;
pub(crate) use body_text::of_body as comparable_body;
pub use case::{Case, CaseSubject, CorpusCase, EventCase, ExpectedBody, RulesUnderTest, Snapshot, Suite};
pub use check::{CheckScratch, check};
pub use coverage::coverage;
pub use discover::{DiscoverError, discover};
pub use draft::{Draft, DraftOptions, ExampleFile, FileHead, Sample, draft, draft_examples, samples};
pub use failure::{BodyText, Failure, Outcome};
pub use findings::{of_problem, of_problems};
pub use groups::MeasureOptions;
pub use inputs::Inputs;
pub use load::{LoadedSuites, load};
pub use mutation::mutation;
pub use run::{OnFailure, RunOptions, Snapshots, run};
pub use schema::SCHEMA;
