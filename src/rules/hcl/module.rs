//! The files of a folder as one module.

use super::blocks::resources_of;
use super::configuration::Configuration;
use super::evaluate::{Evaluator, allowance};
use super::scope::Scope;
use crate::rules::SourceKind;
use crate::rules::parameters::Given;
use crate::rules::properties::Findings;
use crate::rules::resources::{self, ResourceGroup};

/// Adds the rules of a module; says of each file whether it holds some, or targets.
pub(in crate::rules) fn read(
    files: &[Configuration],
    given: &Given<'_>,
    findings: &mut Findings,
) -> Vec<bool> {
    let scope = Scope::new(files);
    let left = allowance();
    let groups: Vec<ResourceGroup<'_>> = files
        .iter()
        .enumerate()
        .map(|(index, file)| {
            let (text, lines) = scope.file(index);
            let evaluator = Evaluator { text, lines, scope: &scope, given, left: &left };
            ResourceGroup { source: &file.source, resources: resources_of(&file.body, &evaluator) }
        })
        .collect();
    let hold_rules = groups.iter().map(|group| !group.resources.is_empty()).collect();
    resources::read_groups(groups, SourceKind::TerraformConfiguration, given, findings);
    hold_rules
}
