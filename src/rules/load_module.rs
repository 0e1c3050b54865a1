//! Loads Terraform configurations, whose folders are modules.

use std::collections::BTreeSet;

use super::content::{Elsewhere, may_hide_rules, open, tells_of_rules};
use super::files::{FoundFile, Named};
use super::git::folder_and_name;
use super::hcl;
use super::parameters::Given;
use super::problem::{NoRules, RuleProblem, RuleProblemKind};
use super::properties::{Findings, Reader};

/// The Terraform configurations of a folder.
pub(super) fn module_in<'f>(folder: &str, files: &'f [FoundFile]) -> Vec<&'f FoundFile> {
    let is_part =
        |file: &&FoundFile| hcl::is_configuration(&file.path) && folder_and_name(&file.path).0 == folder;
    files.iter().filter(is_part).collect()
}

/// Reads the files of one module together. Returns which arguments led to rules, or to problems.
pub(super) fn read_module(
    files: &[&FoundFile],
    elsewhere: &mut Elsewhere<'_>,
    given: &Given<'_>,
    findings: &mut Findings,
) -> BTreeSet<usize> {
    let mut with_rules = BTreeSet::new();
    let mut parsed = Vec::new();
    for file in files {
        let problems_before = findings.problems.len();
        parsed.extend(
            configuration(file, elsewhere, given, findings).map(|configuration| (*file, configuration)),
        );
        if findings.problems.len() > problems_before {
            with_rules.extend(&file.specs);
        }
    }
    let (files, configurations): (Vec<&FoundFile>, Vec<hcl::Configuration>) = parsed.into_iter().unzip();
    let hold_rules = hcl::read(&configurations, given, findings);
    // A file of variables may be named beside one of rules.
    let module_holds_rules = hold_rules.contains(&true);
    for ((file, configuration), holds_rules) in files.iter().zip(&configurations).zip(hold_rules) {
        if !module_holds_rules && file.named == Named::Directly {
            let kind = RuleProblemKind::NoRules(NoRules::TerraformConfiguration);
            findings.problems.push(RuleProblem::of_file(configuration.path(), kind));
        }
        if holds_rules || file.named == Named::Directly {
            with_rules.extend(&file.specs);
        }
    }
    with_rules
}

/// A configuration that can be read; what is wrong with others is among the findings then.
fn configuration(
    file: &FoundFile,
    elsewhere: &mut Elsewhere<'_>,
    given: &Given<'_>,
    findings: &mut Findings,
) -> Option<hcl::Configuration> {
    let source = match open(file, elsewhere) {
        Ok(source) => source,
        Err(problem) => {
            if file.named == Named::Directly || may_hide_rules(file, &problem, elsewhere) {
                findings.problems.push(RuleProblem::of_file(&file.path, problem));
            }
            return None;
        }
    };
    match hcl::Configuration::parse(source) {
        Ok(configuration) => Some(configuration),
        Err((source, place, problem)) => {
            if file.named == Named::Directly || tells_of_rules(&source.text) {
                Reader { source: &source, given, findings }.problems(None, vec![(place, problem)]);
            }
            None
        }
    }
}
