//! Events of tests: written in place or in files, filled in and changed.

use std::path::Path;
use std::sync::Arc;

use super::envelope::filled;
use super::format::{Edit, Fixture, Placed, SuiteProblemKind, WrittenEvent, set, unset};
use crate::document::{Node, SourceFile, Value};
use crate::json::Place;
use crate::sources::{FileEvents, OnlyEventError, SourceLimits, only_event};

/// An event before it is changed.
#[derive(Debug, Clone)]
pub(super) enum BaseEvent {
    /// Its tree.
    Tree(Arc<Node>),
    /// Its text, exactly, and its tree, if it is an object.
    Text { text: Arc<[u8]>, tree: Option<Arc<Node>> },
}

/// The base events of all fixtures; `None` for one with a problem.
pub(super) fn of_fixtures(
    fixtures: &[Fixture],
    folder: &Path,
    problems: &mut Vec<(Place, SuiteProblemKind)>,
) -> Vec<Option<BaseEvent>> {
    let base = |fixture: &Fixture| base(&fixture.event, &fixture.name.value, folder, problems);
    fixtures.iter().map(base).collect()
}

/// The event as written; `name` decides the id of one that has none.
pub(super) fn base(
    event: &WrittenEvent,
    name: &str,
    folder: &Path,
    problems: &mut Vec<(Place, SuiteProblemKind)>,
) -> Option<BaseEvent> {
    match event {
        WrittenEvent::Inline(node) => Some(BaseEvent::Tree(Arc::new(filled(node, name)))),
        WrittenEvent::File(path) => match of_file(path, folder) {
            Ok(base) => Some(base),
            Err(problem) => {
                problems.push((path.place, problem));
                None
            }
        },
    }
}

fn of_file(path: &Placed<String>, folder: &Path) -> Result<BaseEvent, SuiteProblemKind> {
    let file = super::paths::beside(folder, &path.value);
    let name = file.display().to_string();
    let problem = |message: String| SuiteProblemKind::File { path: file.clone(), message };
    if file.is_dir() {
        return Err(problem("a folder; name one file".to_owned()));
    }
    if !file.is_file() {
        return Err(problem("no such file".to_owned()));
    }
    let limits = SourceLimits::default();
    let mut source = FileEvents::open(&[file.to_string_lossy().into_owned()], limits.clone())
        .map_err(|errors| problem(errors.iter().map(ToString::to_string).collect::<Vec<_>>().join("; ")))?;
    let text = only_event(&mut source, &name, &limits).map_err(|error| {
        problem(match error {
            OnlyEventError::Broken { line, problem, .. } => format!("line {line}: {problem}"),
            OnlyEventError::Second { line, .. } => format!("line {line}: a second event; give one"),
            OnlyEventError::None { .. } => "no event is in it".to_owned(),
        })
    })?;
    // Read as JSON whatever the file is called: it is the text of an event that was found in it.
    let source = String::from_utf8(text.clone())
        .ok()
        .map(|text| SourceFile { path: Path::new("event.json").into(), text });
    let tree = source.and_then(|source| source.documents().ok()?.pop());
    let tree = tree.filter(|tree| matches!(tree.value, Value::Map(_))).map(Arc::new);
    Ok(BaseEvent::Text { text: text.into(), tree })
}

/// The text of the event with its changes. Every change that cannot be made is a problem.
pub(super) fn changed(
    base: &BaseEvent,
    edits: &[Edit],
    place: Place,
    problems: &mut Vec<(Place, SuiteProblemKind)>,
) -> Vec<u8> {
    let tree = match base {
        BaseEvent::Text { text, .. } if edits.is_empty() => return text.to_vec(),
        BaseEvent::Text { tree: Some(tree), .. } | BaseEvent::Tree(tree) => tree,
        BaseEvent::Text { tree: None, .. } => {
            problems.push((place, SuiteProblemKind::NotEditable));
            return Vec::new();
        }
    };
    let mut event = Vec::new();
    if edits.is_empty() {
        tree.write_json(&mut event);
        return event;
    }
    let mut tree = Node::clone(tree);
    for edit in edits {
        let (pointer, done) = match edit {
            Edit::Set(pointer, value) => (pointer, set(&mut tree, &pointer.value, value)),
            Edit::Unset(pointer) => (pointer, unset(&mut tree, &pointer.value)),
        };
        if let Err(fault) = done {
            let pointer_text = pointer.value.as_str().to_owned();
            problems.push((pointer.place, SuiteProblemKind::Pointer { pointer: pointer_text, fault }));
        }
    }
    tree.write_json(&mut event);
    event
}
