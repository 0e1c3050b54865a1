//! What can be wrong with a target's input, in our words and in AWS's.

use std::fmt;
use std::ops::Range;

use super::definition::{Definition, InputMode, Part};
use super::path::PathProblem;
use super::variable::Reserved;
use crate::json::{JsonPointer, Place, SyntaxProblem};
use crate::pattern::nearest;

/// A target that AWS would refuse, with everything that is wrong with its input.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TransformError {
    problems: Vec<TransformProblem>,
    more: usize,
}

impl TransformError {
    /// In the order in which AWS reports, as far as it is known.
    pub(super) fn new(Problems { found: mut problems, more, .. }: Problems<'_>) -> TransformError {
        assert!(!problems.is_empty(), "an error names at least one problem");
        problems.sort_by_key(|problem| problem.kind.order_of_check());
        TransformError { problems, more }
    }

    /// The problems, at least one. AWS names only one of them: the first, as far as its order is known.
    pub fn problems(&self) -> &[TransformProblem] {
        &self.problems
    }

    /// How many more there are of the kinds that one text can have any number of.
    pub fn more(&self) -> usize {
        self.more
    }
}

impl fmt::Display for TransformError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let lines: Vec<String> = self.problems.iter().map(TransformProblem::to_string).collect();
        f.write_str(&lines.join("; "))?;
        match self.more {
            0 => Ok(()),
            more => write!(f, "; and {more} more problems"),
        }
    }
}

impl std::error::Error for TransformError {}

/// One thing that is wrong, and where.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TransformProblem {
    /// What it is.
    pub kind: TransformProblemKind,
    /// The part of the target.
    pub part: Part,
    /// Where that part is within the target.
    pub pointer: JsonPointer,
    /// The bytes of that part's text.
    pub span: Range<usize>,
    /// Line and column of the first of them.
    pub place: Place,
    /// AWS's answer.
    pub refusal: Refusal,
}

/// How AWS refuses a target.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Refusal {
    /// The kind of error; presumed where no message is recorded.
    pub code: RefusalCode,
    /// The message, where it is recorded or follows from recorded ones.
    pub message: Option<String>,
}

/// The kinds of errors with which targets are refused.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum RefusalCode {
    /// `ValidationException`, by the service.
    ValidationException,
    /// `ParamValidation`, by the SDK before the service sees anything.
    ParamValidation,
}

impl RefusalCode {
    /// AWS's spelling.
    pub fn as_str(self) -> &'static str {
        match self {
            RefusalCode::ValidationException => "ValidationException",
            RefusalCode::ParamValidation => "ParamValidation",
        }
    }
}

impl fmt::Display for RefusalCode {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

impl fmt::Display for TransformProblem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: {} (at {})", self.place, self.kind, self.pointer)?;
        match self.kind.hint() {
            Some(hint) => write!(f, "; {hint}"),
            None => Ok(()),
        }
    }
}

/// What is wrong.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum TransformProblemKind {
    /// More than one of `Input`, `InputPath`, `InputTransformer`.
    #[error("only one of Input, InputPath and InputTransformer is allowed, found {}", list(.modes))]
    SeveralModes {
        /// Those that are given.
        modes: Vec<InputMode>,
    },
    /// A text beyond AWS's limit.
    #[error("{chars} characters, at most {chars_max} are accepted")]
    TooLong {
        /// Its length in characters.
        chars: usize,
        /// The limit.
        chars_max: usize,
    },
    /// `Input` is not JSON.
    #[error("not JSON: {0}")]
    InputNotJson(SyntaxProblem),
    /// Not a path.
    #[error("not a path into the event: {0}")]
    BadPath(PathProblem),
    /// `InputTransformer` without `InputTemplate`.
    #[error("InputTemplate is missing")]
    NoTemplate,
    /// An empty `InputTemplate`.
    #[error("expected a template, found an empty text")]
    EmptyTemplate,
    /// More variables than AWS takes.
    #[error("{variables} variables, at most {variables_max} are accepted")]
    TooManyVariables {
        /// How many there are.
        variables: usize,
        /// The limit.
        variables_max: usize,
    },
    /// A name that no variable may have.
    #[error("`{name}` is not a variable name")]
    BadVariableName {
        /// The name.
        name: String,
    },
    /// A placeholder that nothing defines, beside a map that defines others.
    #[error("`<{name}>` is neither in InputPathsMap nor a reserved variable")]
    UnknownPlaceholder {
        /// The name.
        name: String,
        /// What may have been meant.
        nearest: Option<String>,
    },
    /// A whole event where only text can stand.
    #[error("`<{name}>` can only be a value of a template that is a JSON object")]
    OnlyInJsonTemplate {
        /// The reserved name.
        name: &'static str,
    },
    /// A variable in the name of a member.
    #[error("`<{name}>` stands in the name of a member")]
    PlaceholderInKey {
        /// The name.
        name: String,
    },
    /// With `null` for each placeholder the template is not JSON.
    #[error("with `null` for each placeholder the template is not JSON: {0}")]
    TemplateNotJson(TemplateFault),
    /// A way to shape the event that this kind of target does not take.
    #[error("{what} takes no {mode}")]
    ModeRefused {
        /// The kind, with its article.
        what: &'static str,
        /// The way.
        mode: InputMode,
    },
    /// A setting that this kind of target does not take.
    #[error("{what} takes no {setting}")]
    SettingRefused {
        /// The kind, with its article.
        what: &'static str,
        /// The property.
        setting: &'static str,
    },
    /// A FIFO queue without a message group.
    #[error("a FIFO queue needs SqsParameters.MessageGroupId")]
    NoMessageGroup,
    /// A template that gives a log group something other than a log event.
    #[error("the template of a log group gives exactly `timestamp` and `message`, found {found}")]
    NotALogEvent {
        /// What it gives.
        found: String,
    },
}

