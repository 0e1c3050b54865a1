//! Looks up what a test file names: fixtures, files, rules and targets.

use std::path::Path;
use std::sync::Arc;

use super::bind::Names;
use super::case::{Case, CaseSubject, CorpusCase, EventCase, ExpectedBody, RulesUnderTest, Snapshot, Suite};
use super::events::{self, BaseEvent};
use super::format::{
    BodyExpected, EventRef, Expectation, Placed, Subject, SuiteProblemKind, WrittenBody, WrittenCase,
    WrittenSuite, WrittenTest,
};
use super::paths::{self, FILE_BYTES_MAX, folder_of};
use super::snapshot;
use crate::document::{DocumentProblem, SourceFile, SourcePlace};
use crate::json::{self, Place, tree};
use crate::matcher::RuleIndex;
use crate::verdict::TargetIndex;

pub(super) type Problems = Vec<(Place, SuiteProblemKind)>;

/// Looks up what a test file names.
struct Assembler<'s> {
    file: &'s Arc<Path>,
    folder: &'s Path,
    rules: &'s RulesUnderTest,
    names: Names<'s>,
    fixtures: Vec<Option<BaseEvent>>,
}

/// The cases of a test file; what cannot be looked up is among the problems.
pub(super) fn ready(
    written: &WrittenSuite,
    file: &Arc<Path>,
    rules: &Arc<RulesUnderTest>,
    problems: &mut Problems,
) -> Suite {
    let folder = folder_of(file);
    let fixtures = events::of_fixtures(&written.fixtures, folder, problems);
    let assembler = Assembler { file, folder, rules, names: Names::new(rules), fixtures };
    let cases: Vec<Case> = written.tests.iter().flat_map(|test| assembler.cases(test, problems)).collect();
    let unused_snapshots = snapshot::unused(file, &cases);
    Suite { file: Arc::clone(file), rules: Arc::clone(rules), cases, unused_snapshots }
}

impl Assembler<'_> {
    fn cases(&self, test: &WrittenTest, problems: &mut Problems) -> Vec<Case> {
        match &test.subject {
            Subject::Corpus { events, expect } => {
                let events =
                    events.iter().map(|spec| paths::source_beside(self.folder, &spec.value)).collect();
                let expect = self.names.corpus(expect, problems);
                let subject = CaseSubject::Corpus(CorpusCase { events, expect });
                vec![self.case(test, test.name.value.clone(), test.name.place, subject)]
            }
            Subject::Event { event, cases } => {
                let own;
                let base = match event {
                    EventRef::Fixture(index) => self.fixtures.get(*index).and_then(Option::as_ref),
                    EventRef::Own(event) => {
                        own = events::base(event, &test.name.value, self.folder, problems);
                        own.as_ref()
                    }
                };
                // An event that cannot be had is a problem already; the names in its tests are looked at all the same.
                cases.iter().map(|case| self.event_case(test, case, base, problems)).collect()
            }
        }
    }

    fn event_case(
        &self,
        test: &WrittenTest,
        case: &WrittenCase,
        base: Option<&BaseEvent>,
        problems: &mut Problems,
    ) -> Case {
        let name = case.name_in(&test.name.value);
        let event = base.map(|base| events::changed(base, &case.edits, case.place, problems));
        let expect = self.names.expectation(&case.expect, problems);
        let Expectation { rules, because, verdict, bodies } = expect;
        let mut expected = Vec::new();
        for BodyExpected { rule, target, body } in bodies {
            if let Some(body) = self.body(&name, rule, target, body, problems) {
                expected.push(BodyExpected { rule, target, body });
            }
        }
        let expect = Expectation { rules, because, verdict, bodies: expected };
        let subject = CaseSubject::Event(EventCase { event: event.unwrap_or_default(), expect });
        self.case(test, name, case.place, subject)
    }

    fn case(&self, test: &WrittenTest, name: String, place: Place, subject: CaseSubject) -> Case {
        let place = SourcePlace { file: Arc::clone(self.file), place };
        Case { name, place, tags: test.tags.clone(), skip: test.skip.clone(), subject }
    }

    fn body(
        &self,
        case: &str,
        rule: RuleIndex,
        target: TargetIndex,
        body: &WrittenBody,
        problems: &mut Problems,
    ) -> Option<ExpectedBody> {
        match body {
            WrittenBody::Json(node) => json_of(&node.to_json()).map(ExpectedBody::Json),
            WrittenBody::Text(text) => Some(ExpectedBody::Text(text.clone())),
            WrittenBody::File(path) => match self.body_of_file(path) {
                Ok(body) => Some(body),
                Err(problem) => {
                    problems.push((path.place, problem));
                    None
                }
            },
            WrittenBody::Snapshot => {
                let target = &self.rules.set.target(rule, target).id;
                let path = snapshot::path_of(self.file, case, self.rules.name(rule), target);
                let recorded = std::fs::read_to_string(&path).ok();
                let recorded = recorded.map(|text| without_last_line_end(&text).to_owned());
                Some(ExpectedBody::Snapshot(Snapshot { path, recorded }))
            }
        }
    }

    /// A file that is called `.json` holds a JSON value, any other the exact text but for a last line end, which
    /// editors add.
    fn body_of_file(&self, written: &Placed<String>) -> Result<ExpectedBody, SuiteProblemKind> {
        let path = paths::beside(self.folder, &written.value);
        let problem = |message| SuiteProblemKind::File { path: path.clone(), message };
        let file = SourceFile::open(&path, FILE_BYTES_MAX)
            .map_err(|error: DocumentProblem| problem(error.to_string()))?;
        if path.extension().is_none_or(|ending| ending != "json") {
            return Ok(ExpectedBody::Text(without_last_line_end(&file.text).to_owned()));
        }
        json_of(&file.text).map(ExpectedBody::Json).ok_or_else(|| problem("not one JSON value".to_owned()))
    }
}

fn json_of(text: &str) -> Option<json::Node> {
    let node = tree::parse(text.as_bytes()).ok()?;
    text[node.span.end..].trim().is_empty().then_some(node)
}

fn without_last_line_end(text: &str) -> &str {
    text.strip_suffix('\n').map_or(text, |text| text.strip_suffix('\r').unwrap_or(text))
}
