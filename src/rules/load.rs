//! From arguments to rules: finds files, reads them, and tells apart what is alike.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

use super::alike::{name_for_display, twins};
use super::cloudformation;
use super::content::{Elsewhere, is_meant_for_rules, may_hide_rules, may_hold_rules, open};
use super::files::{self, Content, FoundFile, Named};
use super::git::{self, Blobs};
use super::hcl;
use super::live::{LiveRules, NoLiveRules};
use super::load_module::{module_in, read_module};
use super::parameters::Given;
use super::problem::{NoRules, RuleNote, RuleNoteKind, RuleProblem, RuleProblemKind};
use super::properties::{Findings, Reader};
use super::recognise::{self, Kind};
use super::tree::{Node, SourceFile};
use super::{Parameters, Rule, plain, pulumi, serverless, targets_file, terraform, tsv};
use crate::document::DocumentProblem;

/// Stack of the thread that reads. Trees are walked by recursion, and 1,000 levels of nesting, the most that
/// JSON and YAML are read to, do not fit the 2 MB of a common thread in an unoptimised build.
const STACK_BYTES: usize = 256 << 20;

/// What became of the arguments.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct LoadedRules {
    /// The rules that can be run, in the order of arguments, files and lines.
    pub rules: Vec<Rule>,
    /// Everything that is wrong; a rule with a problem is not among the rules.
    pub problems: Vec<RuleProblem>,
    /// What changes no verdict.
    pub notes: Vec<RuleNote>,
    /// The parameters that something asked for, with their values, by name.
    pub asked: Vec<(String, String)>,
}

/// Loads the rules of all `specs`: files, directories (recursively) and globs.
///
/// Nothing stops it: all files are read and all problems are listed. A file that several specs lead to is
/// read once. Buses cannot be read; see [`load_with`].
pub fn load(specs: &[String], parameters: &Parameters) -> LoadedRules {
    load_with(specs, parameters, &NoLiveRules)
}

/// The same, where `live` reads the buses that are named by `live://REGION/BUS`.
pub fn load_with(specs: &[String], parameters: &Parameters, live: &dyn LiveRules) -> LoadedRules {
    with_room(|| load_all(specs, &Given::new(parameters), live))
}

/// Loads the rules of one text as if it stood in a file of the name `path`.
pub fn load_text(path: &Path, text: String) -> LoadedRules {
    with_room(|| {
        let parameters = Parameters::default();
        let given = Given::new(&parameters);
        let mut findings = Findings::default();
        match SourceFile::of_bytes(path, text.into_bytes()) {
            Ok(source) => drop(read_source(&source, Named::Directly, &given, &mut findings)),
            Err(problem) => findings.problems.push(RuleProblem::of_file(path, problem.into())),
        }
        finish(findings, &given)
    })
}

/// Runs `read` on a thread whose stack is large enough.
fn with_room(read: impl FnOnce() -> LoadedRules + Send) -> LoadedRules {
    let stopped = |message: String| {
        let kind = RuleProblemKind::Stopped { message };
        let problem = RuleProblem::of_file(Path::new(""), kind);
        LoadedRules { problems: vec![problem], ..LoadedRules::default() }
    };
    std::thread::scope(|scope| {
        let thread = std::thread::Builder::new().stack_size(STACK_BYTES).spawn_scoped(scope, read);
        match thread.map(std::thread::ScopedJoinHandle::join) {
            Ok(Ok(loaded)) => loaded,
            Ok(Err(_)) => stopped("a defect in the reading of rules".to_owned()),
            Err(error) => stopped(error.to_string()),
        }
    })
}

/// The files on disk that [`load`] reads for `specs`.
pub fn files_of(specs: &[String]) -> Vec<PathBuf> {
    let files = files::find(specs).files.into_iter();
    files.filter(|file| file.content == Content::OnDisk).map(|file| file.path).collect()
}

fn load_all(specs: &[String], given: &Given<'_>, live: &dyn LiveRules) -> LoadedRules {
    let found = files::find(specs);
    let mut findings = Findings::default();
    let mut with_rules: BTreeSet<usize> = BTreeSet::new();
    findings
        .problems
        .extend(found.problems.into_iter().map(|(path, kind)| RuleProblem::of_file(&path, kind)));
    let specs_with_problems: Vec<PathBuf> =
        findings.problems.iter().map(|problem| problem.file.to_path_buf()).collect();
    let mut elsewhere = Elsewhere { blobs: Blobs::default(), live };
    let mut modules_read: BTreeSet<String> = BTreeSet::new();
    for file in &found.files {
        if hcl::is_configuration(&file.path) {
            let folder = git::folder_and_name(&file.path).0;
            if modules_read.insert(folder.clone()) {
                let module = module_in(&folder, &found.files);
                with_rules.extend(read_module(&module, &mut elsewhere, given, &mut findings));
            }
            continue;
        }
        let problems_before = findings.problems.len();
        let holds_rules = read_file(file, &mut elsewhere, given, &mut findings);
        if holds_rules || findings.problems.len() > problems_before {
            with_rules.extend(&file.specs);
        }
    }
    for (index, spec) in specs.iter().enumerate() {
        let path = Path::new(spec);
        if !with_rules.contains(&index) && !specs_with_problems.iter().any(|other| other == path) {
            findings
                .problems
                .push(RuleProblem::of_file(path, RuleProblemKind::NoRules(NoRules::SeveralFiles)));
        }
    }
    finish(findings, given)
}