/// Why a template is not JSON.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum TemplateFault {
    /// Not even its first value.
    #[error("{0}")]
    Syntax(SyntaxProblem),
    /// Something follows the first value, and not all are strings.
    #[error("more text follows the value; only strings may stand one after the other")]
    SeveralValues,
}

impl TransformProblemKind {
    /// The way out, where there is something true to say.
    pub fn hint(&self) -> Option<String> {
        use TransformProblemKind as Kind;
        Some(match self {
            Kind::BadPath(problem) => return problem.hint().map(str::to_owned),
            Kind::UnknownPlaceholder { nearest: Some(name), .. } => format!("did you mean `<{name}>`?"),
            Kind::UnknownPlaceholder { name, .. } if !is_variable_name(name) => {
                "what stands between `<` and `>` is taken for a placeholder, and neither can be escaped"
                    .to_owned()
            }
            Kind::BadVariableName { name } if name.starts_with("aws.") => {
                "reserved variables are there without being defined".to_owned()
            }
            Kind::BadVariableName { .. } => "names have ASCII letters, digits, `_` and `-`".to_owned(),
            Kind::InputNotJson(SyntaxProblem::BadScalar | SyntaxProblem::Unexpected { .. }) => {
                "a text needs double quotes: \"...\"".to_owned()
            }
            Kind::TemplateNotJson(_) => {
                "a template is a JSON object, or lines of text each in double quotes".to_owned()
            }
            Kind::OnlyInJsonTemplate { name } => format!("write {{\"event\": <{name}>}}, without quotes"),
            Kind::SeveralModes { .. } => "keep one of them".to_owned(),
            Kind::NotALogEvent { .. } => "write {\"timestamp\": <time>, \"message\": \"...\"}".to_owned(),
            _ => return None,
        })
    }

    /// When AWS looks: shapes of the request first, then one way only, then each text. Beyond that the order is
    /// that in which the texts stand; only few pairs of errors are recorded.
    fn order_of_check(&self) -> u8 {
        use TransformProblemKind as Kind;
        match self {
            Kind::EmptyTemplate | Kind::NoTemplate => 0,
            Kind::TooLong { .. } | Kind::TooManyVariables { .. } | Kind::BadVariableName { .. } => 1,
            Kind::SeveralModes { .. } => 2,
            Kind::TemplateNotJson(_) => 4,
            _ => 3,
        }
    }
}

/// Whether AWS takes `name` for a variable: 1 to 256 of `[A-Za-z0-9_-]`.
pub(super) fn is_variable_name(name: &str) -> bool {
    (1..=256).contains(&name.len())
        && name.bytes().all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'_' | b'-'))
}

fn list(modes: &[InputMode]) -> String {
    modes.iter().map(|mode| mode.as_str()).collect::<Vec<_>>().join(", ")
}

/// Problems after which others of placeholders and variables are only counted: their places and AWS's answers cost
/// time and memory in proportion to the text, and nobody reads thousands.
pub(super) const LISTED_MAX: usize = 20;

/// Builds problems of one target.
pub(super) struct Problems<'d> {
    definition: &'d Definition<'d>,
    found: Vec<TransformProblem>,
    more: usize,
}

impl<'d> Problems<'d> {
    pub(super) fn new(definition: &'d Definition<'d>) -> Problems<'d> {
        Problems { definition, found: Vec::new(), more: 0 }
    }

    pub(super) fn target_id(&self) -> &'d str {
        self.definition.target_id
    }

    /// Whether one more problem of a placeholder or variable is listed; if not, it is counted.
    pub(super) fn is_listed(&mut self) -> bool {
        let listed = self.found.len() < LISTED_MAX;
        self.more += usize::from(!listed);
        listed
    }

    pub(super) fn is_empty(&self) -> bool {
        self.found.is_empty()
    }

    /// A problem at `span` of `part`, refused by the service with `message`.
    pub(super) fn add(
        &mut self,
        kind: TransformProblemKind,
        part: Part,
        span: Range<usize>,
        message: impl Into<Option<String>>,
    ) {
        self.refused(
            kind,
            part,
            span,
            Refusal { code: RefusalCode::ValidationException, message: message.into() },
        );
    }

    pub(super) fn refused(
        &mut self,
        kind: TransformProblemKind,
        part: Part,
        span: Range<usize>,
        refusal: Refusal,
    ) {
        let place = Place::of(part.text(self.definition).as_bytes(), span.start);
        let pointer = part.pointer(self.definition);
        self.found.push(TransformProblem { kind, part, pointer, span, place, refusal });
    }
}

/// What may have been meant by the placeholder `name`.
pub(super) fn nearest_variable(name: &str, variables: &[(&str, &str)]) -> Option<String> {
    let known: Vec<&str> =
        variables.iter().map(|(name, _)| *name).chain(Reserved::ALL.map(Reserved::as_str)).collect();
    nearest(name, &known).map(str::to_owned)
}
