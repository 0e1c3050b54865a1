//! From arguments to explanations of one or all rules.

use std::io::{BufWriter, Write, stdout};

use clap::Args;

use super::answer::{Answer, Answers};
use super::{human, json};
use crate::analysis::repair::repair;
use crate::analysis::why::{Report, why};
use crate::cli::args::{Format, ReadingArgs};
use crate::cli::exit::Exit;
use crate::cli::output::{complain, say};
use crate::cli::plan::Plan;
use crate::cli::rule_set::loaded;
use crate::cli::typed::{event, find_rule, typed_pattern};
use crate::findings::{PatternOf, SourceTexts, compile_pattern};
use crate::matcher::MatchError;
use crate::pattern::{Limits, Pattern, Profile};
use crate::rules::{Rule, SourcePlace};

/// Misses that are shown in full where not all are asked for.
const MISSES_SHOWN: usize = 3;

/// `ruleproof why`.
#[derive(Debug, Args)]
#[command(after_help = "Exit codes: 0 the event matches all rules that were asked for, 1 it does not, \
    2 unusable command line, rule or event, 4 no rules.")]
pub(in crate::cli) struct WhyArgs {
    /// The rule's name [default: all rules, nearest miss first]
    #[arg(long, value_name = "NAME")]
    rule: Option<String>,
    /// One event: a file, `-` for standard input, or its JSON text
    #[arg(long, value_name = "FILE|TEXT")]
    event: String,
    /// Rules: templates, CLI output, plain or .tsv files, folders or globs [default: ruleproof.toml]
    #[arg(long, value_name = "SOURCE", num_args = 1..)]
    rules: Vec<String>,
    /// Value of a template parameter, or of anything that a template leaves open
    #[arg(long = "param", value_name = "NAME=VALUE")]
    parameters: Vec<String>,
    /// A pattern instead of rules: a file that holds it, or its JSON text
    #[arg(long, value_name = "FILE|TEXT", conflicts_with_all = ["rule", "rules"])]
    pattern: Option<String>,
    /// Propose the smallest change of the event that flips the verdict, proven by matching
    #[arg(long)]
    fix: bool,
    /// Show all misses, not only the nearest
    #[arg(long)]
    all: bool,
    /// How to print the explanations
    #[arg(long, value_enum, default_value_t)]
    format: Format,
    #[command(flatten)]
    reading: ReadingArgs,
}

/// A pattern that is asked for.
struct Asked {
    /// The rule's name; none for a pattern on its own.
    name: Option<String>,
    pattern: Pattern,
    place_of: Box<dyn Fn(usize) -> SourcePlace>,
}

pub(in crate::cli) fn run(args: WhyArgs) -> anyhow::Result<Exit> {
    let limits = args.reading.limits.limits();
    let asked = match asked(&args, &limits)? {
        Ok(asked) => asked,
        Err(exit) => return Ok(exit),
    };
    let Ok(event) = event(&args.event, &args.reading) else { return Ok(Exit::Unusable) };
    let answers = match answers(&asked, &event, limits.profile, &args) {
        Ok(answers) => answers,
        Err(error) => {
            complain(&format!("the event cannot be judged: {error}"));
            return Ok(Exit::Unusable);
        }
    };
    let mut out = BufWriter::new(stdout().lock());
    match args.format {
        Format::Human => human::write(&answers, &mut out)?,
        Format::Json => json::write(&answers, &mut out)?,
    }
    out.flush()?;
    Ok(if answers.missed.is_empty() { Exit::Fine } else { Exit::ExpectationFailed })
}

