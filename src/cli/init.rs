//! `ruleproof init`.

use std::collections::HashSet;
use std::fs::OpenOptions;
use std::io::{ErrorKind, Write, stdout};
use std::num::NonZeroUsize;
use std::path::{Component, Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::AtomicBool;

use anyhow::Context;
use clap::Args;

use super::args::ReadingArgs;
use super::exit::Exit;
use super::live::LiveBuses;
use super::output::{Complained, complain, remark, say};
use super::output_file::{Content, FilesInUse, OutputFile};
use super::plan::Plan;
use super::replay::{note_events, open};
use super::rule_set::{EventIds, compiled};
use crate::findings::{Compiled, SourceTexts};
use crate::report::SourceRoot;
use crate::rules::{Parameters, files_of, is_live};
use crate::sources::SourceLimits;
use crate::suite::{
    Draft, DraftOptions, FileHead, OnFailure, RunOptions, Sample, Snapshots, draft, load, of_problems,
    run as run_suites, samples,
};

/// `ruleproof init`.
#[derive(Debug, Args)]
pub(super) struct InitArgs {
    /// Rules: templates, CLI output, plain or .tsv files, folders or globs [default: ruleproof.toml]
    #[arg(value_name = "TEMPLATE")]
    rules: Vec<String>,
    /// Recorded events to test with: files, folders, globs, or `-` for standard input [default: ruleproof.toml]
    #[arg(long, value_name = "SOURCE", num_args = 1..)]
    events: Vec<String>,
    /// The test file to write, or `-` for standard output [default: beside the first template, as NAME.test.yaml]
    #[arg(long, value_name = "FILE")]
    output: Option<PathBuf>,
    /// Write over a file that is there
    #[arg(long)]
    force: bool,
    /// Value of a template parameter, or of anything that a template leaves open; goes into the test file
    #[arg(long = "param", value_name = "NAME=VALUE")]
    parameters: Vec<String>,
    #[command(flatten)]
    reading: ReadingArgs,
}

pub(super) fn run(args: InitArgs) -> anyhow::Result<Exit> {
    let plan = Plan::new(&args.rules, &args.events, &args.parameters)?;
    let Some(first) = plan.rules.first() else {
        complain(&format!("no rules: name them, or list them in {}", crate::config::FILE_NAME));
        return Ok(Exit::NothingToRun);
    };
    let output = args.output.clone().unwrap_or_else(|| beside(first));
    let is_stdout = output == Path::new("-");
    if !is_stdout && !args.force && output.exists() {
        complain(&taken(&output));
        return Ok(Exit::Unusable);
    }
    let rules = match compiled(&plan.rules, &plan.parameters, args.reading.limits) {
        Ok(rules) => rules,
        Err(exit) => return Ok(exit),
    };
    if rules.rules.is_empty() {
        complain("no rule listens to events");
        return Ok(Exit::NothingToRun);
    }
    let mut in_use = FilesInUse::default();
    // In a folder of rules, the test file of an earlier time is none of them.
    let is_earlier = |path: &PathBuf| is_test_file(path) && is_same(path, &output);
    in_use.note(files_of(&plan.rules).into_iter().filter(|path| !is_earlier(path)), "the rules");
    in_use.note(&plan.config, "the configuration");
    let Ok(drafted) = drafted(&rules, &plan, &args, &output, &mut in_use)? else { return Ok(Exit::Unusable) };
    if drafted.tests == 0 {
        complain("no event was found for any rule; `ruleproof lint` says why");
        return Ok(Exit::NothingToRun);
    }
    if is_stdout {
        stdout().lock().write_all(drafted.text.as_bytes())?;
        return Ok(Exit::Fine);
    }
    if write(&output, &drafted, args.force, &mut in_use)?.is_err() {
        return Ok(Exit::Unusable);
    }
    report(&output, &drafted, rules.rules.len())
}

/// `template.yaml` is tested by `template.test.yaml`, a folder by `rules.test.yaml` in it.
fn beside(source: &str) -> PathBuf {
    let path = Path::new(source);
    if path.is_dir() {
        return path.join("rules.test.yaml");
    }
    match path.file_stem().filter(|_| path.is_file()) {
        Some(stem) => path.with_file_name(format!("{}.test.yaml", stem.to_string_lossy())),
        None => PathBuf::from("rules.test.yaml"),
    }
}

fn is_test_file(path: &Path) -> bool {
    let name = path.file_name().unwrap_or_default().to_string_lossy();
    [".test.yaml", ".test.yml", ".test.json"].iter().any(|ending| name.ends_with(ending))
}

fn is_same(a: &Path, b: &Path) -> bool {
    matches!((a.canonicalize(), b.canonicalize()), (Ok(a), Ok(b)) if a == b)
}

fn taken(output: &Path) -> String {
    format!("{} is there already; --output names another file, --force writes over it", output.display())
}

fn drafted(
    rules: &Compiled,
    plan: &Plan,
    args: &InitArgs,
    output: &Path,
    in_use: &mut FilesInUse,
) -> anyhow::Result<Result<Draft, Complained>> {
    let profile = args.reading.limits.limits().profile;
    let set = rules.rule_set(EventIds::Ignored, profile);
    let mut found: Vec<Option<Sample>> = Vec::new();
    if !plan.events.is_empty() {
        let limits =
            SourceLimits { event_bytes_max: args.reading.event_bytes_max, ..SourceLimits::default() };
        let Ok(mut source) = open(&plan.events, limits.clone()) else { return Ok(Err(Complained)) };
        note_events(&source, in_use);
        found = samples(&mut source, &set, &limits);
    }
    let current = std::env::current_dir()?;
    let folder = output.parent().unwrap_or(Path::new(""));
    for sample in found.iter_mut().flatten() {
        if let Some((file, line)) = sample.place.rsplit_once(':') {
            sample.place = format!("{}:{line}", relative(file, folder, &current));
        }
    }
    let options = DraftOptions {
        head: FileHead {
            sources: plan.rules.iter().map(|source| relative(source, folder, &current)).collect(),
            parameters: rules.asked.clone(),
            profile,
        },
        samples: &found,
    };
    Ok(Ok(draft(&rules.rules, &set, &options)))
}

/// The source as it is named in a file in `folder`.
pub(super) fn relative(source: &str, folder: &Path, current: &Path) -> String {
    if source.starts_with("git:") || is_live(source) {
        return source.to_owned();
    }
    let root = SourceRoot { root: PathBuf::new(), current: current.to_owned() };
    let (source, folder) = (root.absolute(Path::new(source)), root.absolute(folder));
    let shared = source.components().zip(folder.components()).take_while(|(a, b)| a == b).count();
    let up = folder.components().skip(shared).map(|_| Component::ParentDir);
    let path: PathBuf = up.chain(source.components().skip(shared)).collect();
    let steps: Vec<String> = path.iter().map(|step| step.to_string_lossy().into_owned()).collect();
    if steps.is_empty() { ".".to_owned() } else { steps.join("/") }
}

fn write(
    output: &Path,
    drafted: &Draft,
    force: bool,
    in_use: &mut FilesInUse,
) -> anyhow::Result<Result<(), Complained>> {
    if force {
        let Ok(mut file) = OutputFile::create(output, Content::Other("test file"), in_use)? else {
            return Ok(Err(Complained));
        };
        file.write_all(drafted.text.as_bytes())?;
        file.flush()?;
        return Ok(Ok(()));
    }
    // Not a look before: between looking and writing somebody else may write.
    let file = OpenOptions::new().write(true).create_new(true).open(output);
    match file {
        Err(error) if error.kind() == ErrorKind::AlreadyExists => {
            complain(&taken(output));
            return Ok(Err(Complained));
        }
        file => {
            let cannot = || format!("{} cannot be written", output.display());
            file.with_context(cannot)?.write_all(drafted.text.as_bytes()).with_context(cannot)?;
        }
    }
    Ok(Ok(()))
}

/// Runs what was written, so that nobody starts with a file that fails.
fn report(output: &Path, drafted: &Draft, rules: usize) -> anyhow::Result<Exit> {
    let loaded =
        load(&[output.to_owned()], &Parameters::default(), NonZeroUsize::MIN, &LiveBuses::default())?;
    of_problems(&loaded.problems, &mut SourceTexts::default()).iter().for_each(say);
    let options = RunOptions {
        threads: NonZeroUsize::MIN,
        selected: &|_| true,
        on_failure: OnFailure::Continue,
        snapshots: Snapshots::Compare,
        stop: Arc::new(AtomicBool::new(false)),
        first: HashSet::new(),
    };
    let run = run_suites(&loaded.suites, &options)?;
    for name in &drafted.without_tests {
        remark(&format!("rule {name} has no test: no event was found that it matches"));
    }
    let counts = run.counts();
    writeln!(stdout(), "{}: {} tests for {rules} rules", output.display(), drafted.tests)?;
    if !loaded.problems.is_empty() || counts.failed > 0 {
        complain(&format!(
            "{} of the tests that were written do not pass; please report this",
            counts.failed
        ));
        return Ok(Exit::ExpectationFailed);
    }
    Ok(Exit::Fine)
}
