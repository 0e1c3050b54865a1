//! What can be wrong with a test file.

use std::fmt;
use std::path::Path;
use std::sync::Arc;

use crate::document::{DocumentProblem, SourcePlace};
use crate::json::Place;

/// One problem of a test file. Reading goes on behind it, so that all problems are known at once.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SuiteProblem {
    /// The test file.
    pub file: Arc<Path>,
    /// Where in the file; `None` for the file as a whole.
    pub place: Option<Place>,
    /// What is wrong.
    pub kind: SuiteProblemKind,
}

/// What is wrong.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum SuiteProblemKind {
    /// Not to be read as a tree of values.
    #[error(transparent)]
    Document(#[from] DocumentProblem),
    /// Empty, or several YAML documents.
    #[error("a test file holds one document, this one holds {count}")]
    NotOneDocument {
        /// How many there are.
        count: usize,
    },
    /// A version of the format that is not known.
    #[error("unknown version `{written}` of the format")]
    UnknownVersion {
        /// What was written.
        written: String,
    },
    /// A key that means nothing here.
    #[error("unknown key `{key}` in {within}")]
    UnknownKey {
        /// The key.
        key: String,
        /// What it stands in, with its article.
        within: &'static str,
        /// The key that may be meant.
        nearest: Option<&'static str>,
        /// All that are known.
        known: &'static [&'static str],
    },
    /// A key that must be there.
    #[error("{within} needs `{key}`")]
    MissingKey {
        /// The key.
        key: &'static str,
        /// What it is missing in, with its article.
        within: &'static str,
    },
    /// A key twice in one object; JSON only, YAML refuses it by itself.
    #[error("the key `{key}` stands here twice")]
    RepeatedKey {
        /// The key.
        key: String,
    },
    /// A value of the wrong kind.
    #[error("`{key}` has to be {expected}, not {found}")]
    WrongKind {
        /// The key that it is the value of.
        key: String,
        /// What it should be, with its article.
        expected: &'static str,
        /// What it is, with its article.
        found: &'static str,
    },
    /// A word that is none of those that are known.
    #[error("`{word}` is no {what}")]
    UnknownWord {
        /// The word.
        word: String,
        /// What it should be.
        what: &'static str,
        /// The one that may be meant.
        nearest: Option<String>,
        /// All that are known.
        known: Vec<String>,
    },
    /// An empty list, object or text that would mean nothing.
    #[error("`{key}` is empty")]
    Empty {
        /// The key that it is the value of.
        key: String,
    },
    /// A plain scalar that readers of YAML take for different things.
    #[error("`{written}` without quotes is {one} to some readers of YAML and text to others")]
    Doubtful {
        /// What was written.
        written: String,
        /// What else it may be, with its article.
        one: &'static str,
    },
    /// A YAML tag in data.
    #[error("tags such as `!{tag}` have no meaning in a test file")]
    Tag {
        /// The tag.
        tag: String,
    },
    /// A name that another one of its kind has.
    #[error("a second {what} called `{name}`, the first is at line {first}")]
    RepeatedName {
        /// What has it.
        what: &'static str,
        /// The name.
        name: String,
        /// The line of the first.
        first: u32,
    },
    /// Two keys of which only one may be given.
    #[error("`{second}` beside `{first}`: {reason}")]
    Together {
        /// The one.
        first: &'static str,
        /// The other.
        second: &'static str,
        /// Why not.
        reason: &'static str,
    },
    /// A key that means something only beside another.
    #[error("`{key}` means nothing without {needed}")]
    Without {
        /// The key.
        key: &'static str,
        /// What has to be there.
        needed: &'static str,
    },
    /// Not a number of events.
    #[error("`{written}` is not {expected}")]
    BadMeasure {
        /// What was written.
        written: String,
        /// What it should be.
        expected: &'static str,
    },
    /// A JSON pointer that is none, or leads nowhere.
    #[error("the pointer `{pointer}` {fault}")]
    Pointer {
        /// The pointer.
        pointer: String,
        /// What is wrong with it.
        fault: PointerFault,
    },
    /// A file that a test needs.
    #[error("{}: {message}", path.display())]
    File {
        /// The file.
        path: std::path::PathBuf,
        /// What is wrong with it.
        message: String,
    },
    /// An event that is to be changed and is not JSON.
    #[error("`set` and `unset` need an event that is a JSON object")]
    NotEditable,
    /// A rule that the test file's rules do not hold.
    #[error("no rule is called `{name}`")]
    UnknownRule {
        /// The name.
        name: String,
        /// The rule that may be meant.
        nearest: Option<String>,
    },
    /// A name that several rules have.
    #[error("{} rules are called `{name}`", known.len())]
    SeveralRules {
        /// The name.
        name: String,
        /// The names that tell them apart.
        known: Vec<String>,
    },
    /// A rule that matches no event whatever happens.
    #[error("the rule `{name}` {why} and matches no event")]
    SilentRule {
        /// The name.
        name: String,
        /// Why.
        why: &'static str,
    },
    /// A target that its rule does not have.
    #[error("the rule `{rule}` has no target `{target}`")]
    UnknownTarget {
        /// The rule.
        rule: String,
        /// The target.
        target: String,
        /// Those that it has.
        known: Vec<String>,
    },
    /// A target whose bodies are not known before deployment.
    #[error("what the target `{target}` of `{rule}` gets is not known before deployment")]
    UnknownBody {
        /// The rule.
        rule: String,
        /// The target.
        target: String,
    },
    /// The rules of the file cannot be used.
    #[error("the rules of this file cannot be used")]
    Rules,
}