/// The patterns to explain; as an error how the command ends if there are none, which has been printed.
fn asked(args: &WhyArgs, limits: &Limits) -> anyhow::Result<Result<Vec<Asked>, Exit>> {
    if let Some(spec) = &args.pattern {
        let Some(typed) = typed_pattern(spec, limits)? else { return Ok(Err(Exit::Unusable)) };
        let pattern = typed.pattern.clone();
        return Ok(Ok(vec![Asked { name: None, pattern, place_of: Box::new(move |at| typed.place_of(at)) }]));
    }
    let plan = Plan::new(&args.rules, std::slice::from_ref(&args.event), &args.parameters)?;
    if plan.rules.is_empty() {
        complain(&format!(
            "no rules: give --rules or --pattern, or name them in {}",
            crate::config::FILE_NAME
        ));
        return Ok(Err(Exit::NothingToRun));
    }
    let (rules, all) = loaded(&plan.rules, &plan.parameters);
    let rules: Vec<&Rule> = match &args.rule {
        Some(name) => match find_rule(&rules, name) {
            Ok(rule) => vec![rule],
            Err(_) => return Ok(Err(all.err().unwrap_or(Exit::Unusable))),
        },
        None => match all {
            Ok(()) => rules.iter().collect(),
            Err(exit) => return Ok(Err(exit)),
        },
    };
    Ok(patterns(&rules, limits))
}

/// The patterns of the rules that listen.
fn patterns(rules: &[&Rule], limits: &Limits) -> Result<Vec<Asked>, Exit> {
    let (mut texts, mut findings) = (SourceTexts::default(), Vec::new());
    let compiled: Vec<Option<PatternOf>> =
        rules.iter().map(|rule| compile_pattern(rule, limits, &mut texts, &mut findings)).collect();
    findings.iter().for_each(say);
    let mut asked = Vec::new();
    for (rule, pattern) in rules.iter().zip(compiled) {
        match (pattern.ok_or(Exit::Unusable)?, rule.trigger.pattern()) {
            (PatternOf::Listening(pattern), Some(text)) => {
                let text = text.clone();
                let name = Some(rule.display_name.to_string());
                asked.push(Asked { name, pattern, place_of: Box::new(move |at| text.place_of(at)) });
            }
            (PatternOf::Idle(idle), _) => say(&idle),
            (PatternOf::Listening(_), None) => {}
        }
    }
    if asked.is_empty() { Err(Exit::NothingToRun) } else { Ok(asked) }
}

fn answers(asked: &[Asked], event: &[u8], profile: Profile, args: &WhyArgs) -> Result<Answers, MatchError> {
    let reports = asked.iter().map(|asked| Ok((asked, why(&asked.pattern, event, profile)?)));
    let reports: Vec<(&Asked, Report)> = reports.collect::<Result<_, _>>()?;
    let (matched, mut missed): (Vec<_>, Vec<_>) = reports.into_iter().partition(|(_, report)| report.matched);
    // Of as many failed conditions, the more that hold the nearer.
    missed.sort_by_key(|(_, report)| (report.failed(), usize::MAX - report.conditions.len()));
    let shown = if args.all { missed.len() } else { missed.len().min(MISSES_SHOWN) };
    let misses_left_out = missed.len() - shown;
    missed.truncate(shown);
    let finished = |reports: Vec<(&Asked, Report)>| -> Result<Vec<Answer>, MatchError> {
        reports.into_iter().map(|(asked, report)| answer(asked, report, event, profile, args.fix)).collect()
    };
    Ok(Answers { matched: finished(matched)?, missed: finished(missed)?, misses_left_out })
}

fn answer(
    asked: &Asked,
    report: Report,
    event: &[u8],
    profile: Profile,
    fix: bool,
) -> Result<Answer, MatchError> {
    let place_of = |condition: &crate::analysis::why::ConditionReport| {
        (asked.place_of)(condition.outcome.pattern_span.start as usize)
    };
    Ok(Answer {
        name: asked.name.clone(),
        place: (asked.place_of)(0),
        places: report.conditions.iter().map(place_of).collect(),
        fix: fix.then(|| repair(&asked.pattern, event, profile)).transpose()?,
        report,
    })
}
