//! Everything for which `PutTargets` refuses the input of a target.

use std::collections::HashSet;
use std::ops::Range;

use super::TargetKind;
use super::definition::{Definition, InputMode, Part, Setting, WrittenInput};
use super::path::InputPath;
use super::pieces::{
    Position, WrittenPiece, pieces, placeholders_anywhere, placeholders_in_names, with_nulls,
};
use super::problem::{
    Problems, Refusal, RefusalCode, TransformError, TransformProblemKind as Kind, is_variable_name,
    nearest_variable,
};
use super::template::{TemplateKind, refused_text};
use super::variable::Reserved;
use crate::json::syntax::Expected;
use crate::json::{Place, SyntaxProblem, Value, tree};

/// Characters of an `Input` and of an `InputTemplate`. Source: EventBridge API, `TargetInput`, `TransformerInput`.
pub const TEXT_CHARS_MAX: usize = 8_192;

/// Characters of an `InputPath` and of each path in a map. Source: EventBridge API, `TargetInputPath`.
pub const PATH_CHARS_MAX: usize = 256;

/// Entries of an `InputPathsMap`. Source: EventBridge API, `TransformerPaths`.
pub const VARIABLES_MAX: usize = 100;

/// Checks a target.
///
/// # Errors
/// All that is wrong with it.
pub(super) fn check(definition: &Definition<'_>) -> Result<(), TransformError> {
    let mut problems = Problems::new(definition);
    one_mode(definition, &mut problems);
    for input in &definition.inputs {
        match input {
            WrittenInput::Input(text) => constant(text, &mut problems),
            WrittenInput::InputPath(path) => input_path(path, &mut problems),
            WrittenInput::Transformer { paths, template } => transformer(paths, *template, &mut problems),
        }
    }
    kind_of_target(definition, &mut problems);
    none_of(problems)
}

/// Checks what does not depend on all texts being known: which ways and settings are given.
///
/// # Errors
/// All of that that is wrong.
pub(super) fn check_ways(definition: &Definition<'_>) -> Result<(), TransformError> {
    let mut problems = Problems::new(definition);
    one_mode(definition, &mut problems);
    kind_of_target(definition, &mut problems);
    none_of(problems)
}

fn none_of(problems: Problems<'_>) -> Result<(), TransformError> {
    match problems.is_empty() {
        true => Ok(()),
        false => Err(TransformError::new(problems)),
    }
}

/// The variables of a map whose paths have been checked; of a name that stands twice the last counts.
pub(super) fn variables(paths: &[(&str, &str)]) -> Vec<(Box<str>, InputPath)> {
    let mut variables: Vec<(Box<str>, InputPath)> = Vec::new();
    for (name, path) in paths {
        let Ok(path) = InputPath::parse(path) else { continue };
        match variables.iter_mut().find(|(known, _)| **known == **name) {
            Some(variable) => variable.1 = path,
            None => variables.push(((*name).into(), path)),
        }
    }
    variables
}

fn one_mode(definition: &Definition<'_>, problems: &mut Problems<'_>) {
    let modes: Vec<InputMode> = definition.inputs.iter().map(WrittenInput::mode).collect();
    if let [_, second, ..] = modes[..] {
        let message = format!(
            "Only one of Input, InputPath, or InputTransformer must be provided for target {}.",
            problems.target_id()
        );
        problems.add(Kind::SeveralModes { modes }, Part::Mode(second), 0..0, message);
    }
}

fn constant(text: &str, problems: &mut Problems<'_>) {
    let part = Part::Mode(InputMode::Input);
    length(text, TEXT_CHARS_MAX, &part, "input", problems);
    // An empty one is accepted. Recorded: then nothing arrives anywhere.
    if text.is_empty() {
        return;
    }
    let fault = match tree::check(text.as_bytes()) {
        Err(error) => Some((error.at, error.problem)),
        Ok(span) => {
            let behind = text[span.end..].trim_start_matches([' ', '\n', '\r', '\t']);
            (!behind.is_empty()).then(|| {
                let expected = Expected::End;
                (text.len() - behind.len(), SyntaxProblem::Unexpected { expected })
            })
        }
    };
    if let Some((at, problem)) = fault {
        let message = format!(
            "JSON syntax error in input for target {}: {}",
            problems.target_id(),
            source_and_place(text, at)
        );
        problems.add(Kind::InputNotJson(problem), part, token(text, at), message);
    }
}

/// The way in which AWS's parser (Jackson) names a place. Only faults at the very beginning are recorded; the
/// place of others is where we see them.
fn source_and_place(text: &str, at: usize) -> String {
    let Place { line, column } = Place::of(text.as_bytes(), at);
    format!("[Source: (String)\"{text}\"; line: {line}, column: {column}]")
}

fn input_path(path: &str, problems: &mut Problems<'_>) {
    let part = Part::Mode(InputMode::InputPath);
    length(path, PATH_CHARS_MAX, &part, "inputPath", problems);
    if !path.is_empty() {
        valid_path(path, part, problems);
    }
}

