//! The files of a folder as one module.

use std::collections::HashMap;
use std::path::Path;

use hcl_edit::expr::Expression;
use hcl_edit::structure::{Block, Body};

use super::blocks::resources_of;
use super::evaluate::{Evaluator, allowance};
use super::lines::Lines;
use crate::document::DocumentProblem;
use crate::json::Place;
use crate::rules::SourceKind;
use crate::rules::parameters::Given;
use crate::rules::problem::RuleProblemKind;
use crate::rules::properties::Findings;
use crate::rules::resources::{self, ResourceGroup};
use crate::rules::tree::SourceFile;

/// Endings of configurations.
const ENDINGS: [&str; 2] = ["tf", "tofu"];

/// Types of which the attribute `name` is what the configuration says.
const NAMED_TYPES: [&str; 2] = ["aws_cloudwatch_event_bus", "aws_cloudwatch_event_rule"];

/// Whether a file is a configuration.
pub(in crate::rules) fn is_configuration(path: &Path) -> bool {
    path.extension().and_then(|ending| ending.to_str()).is_some_and(|ending| ENDINGS.contains(&ending))
}

/// A file that was parsed.
#[derive(Debug)]
pub(in crate::rules) struct Configuration {
    source: SourceFile,
    body: Body,
}

impl Configuration {
    /// Parses a file.
    ///
    /// # Errors
    /// The first place at which it is not HCL.
    pub(in crate::rules) fn parse(
        source: SourceFile,
    ) -> Result<Configuration, (SourceFile, Place, RuleProblemKind)> {
        match hcl_edit::parser::parse_body(&source.text) {
            Ok(body) => Ok(Configuration { source, body }),
            Err(error) => {
                let number = |count: usize| u32::try_from(count).unwrap_or(u32::MAX);
                let place = Place {
                    line: number(error.location().line()),
                    column: number(error.location().column()),
                };
                let problem = DocumentProblem::Hcl { message: error.message().replace('\n', ", ") };
                Err((source, place, problem.into()))
            }
        }
    }

    /// Its file.
    pub(in crate::rules) fn path(&self) -> &Path {
        &self.source.path
    }
}

/// What references of a module lead to.
pub(super) struct Scope<'a> {
    files: Vec<(&'a str, Lines<'a>)>,
    /// By `var.x`, `local.x` or `TYPE.NAME.name`: the file and the expression.
    expressions: HashMap<String, (usize, &'a Expression)>,
}

impl<'a> Scope<'a> {
    fn new(files: &'a [Configuration]) -> Self {
        let mut scope = Scope {
            files: files
                .iter()
                .map(|file| (file.source.text.as_str(), Lines::new(&file.source.text)))
                .collect(),
            expressions: HashMap::new(),
        };
        for (index, file) in files.iter().enumerate() {
            file.body.blocks().for_each(|block| scope.block(index, block));
        }
        scope
    }

    fn block(&mut self, file: usize, block: &'a Block) {
        let labels: Vec<&str> = block.labels.iter().map(|label| label.as_str()).collect();
        let (key, attribute) = match (block.ident.as_str(), &labels[..]) {
            ("variable", [name]) => (format!("var.{name}"), "default"),
            ("resource", [kind, name]) if NAMED_TYPES.contains(kind) => {
                (format!("{kind}.{name}.name"), "name")
            }
            ("locals", _) => {
                let locals = block.body.attributes();
                let named =
                    locals.map(|local| (format!("local.{}", local.key.as_str()), (file, &local.value)));
                return self.expressions.extend(named);
            }
            _ => return,
        };
        if let Some(attribute) = block.body.get_attribute(attribute) {
            self.expressions.insert(key, (file, &attribute.value));
        }
    }

    /// What a reference leads to, with its file.
    pub(super) fn expression(&self, steps: &[&str]) -> Option<(usize, &'a Expression)> {
        self.expressions.get(&steps.join(".")).copied()
    }

    /// The text and the lines of a file.
    pub(super) fn file(&self, index: usize) -> (&'a str, &Lines<'a>) {
        let (text, lines) = &self.files[index];
        (text, lines)
    }
}

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
