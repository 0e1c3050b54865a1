//! `ruleproof bench`.

use std::io::{Write, stdout};
use std::num::NonZeroUsize;
use std::time::{Duration, Instant};

use super::args::{BenchArgs, Format};
use super::exit::Exit;
use super::output::complain;
use super::output_file::{Content, FilesInUse, OutputFile};
use super::replay::{note_events, open};
use super::rule_set::{loaded, patterns};
use crate::bench::{MeasureOptions, Measurement, MemoryEvents, measure};
use crate::matcher::Matcher;
use crate::report::{Benchmark, write_benchmark_human, write_benchmark_json};
use crate::rules::{Parameters, files_of};
use crate::sources::SourceLimits;

pub(super) fn run(args: BenchArgs) -> anyhow::Result<Exit> {
    let parameters = Parameters::parse(&args.parameters)?;
    let limits = SourceLimits { event_bytes_max: args.reading.event_bytes_max, ..SourceLimits::default() };
    let Ok(mut source) = open(&args.events, limits.clone()) else { return Ok(Exit::Unusable) };
    let mut in_use = FilesInUse::default();
    in_use.note(files_of(&args.rules), "the rules");
    note_events(&source, &mut in_use);
    let counts =
        args.counts.as_deref().map(|path| OutputFile::create(path, Content::Other("counts"), &mut in_use));
    let Ok(mut counts) = counts.transpose()?.transpose() else { return Ok(Exit::Unusable) };
    let events_max = args.limit.map_or(usize::MAX, |limit| usize::try_from(limit).unwrap_or(usize::MAX));
    let events = MemoryEvents::read(&mut source, &limits, events_max);
    if events.unreadable() > 0 {
        complain(&format!("{} events cannot be read and are left out", events.unreadable()));
    }
    if events.is_empty() {
        complain("no events were read");
        return Ok(if events.unreadable() > 0 { Exit::Unusable } else { Exit::NothingToRun });
    }
    let mut ends = Vec::new();
    for rules in &args.rules {
        ends.push(match Timed::new(rules, &parameters, &args, &events) {
            Err(exit) => exit,
            Ok(timed) if timed.names.is_empty() => {
                complain(&format!("{rules}: no rule listens to events"));
                Exit::NothingToRun
            }
            Ok(timed) => {
                timed.print(&args, &events, counts.as_mut())?;
                timed.exit(&events)
            }
        });
    }
    Ok(overall(&ends))
}

/// What could not be used counts first; a source without rules only if there is no other.
fn overall(ends: &[Exit]) -> Exit {
    let first =
        [Exit::BackEndFailed, Exit::Unusable, Exit::Fine].into_iter().find(|exit| ends.contains(exit));
    first.unwrap_or(Exit::NothingToRun)
}

/// The rules of one source, timed.
struct Timed<'a> {
    rules: &'a str,
    names: Vec<String>,
    build: Duration,
    rule_bytes: usize,
    measured: Measurement,
}

impl<'a> Timed<'a> {
    fn new(
        rules: &'a str,
        parameters: &Parameters,
        args: &BenchArgs,
        events: &MemoryEvents,
    ) -> Result<Timed<'a>, Exit> {
        let (loaded, all) = loaded(&[rules.to_owned()], parameters);
        all?;
        let clock = Instant::now();
        let (names, patterns): (Vec<_>, Vec<_>) = patterns(&loaded, args.reading.limits)?.into_iter().unzip();
        let matcher = Matcher::new(&patterns, args.reading.limits.limits().profile);
        let build = clock.elapsed();
        drop(patterns);
        let options = MeasureOptions {
            threads: NonZeroUsize::new(args.threads.into()).unwrap_or(NonZeroUsize::MIN),
            passes: NonZeroUsize::new(args.passes as usize).unwrap_or(NonZeroUsize::MIN),
            warmup_passes: args.warmup as usize,
        };
        let measured = measure(&matcher, events, &options);
        Ok(Timed { rules, names, build, rule_bytes: matcher.heap_bytes(), measured })
    }

    fn exit(&self, events: &MemoryEvents) -> Exit {
        if self.measured.errored == events.len() as u64 {
            complain("not one event could be judged");
            return Exit::Unusable;
        }
        Exit::Fine
    }

    fn print(
        &self,
        args: &BenchArgs,
        events: &MemoryEvents,
        counts: Option<&mut OutputFile>,
    ) -> anyhow::Result<()> {
        let benchmark = Benchmark {
            rules: self.rules,
            rule_count: self.names.len(),
            events: events.len(),
            bytes: events.bytes(),
            matches: self.measured.matches(),
            errored: self.measured.errored,
            threads: args.threads.into(),
            build: self.build,
            rule_bytes: self.rule_bytes,
            wall: &self.measured.wall,
            cpu: &self.measured.cpu,
        };
        let mut out = stdout().lock();
        match args.format {
            Format::Human => write_benchmark_human(&benchmark, &mut out)?,
            Format::Json => write_benchmark_json(&benchmark, &mut out)?,
        }
        if let Some(counts) = counts {
            for (name, count) in self.names.iter().zip(&self.measured.counts) {
                writeln!(counts, "{name}\t{count}")?;
            }
            counts.flush()?;
        }
        Ok(())
    }
}
