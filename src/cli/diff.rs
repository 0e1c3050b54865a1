//! `ruleproof diff`.

use std::io::{BufWriter, Write, stdout};
use std::num::NonZeroUsize;
use std::thread;

use clap::{Args, ValueEnum};

use super::args::ReadingArgs;
use super::exit::Exit;
use super::interrupt::stop_on_interrupt;
use super::output::{Complained, complain};
use super::plan::Plan;
use super::progress::Progress;
use super::replay::open;
use super::rule_set::compiled;
use crate::diff::{Comparison, DiffOptions, EventContents, diff};
use crate::findings::CompiledRule;
use crate::replay::ReplayOptions;
use crate::report::{DiffSummary, RunEnd, write_diff_human, write_diff_json, write_diff_markdown};
use crate::rules::Parameters;
use crate::sources::SourceLimits;

/// `ruleproof diff`.
#[derive(Debug, Args)]
pub(super) struct DiffArgs {
    /// The rules as they were: a template, CLI output, a plain or .tsv file, a folder or glob
    #[arg(value_name = "OLD")]
    old: String,
    /// The rules as they are to be
    #[arg(value_name = "NEW")]
    new: String,
    /// Events: files, folders, globs, or `-` for standard input [default: ruleproof.toml]
    #[arg(long, value_name = "SOURCE", num_args = 1..)]
    events: Vec<String>,
    /// Value of a template parameter, or of anything that a template leaves open, on both sides
    #[arg(long = "param", value_name = "NAME=VALUE")]
    parameters: Vec<String>,
    /// How to print what differs; Markdown fits the comment of a pull request
    #[arg(long, value_enum, default_value_t)]
    format: DiffFormat,
    /// End with exit code 1 if any event is treated otherwise
    #[arg(long)]
    expect_none: bool,
    /// Events that are named for each difference
    #[arg(long, value_name = "N", default_value_t = 3, value_parser = clap::value_parser!(u16).range(0..=100))]
    examples: u16,
    /// Print the contents of these events, and the bodies that differ
    #[arg(long)]
    show_events: bool,
    /// Threads that judge events, 1 to 256 [default: one per core]
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u16).range(1..=256))]
    threads: Option<u16>,
    #[command(flatten)]
    reading: ReadingArgs,
}

/// How what differs is printed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, ValueEnum)]
enum DiffFormat {
    /// Text for people
    #[default]
    Human,
    /// One JSON object
    Json,
    /// Markdown
    Markdown,
}

pub(super) fn run(args: DiffArgs) -> anyhow::Result<Exit> {
    let plan = Plan::new(std::slice::from_ref(&args.new), &args.events, &args.parameters)?;
    if plan.events.is_empty() {
        complain(&format!("no events: give --events, or name them in {}", crate::config::FILE_NAME));
        return Ok(Exit::NothingToRun);
    }
    let old = side("old", &args.old, &plan.parameters, &args);
    let new = side("new", &args.new, &plan.parameters, &args);
    let (Ok(old), Ok(new)) = (old, new) else { return Ok(Exit::Unusable) };
    if old.is_empty() && new.is_empty() {
        complain("no rule listens to events, neither among the old ones nor among the new ones");
        return Ok(Exit::NothingToRun);
    }
    let comparison = Comparison::new(old, new, args.reading.limits.limits().profile);
    let limits = SourceLimits { event_bytes_max: args.reading.event_bytes_max, ..SourceLimits::default() };
    let Ok(source) = open(&plan.events, limits.clone()) else { return Ok(Exit::Unusable) };
    let cores = thread::available_parallelism().unwrap_or(NonZeroUsize::MIN);
    let threads = args.threads.and_then(|threads| NonZeroUsize::new(threads.into())).unwrap_or(cores);
    let options = DiffOptions {
        replay: ReplayOptions { threads, limits, stop: stop_on_interrupt()? },
        examples_max: args.examples.into(),
        contents: if args.show_events { EventContents::Shown } else { EventContents::Hidden },
    };
    let progress = Progress::new(source.progress(), source.bytes_total());
    let summary = diff(source, &comparison, &options, |observed| progress.show(observed.read));
    progress.finish();
    let summary = summary?;
    print(&summary, args.format)?;
    Ok(exit(&summary, &args))
}

/// The rules of one side; all that is wrong with them has been printed.
fn side(
    name: &str,
    source: &String,
    parameters: &Parameters,
    args: &DiffArgs,
) -> Result<Vec<CompiledRule>, Complained> {
    let compiled = compiled(std::slice::from_ref(source), parameters, args.reading.limits);
    compiled.map(|compiled| compiled.rules).inspect_err(|Complained| {
        complain(&format!("the {name} rules cannot be used: {source}"));
    })
}

fn print(summary: &DiffSummary, format: DiffFormat) -> std::io::Result<()> {
    let mut out = BufWriter::new(stdout().lock());
    match format {
        DiffFormat::Human => write_diff_human(summary, &mut out)?,
        DiffFormat::Json => write_diff_json(summary, &mut out)?,
        DiffFormat::Markdown => write_diff_markdown(summary, &mut out)?,
    }
    out.flush()
}

fn exit(summary: &DiffSummary, args: &DiffArgs) -> Exit {
    let judged = summary.read - summary.errors.iter().map(|error| error.count).sum::<u64>();
    match summary.end {
        RunEnd::Interrupted => Exit::Interrupted,
        RunEnd::Complete if summary.read == 0 => {
            complain("no events were read");
            Exit::NothingToRun
        }
        RunEnd::Complete if judged == 0 => {
            complain("not one event could be judged");
            Exit::Unusable
        }
        RunEnd::Complete if args.expect_none && summary.differs() => Exit::ExpectationFailed,
        RunEnd::Complete => Exit::Fine,
    }
}