fn valid_path(path: &str, part: Part, problems: &mut Problems<'_>) {
    if let Err(error) = InputPath::parse(path)
        && problems.is_listed()
    {
        // Recorded: the same words for `InputPath` and for the paths of a map.
        let message = format!("InputPath for target {} is invalid.", problems.target_id());
        let end = path[error.at..].chars().next().map_or(error.at, |c| error.at + c.len_utf8());
        problems.add(Kind::BadPath(error.problem), part, error.at..end, message);
    }
}

fn transformer(paths: &[(&str, &str)], template: Option<&str>, problems: &mut Problems<'_>) {
    map(paths, problems);
    let by_sdk = |message: Option<&str>| Refusal {
        code: RefusalCode::ParamValidation,
        message: message.map(str::to_owned),
    };
    match template {
        None => {
            let part = Part::Mode(InputMode::InputTransformer);
            problems.refused(Kind::NoTemplate, part, 0..0, by_sdk(None));
        }
        // In the words of the record.
        Some("") => {
            let refusal = by_sdk(Some("client-side length check (min 1)"));
            problems.refused(Kind::EmptyTemplate, Part::Template, 0..0, refusal);
        }
        Some(text) => template_text(text, paths, problems),
    }
}

fn map(paths: &[(&str, &str)], problems: &mut Problems<'_>) {
    const MAP: &str = "inputTransformer.inputPathsMap";
    let printed = || {
        let entries: Vec<String> = paths.iter().map(|(name, path)| format!("{name}={path}")).collect();
        format!("{{{}}}", entries.join(", "))
    };
    if paths.len() > VARIABLES_MAX {
        let kind = Kind::TooManyVariables { variables: paths.len(), variables_max: VARIABLES_MAX };
        let constraint = format!("Member must have length less than or equal to {VARIABLES_MAX}");
        problems.add(
            kind,
            Part::Mode(InputMode::InputTransformer),
            0..0,
            unsatisfied(&printed(), MAP, &constraint),
        );
    }
    for (index, (name, path)) in paths.iter().enumerate() {
        if !is_variable_name(name) && problems.is_listed() {
            const CONSTRAINT: &str = "Map keys must satisfy constraint: [Member must have length less than or \
                equal to 256, Member must have length greater than or equal to 1, Member must satisfy regular \
                expression pattern: [A-Za-z0-9\\_\\-]+]";
            let kind = Kind::BadVariableName { name: (*name).to_owned() };
            let message = unsatisfied(&printed(), MAP, CONSTRAINT);
            problems.add(kind, Part::VariableName(index), 0..name.len(), message);
        }
        let chars = path.chars().count();
        if chars > PATH_CHARS_MAX && problems.is_listed() {
            let kind = Kind::TooLong { chars, chars_max: PATH_CHARS_MAX };
            problems.add(kind, Part::VariablePath(index), 0..path.len(), None);
        }
        valid_path(path, Part::VariablePath(index), problems);
    }
}

fn length(text: &str, chars_max: usize, part: &Part, member: &str, problems: &mut Problems<'_>) {
    let chars = text.chars().count();
    if chars > chars_max {
        let constraint = format!("Member must have length less than or equal to {chars_max}");
        let message = unsatisfied(text, member, &constraint);
        problems.add(Kind::TooLong { chars, chars_max }, part.clone(), 0..text.len(), message);
    }
}

/// The generic message for a request of the wrong shape. Recorded for map keys; others follow its form.
fn unsatisfied(value: &str, member: &str, constraint: &str) -> String {
    format!(
        "1 validation error detected: Value '{value}' at 'targets.1.member.{member}' failed to satisfy constraint: \
         {constraint}"
    )
}

fn template_text(template: &str, paths: &[(&str, &str)], problems: &mut Problems<'_>) {
    length(template, TEXT_CHARS_MAX, &Part::Template, "inputTransformer.inputTemplate", problems);
    let kind = TemplateKind::of(template);
    let known: HashSet<&str> = paths.iter().map(|(name, _)| *name).collect();
    for piece in pieces(template) {
        if let WrittenPiece::Placeholder { name, span, position } = piece {
            match Reserved::named(name) {
                Some(reserved) if reserved.is_object() => {
                    // Inside quotes of a JSON template it is documented as not allowed; the outcome is not recorded.
                    if kind == TemplateKind::Text || position == Position::Quoted {
                        misplaced_object(reserved, span, problems);
                    }
                }
                Some(_) => {}
                // Without a map AWS takes whatever stands in angle brackets, and leaves it as text.
                None if known.is_empty() || known.contains(name) => {}
                None => unknown_placeholder(name, span, paths, problems),
            }
        }
    }
    if kind == TemplateKind::Json {
        for (name, span) in placeholders_in_names(template) {
            if !problems.is_listed() {
                continue;
            }
            let message = format!(
                "InputTemplate placeholder present as a JSON object key for target {}.",
                problems.target_id()
            );
            problems.add(Kind::PlaceholderInKey { name: name.to_owned() }, Part::Template, span, message);
        }
    }
    if let Some((substituted, at, fault)) = refused_text(template) {
        let message = format!(
            "Invalid InputTemplate for target {} : {}.",
            problems.target_id(),
            source_and_place(&substituted, at)
        );
        let at = place_in_template(template, at);
        problems.add(Kind::TemplateNotJson(fault), Part::Template, token(template, at), message);
    }
}