fn finish(mut findings: Findings, given: &Given<'_>) -> LoadedRules {
    let lists = std::mem::take(&mut findings.target_lists);
    findings.problems.extend(targets_file::attach(lists, &mut findings.rules));
    findings.notes.extend(twins(&findings.rules));
    for name in given.unused() {
        let kind = RuleNoteKind::UnusedParameter;
        findings.notes.push(RuleNote { file: Path::new(name).into(), place: None, kind });
    }
    name_for_display(&mut findings.rules);
    let Findings { rules, problems, notes, .. } = findings;
    LoadedRules { rules, problems, notes, asked: given.asked() }
}

/// The text of a file that rules were loaded from, to show lines of it; nothing if it is gone.
pub fn source_text(file: &Path) -> Option<String> {
    git::text_of(file).or_else(|| std::fs::read_to_string(file).ok())
}

/// Returns whether the file holds rules, even if a condition leaves them all out.
fn read_file(
    file: &FoundFile,
    elsewhere: &mut Elsewhere<'_>,
    given: &Given<'_>,
    findings: &mut Findings,
) -> bool {
    let source = match open(file, elsewhere) {
        Ok(source) => source,
        Err(problem) => {
            if file.named == Named::Directly || may_hide_rules(file, &problem, elsewhere) {
                findings.problems.push(RuleProblem::of_file(&file.path, problem));
            } else if let RuleProblemKind::Document(
                DocumentProblem::TooLarge { bytes_max, .. } | DocumentProblem::TooLong { bytes_max },
            ) = problem
            {
                let kind = RuleNoteKind::TooLarge { bytes_max };
                findings.notes.push(RuleNote { file: file.path.as_path().into(), place: None, kind });
            }
            return false;
        }
    };
    read_source(&source, file.named, given, findings)
}

/// The same for a file that was opened.
fn read_source(source: &SourceFile, named: Named, given: &Given<'_>, findings: &mut Findings) -> bool {
    // Tables of other things end in `.tsv` too, so only a file that was named is taken at its name.
    let named_tsv = named == Named::Directly && source.path.extension().is_some_and(|ending| ending == "tsv");
    let is_tsv = named_tsv || tsv::is_tsv(&source.text);
    if named == Named::ByOthers && !is_tsv && !may_hold_rules(&source.text) {
        return false;
    }
    let mut reader = Reader { source, given, findings };
    if is_tsv {
        return read_tsv(&mut reader, named);
    }
    match source.documents() {
        Ok(documents) => read_documents(&documents, named, &mut reader),
        Err((place, problem)) => {
            if named == Named::Directly || is_meant_for_rules(source) {
                reader.problems(None, vec![(place, problem.into())]);
            }
            false
        }
    }
}

fn read_tsv(reader: &mut Reader<'_>, named: Named) -> bool {
    let (rules, problems) = tsv::read(reader.source);
    if rules.is_empty() && problems.is_empty() && named == Named::Directly {
        no_rules(NoRules::Unknown, reader);
    }
    let holds_rules = !rules.is_empty();
    reader.findings.rules.extend(rules);
    reader.problems(None, problems);
    holds_rules
}

fn read_documents(documents: &[Node], named: Named, reader: &mut Reader<'_>) -> bool {
    let outcomes: Vec<Result<(), NoRules>> =
        documents.iter().map(|document| read_document(document, reader)).collect();
    let holds_rules = outcomes.iter().any(Result::is_ok);
    if named == Named::Directly && !holds_rules {
        let looks_like = outcomes.into_iter().find_map(Result::err);
        no_rules(looks_like.unwrap_or(NoRules::Unknown), reader);
    }
    holds_rules
}

/// Says what a document is that holds no rules.
fn read_document(root: &Node, reader: &mut Reader<'_>) -> Result<(), NoRules> {
    if cloudformation::is_template(root) {
        cloudformation::note_passed_over(root, reader);
    }
    match recognise::kind(root) {
        Kind::Template => cloudformation::read(root, reader),
        Kind::TerraformShow if !terraform::read_show(root, reader) => return Err(NoRules::TerraformShow),
        Kind::PulumiExport if !pulumi::read(root, reader) => return Err(NoRules::PulumiExport),
        Kind::Serverless if !serverless::read(root, reader) => return Err(NoRules::Serverless),
        Kind::TerraformShow | Kind::PulumiExport | Kind::Serverless => {}
        Kind::Other(looks_like) => return Err(looks_like),
        kind => plain::read(root, kind, reader),
    }
    Ok(())
}

fn no_rules(looks_like: NoRules, reader: &mut Reader<'_>) {
    let problem = RuleProblem::of_file(&reader.source.path, RuleProblemKind::NoRules(looks_like));
    reader.findings.problems.push(problem);
}
