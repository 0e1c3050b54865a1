//! Test files as text.

use std::path::Path;

use ruleproof::document::{Node, SourceFile};
use ruleproof::suite::format;

/// A file of this text.
pub(crate) fn source(name: &str, text: &str) -> SourceFile {
    SourceFile { path: Path::new(name).into(), text: text.to_owned() }
}

/// Everything that the reader says about a test file: `line:column message`, hints behind ` | `.
pub(crate) fn problems(name: &str, text: &str) -> Vec<String> {
    let (_, problems) = format::read(&source(name, text));
    let shown = |problem: &format::SuiteProblem| {
        let place = problem.place.map(|place| format!("{place} ")).unwrap_or_default();
        let hint = problem.kind.hint().map(|hint| format!(" | {hint}")).unwrap_or_default();
        format!("{place}{}{hint}", problem.kind)
    };
    problems.iter().map(shown).collect()
}

/// The file as validators of JSON Schema see it; `None` if it is not one document.
pub(crate) fn as_json(name: &str, text: &str) -> Option<serde_json::Value> {
    let documents: Vec<Node> = source(name, text).documents().ok()?;
    let [root] = &documents[..] else { return None };
    Some(serde_json::from_str(&root.to_json()).unwrap())
}
