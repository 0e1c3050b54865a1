//! One thing to say, and how it reads.

use std::fmt;
use std::path::Path;
use std::sync::Arc;

use super::{Excerpt, FindingCode, Severity};
use crate::json::Place;
use crate::rules::SourcePlace;

/// Something wrong or notable.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Finding {
    /// What kind of thing it is.
    pub code: FindingCode,
    /// How bad it is.
    pub severity: Severity,
    /// What it is, in one line.
    pub message: String,
    /// Where it is, if it is anywhere.
    pub location: Option<Location>,
    /// Another place that it comes down to, such as the condition that makes a test fail.
    pub related: Option<Location>,
    /// The JSON pointer within the pattern or the target that is meant; empty where there is none.
    pub pointer: String,
    /// What it is about.
    pub subject: Subject,
    /// The line that is meant.
    pub excerpt: Option<Excerpt>,
    /// AWS's answer, where it is known.
    pub aws: Option<String>,
    /// The way out, where there is one to name.
    pub hint: Option<String>,
}

/// A stretch of a file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Location {
    /// The file, as it was named or found; `pattern` for one that was typed.
    pub file: Arc<Path>,
    /// Its first place, and the place behind it; `None` for the file as a whole.
    pub span: Option<(Place, Place)>,
}

impl Location {
    /// A place without an extent.
    pub fn at(place: &SourcePlace) -> Location {
        Location { file: Arc::clone(&place.file), span: Some((place.place, place.place)) }
    }
}

impl fmt::Display for Location {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.span {
            Some((start, _)) => write!(f, "{}:{start}", self.file.display()),
            None => write!(f, "{}", self.file.display()),
        }
    }
}

/// What a finding is about.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Subject {
    /// The rule.
    pub rule: Option<String>,
    /// The id of its target.
    pub target: Option<String>,
}

impl Subject {
    /// About a rule as a whole.
    pub fn rule(name: impl Into<String>) -> Subject {
        Subject { rule: Some(name.into()), target: None }
    }

    /// About one target of a rule.
    pub fn target(rule: impl Into<String>, target: impl Into<String>) -> Subject {
        Subject { rule: Some(rule.into()), target: Some(target.into()) }
    }
}

impl fmt::Display for Subject {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match (&self.rule, &self.target) {
            (Some(rule), Some(target)) => write!(f, "rule {rule}, target {target}"),
            (Some(rule), None) => write!(f, "rule {rule}"),
            (None, Some(target)) => write!(f, "target {target}"),
            (None, None) => Ok(()),
        }
    }
}

impl Finding {
    /// A finding with nothing but a message.
    pub fn new(code: FindingCode, severity: Severity, message: impl Into<String>) -> Finding {
        Finding {
            code,
            severity,
            message: message.into(),
            location: None,
            related: None,
            pointer: String::new(),
            subject: Subject::default(),
            excerpt: None,
            aws: None,
            hint: None,
        }
    }

    /// The same finding at a place.
    pub fn at(self, location: Location) -> Finding {
        Finding { location: Some(location), ..self }
    }

    /// The same finding with another place that it comes down to.
    pub fn related_to(self, related: Option<Location>) -> Finding {
        Finding { related, ..self }
    }

    /// The same finding about something.
    pub fn about(self, subject: Subject) -> Finding {
        Finding { subject, ..self }
    }

    /// The same finding with a way out.
    pub fn hinted(self, hint: Option<String>) -> Finding {
        Finding { hint, ..self }
    }

    /// The same finding with its line shown.
    pub fn shown(self, excerpt: Option<Excerpt>) -> Finding {
        Finding { excerpt, ..self }
    }
}

impl fmt::Display for Finding {
    /// For people, without the word for the severity. What has to be mended at some place in a file is shown at
    /// length, the rest in one line.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let is_a_whole_file = self.location.as_ref().is_some_and(|location| location.span.is_none());
        match self.severity {
            Severity::Error if !is_a_whole_file => self.write_at_length(f),
            Severity::Error | Severity::Warning | Severity::Note => self.write_in_line(f),
        }
    }
}

/// A finding with its place, line, answer of AWS and hint, however bad it is.
#[derive(Debug)]
pub struct AtLength<'f>(&'f Finding);

impl fmt::Display for AtLength<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.write_at_length(f)
    }
}

impl Finding {
    /// For people, with all that there is to show.
    pub fn at_length(&self) -> AtLength<'_> {
        AtLength(self)
    }

    fn write_in_line(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if let Some(location) = &self.location {
            write!(f, "{location}: ")?;
        }
        if self.subject != Subject::default() {
            write!(f, "{}: ", self.subject)?;
        }
        write!(f, "{}", self.message)?;
        self.hint.as_ref().map_or(Ok(()), |hint| write!(f, "\n  hint: {hint}"))
    }

    fn write_at_length(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}", self.message)?;
        let about = (self.subject != Subject::default()).then(|| format!("({})", self.subject));
        match &self.location {
            Some(location) => {
                write!(f, "\n  --> {location}")?;
                let pointer = Some(self.pointer.clone()).filter(|pointer| !pointer.is_empty());
                pointer.into_iter().chain(about).try_for_each(|part| write!(f, "  {part}"))?;
            }
            None => about.map_or(Ok(()), |about| write!(f, "  {about}"))?,
        }
        if let Some(excerpt) = &self.excerpt {
            write!(f, "\n{excerpt}")?;
        }
        if let Some(aws) = &self.aws {
            write!(f, "\n  AWS: {aws}")?;
        }
        self.hint.as_ref().map_or(Ok(()), |hint| write!(f, "\n  hint: {hint}"))
    }
}
