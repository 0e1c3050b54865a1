//! From arguments to the pairs that are compared.

use super::args::ParityArgs;
use crate::cli::exit::Exit;
use crate::cli::live::LiveBuses;
use crate::cli::output::complain;
use crate::cli::output_file::FilesInUse;
use crate::cli::plan::Plan;
use crate::cli::replay::{note_events, open};
use crate::cli::rule_set::compiled_with;
use crate::findings::CompiledRule;
use crate::matcher::{Matcher, Scratch};
use crate::parity::{Pair, Sampler, choose};
use crate::pattern::Pattern;
use crate::rules::files_of;
use crate::sources::{Batch, EventSource, FileEvents, Item, Progress, SourceLimits};

/// What is to be compared.
pub(super) struct Gathered {
    pub(super) rules: Vec<CompiledRule>,
    pub(super) pairs: Vec<Pair>,
    pub(super) sampler: Sampler,
    /// What was read, and must not be written over.
    pub(super) in_use: FilesInUse,
}

/// Loads the rules, reads the events and chooses pairs; all that is wrong has been printed.
pub(super) fn gather(args: &ParityArgs) -> anyhow::Result<Result<Gathered, Exit>> {
    let plan = Plan::new(&args.rules, &args.events, &args.parameters)?;
    for (sources, what) in [(&plan.rules, "rules"), (&plan.events, "events")] {
        if sources.is_empty() {
            complain(&format!("no {what}: give --{what}, or name them in {}", crate::config::FILE_NAME));
            return Ok(Err(Exit::NothingToRun));
        }
    }
    let live = LiveBuses { aws: args.aws.clone() };
    let compiled = match compiled_with(&plan.rules, &plan.parameters, args.reading.limits, &live) {
        Ok(compiled) => compiled,
        Err(exit) => return Ok(Err(exit)),
    };
    let rules = compiled.rules;
    if rules.is_empty() {
        complain("no rule listens to events");
        return Ok(Err(Exit::NothingToRun));
    }
    let limits = SourceLimits { event_bytes_max: args.reading.event_bytes_max, ..SourceLimits::default() };
    let Ok(mut source) = open(&plan.events, limits.clone()) else { return Ok(Err(Exit::Unusable)) };
    let mut in_use = FilesInUse::default();
    in_use.note(files_of(&plan.rules), "the rules");
    in_use.note(&plan.config, "the configuration");
    // A source forgets its files as it reads them.
    note_events(&source, &mut in_use);
    let patterns: Vec<&Pattern> = rules.iter().map(|rule| &rule.pattern).collect();
    let profile = args.reading.limits.limits().profile;
    let mut sampler = Sampler::new(rules.len(), args.sample.get(), args.seed);
    sample(&mut source, &limits, &Matcher::new(patterns.iter().copied(), profile), &mut sampler);
    let pairs = choose(&sampler, &patterns, profile, args.sample.get(), args.seed);
    drop(patterns);
    if pairs.is_empty() {
        complain("no event that AWS would take was read");
        return Ok(Err(Exit::NothingToRun));
    }
    Ok(Ok(Gathered { rules, pairs, sampler, in_use }))
}

/// Offers all events. What cannot be judged is not compared.
fn sample(source: &mut FileEvents, limits: &SourceLimits, matcher: &Matcher, sampler: &mut Sampler) {
    let (mut batch, mut scratch) = (Batch::with_limits(limits), Scratch::default());
    loop {
        let progress = source.next_batch(&mut batch);
        for item in batch.items() {
            if let Item::Event { bytes, .. } = item {
                let event = batch.event(bytes);
                if let Ok(matched) = matcher.matches(event, &mut scratch) {
                    let matching: Vec<usize> = matched.iter().map(|rule| rule.0 as usize).collect();
                    sampler.offer(event, &matching);
                }
            }
        }
        if progress == Progress::Done {
            return;
        }
    }
}
