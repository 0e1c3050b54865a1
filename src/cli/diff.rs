//! `ruleproof diff`.

use std::collections::HashSet;
use std::io::{BufWriter, Write, stdout};
use std::num::NonZeroUsize;
use std::thread;

use clap::{Args, ValueEnum};

use super::args::ReadingArgs;
use super::exit::Exit;
use super::feeds::{FeedArgs, Recording};
use super::interrupt::stop_on_interrupt;
use super::live::LiveBuses;
use super::output::{complain, say};
use super::plan::Plan;
use super::progress::Progress;
use super::replay::{find, open_feeds};
use super::rule_set::exit_of;
use crate::diff::{Comparison, DiffOptions, EventContents, diff};
use crate::findings::{Finding, FindingCode, Severity, compile};
use crate::replay::ReplayOptions;
use crate::report::{DiffSummary, RunEnd, write_diff_human, write_diff_json, write_diff_markdown};
use crate::rules::load_with;
use crate::sources::{FeedFailure, SourceLimits};

/// `ruleproof diff`.
#[derive(Debug, Args)]
pub(super) struct DiffArgs {
    /// The rules as they were: a template, CLI output, a plain or .tsv file, a folder or glob
    #[arg(value_name = "OLD")]
    old: String,
    /// The rules as they are to be
    #[arg(value_name = "NEW")]
    new: String,
    /// Events: files, folders, globs, s3://BUCKET/PREFIX, logs://GROUP, archive://NAME, or `-` for standard input [default: ruleproof.toml]
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
    feeds: FeedArgs,
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
    if args.feeds.check(&plan.events, Recording::Never).is_err() {
        return Ok(Exit::Unusable);
    }
    let limits = args.reading.limits.limits();
    let [old, new] = [&args.old, &args.new]
        .map(|source| load_with(std::slice::from_ref(source), &plan.parameters, &LiveBuses::default()))
        .map(|loaded| compile(loaded, &limits));
    say_of_both(&old.findings, &new.findings);
    let sides = [("old", &args.old, &old), ("new", &args.new, &new)];
    let unusable: Vec<_> = sides.into_iter().filter(|(.., compiled)| compiled.has_errors()).collect();
    if !unusable.is_empty() {
        for (name, source, _) in &unusable {
            complain(&format!("the {name} rules cannot be used: {source}"));
        }
        return Ok(exit_of(unusable.iter().flat_map(|(.., compiled)| &compiled.findings)));
    }
    if old.rules.is_empty() && new.rules.is_empty() {
        complain("no rule listens to events, neither among the old ones nor among the new ones");
        return Ok(Exit::NothingToRun);
    }
    let comparison = Comparison::new(old, new, limits.profile);
    let limits = SourceLimits { event_bytes_max: args.reading.event_bytes_max, ..SourceLimits::default() };
    let Ok(found) = find(&plan.events, limits.clone()) else { return Ok(Exit::Unusable) };
    let stop = stop_on_interrupt()?;
    let mut source = match open_feeds(found, &args.feeds.feeds(Recording::Never, &stop), None) {
        Ok(source) => source,
        Err(exit) => return Ok(exit),
    };
    let cores = thread::available_parallelism().unwrap_or(NonZeroUsize::MIN);
    let threads = args.threads.and_then(|threads| NonZeroUsize::new(threads.into())).unwrap_or(cores);
    let options = DiffOptions {
        replay: ReplayOptions { threads, limits, stop },
        examples_max: args.examples.into(),
        contents: if args.show_events { EventContents::Shown } else { EventContents::Hidden },
    };
    let (failures, mut acknowledgements) = (source.failures(), source.acknowledgements());
    let progress = Progress::new(source.progress(), source.bytes_total());
    let summary = diff(source, &comparison, &options, |observed| progress.show(observed.read));
    acknowledgements.finish();
    progress.finish();
    let summary = summary?;
    print(&summary, args.format)?;
    Ok(match failures.iter().find_map(FeedFailure::get) {
        Some(failure) => {
            complain(failure);
            Exit::BackEndFailed
        }
        None => exit(&summary, &args),
    })
}

/// Prints what there is to say of the rules: what is said of both sides alike, once, and of a parameter that nothing
/// asks for only if neither side does.
pub(super) fn say_of_both(old: &[Finding], new: &[Finding]) {
    let key = |finding: &Finding| (finding.code, finding.message.clone(), finding.subject.to_string());
    let is_note = |finding: &Finding| finding.severity == Severity::Note;
    let unused = |findings: &[Finding]| -> HashSet<String> {
        let unused = findings.iter().filter(|finding| finding.code == FindingCode::ParameterUnused);
        unused.map(ToString::to_string).collect()
    };
    let (unused_old, unused_new) = (unused(old), unused(new));
    let is_used = |finding: &&Finding| {
        let text = finding.to_string();
        unused_old.contains(&text) != unused_new.contains(&text)
    };
    let said: HashSet<_> = old.iter().filter(|finding| is_note(finding)).map(key).collect();
    let new = new.iter().filter(|finding| !is_note(finding) || !said.contains(&key(finding)));
    old.iter().chain(new).filter(|finding| !is_used(finding)).for_each(say);
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
