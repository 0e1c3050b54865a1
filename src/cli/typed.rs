//! Single things that are typed, or named by a file: a rule's name, an event, a pattern.

use std::fs;
use std::io::Cursor;
use std::path::Path;
use std::sync::Arc;

use anyhow::Context;

use super::args::ReadingArgs;
use super::output::{Complained, complain, say};
use super::replay::open;

use crate::findings::of_typed_pattern;
use crate::json::Place;
use crate::pattern::{Limits, Pattern, nearest};
use crate::rules::{Rule, SourcePlace};
use crate::sources::{FileEvents, SourceLimits, only_event};

/// A pattern from a file, or from the command line.
pub(super) struct TypedPattern {
    pub(super) pattern: Pattern,
    text: String,
    /// `pattern` if it was typed.
    file: Arc<Path>,
}

impl TypedPattern {
    /// The place of a byte of the pattern's text.
    pub(super) fn place_of(&self, offset: usize) -> SourcePlace {
        SourcePlace { file: Arc::clone(&self.file), place: Place::of(self.text.as_bytes(), offset) }
    }
}

/// The pattern, or `None` if it is refused and that has been printed.
pub(super) fn typed_pattern(spec: &str, limits: &Limits) -> anyhow::Result<Option<TypedPattern>> {
    let is_text = spec.trim_start().starts_with('{');
    let text = match is_text {
        true => spec.to_owned(),
        false => fs::read_to_string(spec)
            .with_context(|| format!("{spec} is neither a readable file nor the JSON text of a pattern"))?,
    };
    let file = Path::new(if is_text { "pattern" } else { spec });
    Ok(match Pattern::parse(text.as_bytes(), limits) {
        Ok(pattern) => Some(TypedPattern { pattern, file: file.into(), text }),
        Err(error) => {
            of_typed_pattern(file, &text, &error).iter().for_each(say);
            None
        }
    })
}

/// The rule called `name`, by its own name or the one that reports give it.
pub(super) fn find_rule<'r>(rules: &'r [Rule], name: &str) -> Result<&'r Rule, Complained> {
    if let Some(rule) = rules.iter().find(|rule| &*rule.display_name == name) {
        return Ok(rule);
    }
    let named: Vec<&Rule> = rules.iter().filter(|rule| rule.name.as_str() == name).collect();
    match named[..] {
        [only] => return Ok(only),
        [] => {
            let known: Vec<&str> = rules.iter().map(|rule| &*rule.display_name).collect();
            let hint = nearest(name, &known).map(|known| format!("\n  hint: did you mean `{known}`?"));
            complain(&format!("no rule is called `{name}`{}", hint.unwrap_or_default()));
        }
        _ => {
            let known: Vec<String> = named.iter().map(|rule| format!("`{}`", rule.display_name)).collect();
            complain(&format!("{} rules are called `{name}`: {}", named.len(), known.join(", ")));
        }
    }
    Err(Complained)
}

/// The only event of a source, or the event that was typed.
pub(super) fn event(spec: &str, reading: &ReadingArgs) -> Result<Vec<u8>, Complained> {
    let limits = SourceLimits { event_bytes_max: reading.event_bytes_max, ..SourceLimits::default() };
    // As a file would be read, so that the same is refused.
    let mut source = match spec.trim_start().starts_with(['{', '[']) && !Path::new(spec).exists() {
        true => {
            FileEvents::from_reader("event", Box::new(Cursor::new(spec.as_bytes().to_vec())), limits.clone())
        }
        false => open(&[spec.to_owned()], limits.clone())?,
    };
    only_event(&mut source, spec, &limits).map_err(|error| {
        complain(&error.to_string());
        Complained
    })
}
