//! What references inside a module lead to.

use std::collections::HashMap;

use hcl_edit::expr::Expression;
use hcl_edit::structure::Block;

use super::configuration::Configuration;
use super::lines::Lines;

/// Types of which the attribute `name` is what the configuration says.
const NAMED_TYPES: [&str; 2] = ["aws_cloudwatch_event_bus", "aws_cloudwatch_event_rule"];

/// What references of a module lead to.
pub(super) struct Scope<'a> {
    files: Vec<(&'a str, Lines<'a>)>,
    /// By `var.x`, `local.x` or `TYPE.NAME.name`: the file and the expression.
    expressions: HashMap<String, (usize, &'a Expression)>,
}

impl<'a> Scope<'a> {
    pub(super) fn new(files: &'a [Configuration]) -> Self {
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