/// What is wrong with a JSON pointer.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum PointerFault {
    /// It does not start with a slash.
    #[error("has to start with `/`")]
    NoSlash,
    /// `~` before something else than `0` or `1`.
    #[error("has a `~` that is neither `~0` (for `~`) nor `~1` (for `/`)")]
    BadEscape,
    /// More levels than an event may have.
    #[error("has more than {levels_max} levels")]
    TooDeep {
        /// The limit.
        levels_max: usize,
    },
    /// A value on the way has no inside.
    #[error("leads through {found} at `{at}`")]
    ThroughScalar {
        /// The pointer of that value.
        at: String,
        /// What it is, with its article.
        found: &'static str,
    },
    /// A list on the way, and a step that is no place in it.
    #[error("needs a place in the list at `{at}`, which has {len}: a number up to that, or `-` for the end")]
    NoElement {
        /// The pointer of the list.
        at: String,
        /// How many elements it has.
        len: usize,
    },
    /// Nothing to take away.
    #[error("leads to nothing that could be taken away")]
    Nothing,
}

impl SuiteProblemKind {
    /// The way out, where there is one to name.
    pub fn hint(&self) -> Option<String> {
        match self {
            SuiteProblemKind::UnknownVersion { .. } => Some("this program knows version 1".to_owned()),
            SuiteProblemKind::UnknownKey { nearest: Some(nearest), .. } => Some(did_you_mean(nearest)),
            SuiteProblemKind::UnknownKey { known, .. } => Some(format!("known here: {}", quoted(known))),
            SuiteProblemKind::UnknownWord { nearest: Some(nearest), .. } => Some(did_you_mean(nearest)),
            SuiteProblemKind::UnknownWord { known, .. } if known.is_empty() => {
                Some("there are none".to_owned())
            }
            SuiteProblemKind::UnknownWord { known, .. } => Some(format!("known are {}", quoted(known))),
            SuiteProblemKind::Doubtful { .. } => Some(
                "put it in quotes if text is meant, else write true, false or a plain decimal".to_owned(),
            ),
            SuiteProblemKind::UnknownRule { nearest: Some(nearest), .. } => Some(did_you_mean(nearest)),
            SuiteProblemKind::SeveralRules { known, .. } => Some(format!("say {}", quoted(known))),
            SuiteProblemKind::UnknownTarget { known, .. } if known.is_empty() => {
                Some("it has no targets".to_owned())
            }
            SuiteProblemKind::UnknownTarget { known, .. } => Some(format!("its targets: {}", quoted(known))),
            SuiteProblemKind::UnknownBody { .. } => {
                Some("give what is missing below `parameters`".to_owned())
            }
            _ => None,
        }
    }
}

fn did_you_mean(name: &str) -> String {
    format!("did you mean `{name}`?")
}

fn quoted<S: AsRef<str>>(names: &[S]) -> String {
    let names: Vec<String> = names.iter().map(|name| format!("`{}`", name.as_ref())).collect();
    names.join(", ")
}

impl fmt::Display for SuiteProblem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.place {
            Some(place) => write!(f, "{}: ", SourcePlace { file: Arc::clone(&self.file), place })?,
            None => write!(f, "{}: ", self.file.display())?,
        }
        write!(f, "{}", self.kind)
    }
}

impl std::error::Error for SuiteProblem {}