fn misplaced_object(reserved: Reserved, span: Range<usize>, problems: &mut Problems<'_>) {
    if !problems.is_listed() {
        return;
    }
    let message = format!(
        "InputTemplate for target {} contains placeholder {reserved} valid only for JSON template.",
        problems.target_id()
    );
    problems.add(Kind::OnlyInJsonTemplate { name: reserved.as_str() }, Part::Template, span, message);
}

fn unknown_placeholder(name: &str, span: Range<usize>, paths: &[(&str, &str)], problems: &mut Problems<'_>) {
    if !problems.is_listed() {
        return;
    }
    let message =
        format!("InputTemplate for target {} contains invalid placeholder {name}.", problems.target_id());
    let nearest = nearest_variable(name, paths);
    problems.add(Kind::UnknownPlaceholder { name: name.to_owned(), nearest }, Part::Template, span, message);
}

/// The byte of `template` from which byte `at` of the text with `null` for each placeholder comes.
fn place_in_template(template: &str, at: usize) -> usize {
    const NULL_LEN: usize = "null".len();
    let mut shift = 0_isize;
    for piece in placeholders_anywhere(template) {
        let substituted_start = piece.start.saturating_add_signed(-shift);
        if at < substituted_start {
            break;
        }
        if at < substituted_start + NULL_LEN {
            return piece.start;
        }
        shift += piece.len() as isize - NULL_LEN as isize;
    }
    at.saturating_add_signed(shift).min(template.len())
}

/// The bytes of the word that begins at `at`, or of one character.
fn token(text: &str, at: usize) -> Range<usize> {
    let rest = text.get(at..).unwrap_or_default();
    let word = rest.find(|c: char| !c.is_alphanumeric()).unwrap_or(rest.len());
    let len = if word == 0 { rest.chars().next().map_or(0, char::len_utf8) } else { word };
    at..at + len
}

/// Rules of single kinds of targets. Their messages are not recorded.
fn kind_of_target(definition: &Definition<'_>, problems: &mut Problems<'_>) {
    let refused: &[InputMode] = match definition.kind {
        TargetKind::EventBus => &[InputMode::Input, InputMode::InputPath, InputMode::InputTransformer],
        TargetKind::LogGroup => &[InputMode::Input, InputMode::InputPath],
        TargetKind::EcsTask => &[InputMode::InputPath],
        _ => &[],
    };
    let what = match definition.kind {
        TargetKind::EventBus => "an event bus",
        TargetKind::LogGroup => "a log group",
        _ => "an ECS task",
    };
    for mode in definition.inputs.iter().map(WrittenInput::mode).filter(|mode| refused.contains(mode)) {
        problems.add(Kind::ModeRefused { what, mode }, Part::Mode(mode), 0..0, None);
    }
    let settings = [
        (TargetKind::LogGroup, definition.role, "RoleArn"),
        (TargetKind::EventBus, definition.retry_policy, "RetryPolicy"),
    ];
    for (kind, setting, name) in settings {
        if definition.kind == kind && setting == Setting::Given {
            problems.add(Kind::SettingRefused { what, setting: name }, Part::Target, 0..0, None);
        }
    }
    if definition.kind == TargetKind::FifoQueue && definition.message_group_id == Setting::Absent {
        problems.add(Kind::NoMessageGroup, Part::Target, 0..0, None);
    }
    for input in &definition.inputs {
        if let (TargetKind::LogGroup, WrittenInput::Transformer { template: Some(template), .. }) =
            (definition.kind, input)
        {
            log_event(template, problems);
        }
    }
}

/// A log group takes `{"timestamp": ..., "message": ...}` and nothing else.
fn log_event(template: &str, problems: &mut Problems<'_>) {
    let substituted = with_nulls(template);
    // Templates that are not JSON have been complained of already.
    let Ok(node) = tree::parse(substituted.as_bytes()) else { return };
    let found = match &node.value {
        Value::Object(members) => {
            let mut names: Vec<String> = members.iter().map(|member| format!("`{}`", member.name)).collect();
            names.sort();
            if names == ["`message`", "`timestamp`"] {
                return;
            }
            if names.is_empty() { "an empty object".to_owned() } else { names.join(", ") }
        }
        other => other.kind().to_owned(),
    };
    problems.add(Kind::NotALogEvent { found }, Part::Template, 0..template.len(), None);
}
