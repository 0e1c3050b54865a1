//! `ruleproof bench`.

use std::fs::File;
use std::io::{BufWriter, Write, stdout};
use std::num::NonZeroUsize;
use std::path::Path;
use std::time::Instant;

use anyhow::Context;

use super::args::{BenchArgs, Format};
use super::exit::Exit;
use super::output::complain;
use super::replay::open;
use super::rule_set::{Complained, loaded, patterns};
use crate::bench::{MeasureOptions, Measurement, MemoryEvents, measure};
use crate::matcher::Matcher;
use crate::report::{Benchmark, write_benchmark_human, write_benchmark_json};
use crate::rules::Parameters;
use crate::sources::SourceLimits;

pub(super) fn run(args: BenchArgs) -> anyhow::Result<Exit> {
    let parameters = Parameters::parse(&args.parameters)?;
    let limits = SourceLimits { event_bytes_max: args.reading.event_bytes_max, ..SourceLimits::default() };
    let Ok(mut source) = open(&args.events, limits.clone()) else { return Ok(Exit::Unusable) };
    if let Some(path) = args.counts.as_deref().filter(|path| source.reads_from(path)) {
        complain(&format!("{} is among the events; write the counts elsewhere", path.display()));
        return Ok(Exit::Unusable);
    }
    let events_max = args.limit.map_or(usize::MAX, |limit| usize::try_from(limit).unwrap_or(usize::MAX));
    let events = MemoryEvents::read(&mut source, &limits, events_max);
    if events.unreadable() > 0 {
        complain(&format!("{} events cannot be read and are left out", events.unreadable()));
    }
    if events.is_empty() {
        complain("no events were read");
        return Ok(Exit::NothingToRun);
    }
    let mut counts = args.counts.as_deref().map(create).transpose()?;
    let mut exit = Exit::Fine;
    for rules in &args.rules {
        match Timed::new(rules, &parameters, &args, &events) {
            Err(Complained) => exit = Exit::Unusable,
            Ok(timed) if timed.names.is_empty() => {
                complain(&format!("{rules}: no rule listens to events"));
                if exit == Exit::Fine {
                    exit = Exit::NothingToRun;
                }
            }
            Ok(timed) => timed.print(&args, &events, counts.as_mut())?,
        }
    }
    Ok(exit)
}

fn create(path: &Path) -> anyhow::Result<BufWriter<File>> {
    let file = File::create(path).with_context(|| format!("{} cannot be written", path.display()))?;
    Ok(BufWriter::new(file))
}

/// The rules of one source, timed.
struct Timed<'a> {
    rules: &'a str,
    names: Vec<String>,
    build: std::time::Duration,
    rule_bytes: usize,
    measured: Measurement,
}

impl<'a> Timed<'a> {
    fn new(
        rules: &'a str,
        parameters: &Parameters,
        args: &BenchArgs,
        events: &MemoryEvents,
    ) -> Result<Timed<'a>, Complained> {
        let loaded = loaded(&[rules.to_owned()], parameters).map_err(|_| Complained)?;
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

    fn print(
        &self,
        args: &BenchArgs,
        events: &MemoryEvents,
        counts: Option<&mut BufWriter<File>>,
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
