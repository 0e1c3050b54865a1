//! What can be typed.

use clap::{Parser, Subcommand};

use super::args::{BenchArgs, CompletionsArgs, ConformArgs, ManArgs, MatchArgs, ReplayArgs, TransformArgs};
use super::diff::DiffArgs;
use super::explain::ExplainArgs;
use super::init::InitArgs;
use super::lint::LintArgs;
use super::parity::ParityArgs;
use super::probe::ProbeArgs;
use super::rules::RulesArgs;
use super::sample::SampleArgs;
use super::test::TestArgs;
use super::why::WhyArgs;

/// Proves that Amazon EventBridge rules do what their owners think.
#[derive(Debug, Parser)]
#[command(name = "ruleproof", version, arg_required_else_help = true)]
#[command(after_help = "Exit codes: 0 fine, 1 an expectation failed, 2 unusable command line or file, \
    3 AWS or a back end failed, 4 nothing to run, 5 verdicts disagree, 130 interrupted.")]
pub(super) struct Arguments {
    #[command(subcommand)]
    pub(super) command: Command,
}

/// What to do.
#[derive(Debug, Subcommand)]
pub(super) enum Command {
    /// Replay events against rules and count the verdicts
    Replay(ReplayArgs),
    /// Judge a sample of live events beside production, and count
    Sample(Box<SampleArgs>),
    /// Print what the targets of a rule get of an event
    Transform(TransformArgs),
    /// Run the tests of rules
    Test(TestArgs),
    /// Print the events that one pattern matches
    Match(MatchArgs),
    /// Time how fast rules match events that are in memory
    Bench(BenchArgs),
    /// Compare our answers with recorded cases
    Conform(ConformArgs),
    /// Say why an event matches rules or does not, and what to change
    Why(WhyArgs),
    /// Check rules for mistakes that AWS accepts
    Lint(LintArgs),
    /// Compare two sets of rules over the same events
    Diff(DiffArgs),
    /// Write a first test file for rules
    Init(InitArgs),
    /// Say what a code means, why it matters and how to mend it
    Explain(ExplainArgs),
    /// Print the JSON Schema of test files, for editors
    Schema,
    /// List, show and export the rules of any source
    Rules(RulesArgs),
    /// Compare our verdicts with those of AWS on a sample of rules and events
    Parity(ParityArgs),
    /// Set up a testbed on a real bus, and take it down
    Probe(ProbeArgs),
    /// Print a script that completes commands in a shell
    Completions(CompletionsArgs),
    /// Print the manual page
    Man(ManArgs),
}
