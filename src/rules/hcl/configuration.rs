//! One file of a module.

use std::path::Path;

use hcl_edit::structure::Body;

use crate::document::DocumentProblem;
use crate::json::Place;
use crate::rules::problem::RuleProblemKind;
use crate::rules::tree::SourceFile;

/// Endings of configurations.
const ENDINGS: [&str; 2] = ["tf", "tofu"];

/// Whether a file is a configuration.
pub(in crate::rules) fn is_configuration(path: &Path) -> bool {
    path.extension().and_then(|ending| ending.to_str()).is_some_and(|ending| ENDINGS.contains(&ending))
}

/// A file that was parsed.
#[derive(Debug)]
pub(in crate::rules) struct Configuration {
    pub(super) source: SourceFile,
    pub(super) body: Body,
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
