//! Fills templates.
//!
//! A body is checked only where something that was inserted can have broken it: a JSON template stays JSON
//! unless an object or array stands in quotes, and quoted text unless a value brings quotes, backslashes or
//! control characters.

use super::body::{check_body, is_blank};
use super::log_event::check_log_event;
use super::outcome::{DeliveryFailure, Rendered};
use super::path::Step;
use super::pieces::Position;
use super::select::{Selected, Selections, Selector, decoded_name};
use super::template::{HEADER_FIELDS, InputTransformer, Piece, Shape, Soundness, TemplateKind, Variable};
use super::variable::{Context, Reserved};
use crate::event::{EventText, milliseconds_since_1970};
use crate::json::compact::Compactor;
use crate::json::cursor::{Cursor, ValueStart};
use crate::json::text::{write_json_string, write_json_string_content};

/// What one thread needs to render bodies; its memory is reused from one to the next.
#[derive(Debug, Default)]
pub struct RenderScratch {
    pub(super) selections: Selections,
    pub(super) inserter: Inserter,
}

/// Where the values of variables come from.
pub(super) trait Values {
    /// The value of a variable other than `aws.events.event`.
    fn value(&self, variable: Variable) -> Inserted<'_>;

    /// The field of `aws.events.event` that has this place in [`HEADER_FIELDS`].
    fn header_field(&self, place: usize) -> Selected<'_>;
}

/// A value to insert.
#[derive(Debug, Clone, Copy)]
pub(super) enum Inserted<'v> {
    /// What a path selects.
    Selected(Selected<'v>),
    /// A text that is not part of the event.
    Text(&'v str),
}

/// The values of one event.
struct EventValues<'v> {
    transformer: &'v InputTransformer,
    selections: &'v Selections,
    event: &'v [u8],
    context: &'v Context<'v>,
}

impl Values for EventValues<'_> {
    fn value(&self, variable: Variable) -> Inserted<'_> {
        match variable {
            Variable::Path(index) => {
                Inserted::Selected(self.of(self.transformer.selectors.get(index as usize)))
            }
            Variable::Reserved(Reserved::RuleArn) => Inserted::Text(self.context.rule_arn),
            Variable::Reserved(Reserved::RuleName) => Inserted::Text(self.context.rule_name),
            Variable::Reserved(Reserved::IngestionTime) => Inserted::Text(self.context.ingestion_time),
            Variable::Reserved(Reserved::Event | Reserved::EventJson) => {
                Inserted::Selected(Selected::Value(self.event))
            }
        }
    }

    fn header_field(&self, place: usize) -> Selected<'_> {
        self.of(self.transformer.header.get(place))
    }
}

impl<'v> EventValues<'v> {
    fn of(&self, selector: Option<&'v Selector>) -> Selected<'v> {
        selector.map_or(Selected::Missing, |selector| self.selections.selected(selector, self.event))
    }
}

impl InputTransformer {
    pub(super) fn render(
        &self,
        event: EventText<'_>,
        context: &Context<'_>,
        scratch: &mut RenderScratch,
        body: &mut Vec<u8>,
    ) -> Rendered {
        let RenderScratch { selections, inserter } = scratch;
        selections.walk(&self.trie, event.as_bytes());
        self.fill(
            &EventValues { transformer: self, selections, event: event.as_bytes(), context },
            inserter,
            body,
        )
    }

    /// Fills the template with `values`; appends to `body`.
    pub(super) fn fill(&self, values: &impl Values, inserter: &mut Inserter, body: &mut Vec<u8>) -> Rendered {
        let body_start = body.len();
        let mut doubt = match self.soundness {
            Soundness::Sound => Doubt::None,
            Soundness::Broken => Doubt::Some,
        };
        for piece in &self.pieces {
            match piece {
                Piece::Text(text) => body.extend_from_slice(text.as_bytes()),
                // Where it is anything but a value of a JSON template, templates do not compile.
                Piece::Variable { variable: Variable::Reserved(Reserved::Event), .. } => {
                    inserter.header(values, body);
                }
                Piece::Variable { variable, position } => {
                    let value = values.value(*variable);
                    doubt = doubt.max(inserter.insert(self.kind, *position, value, body));
                }
            }
        }
        let body = &body[body_start..];
        match doubt {
            Doubt::Some if is_blank(body) => Rendered::Failed(DeliveryFailure::Empty),
            Doubt::Some if check_body(body).is_err() => Rendered::Failed(DeliveryFailure::InvalidJson),
            _ if self.shape == Shape::LogEvent => {
                let Inserter { compactor, name } = inserter;
                match check_log_event(body, name, compactor) {
                    Ok(()) => Rendered::Valid,
                    Err(fault) => Rendered::Failed(DeliveryFailure::NoLogEvent(fault)),
                }
            }
            _ => Rendered::Valid,
        }
    }
}

/// Whether an insertion may have broken the body.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Doubt {
    None,
    Some,
}

impl Doubt {
    fn if_any(found: bool) -> Doubt {
        if found { Doubt::Some } else { Doubt::None }
    }
}

/// Writes values into bodies.
#[derive(Debug, Default)]
pub(super) struct Inserter {
    compactor: Compactor,
    name: Vec<u8>,
}

impl Inserter {
    fn insert(
        &mut self,
        kind: TemplateKind,
        position: Position,
        value: Inserted<'_>,
        out: &mut Vec<u8>,
    ) -> Doubt {
        match (kind, value) {
            (TemplateKind::Json, Inserted::Selected(selected)) => self.json(position, selected, out),
            (TemplateKind::Json, Inserted::Text(text)) => {
                match position {
                    Position::Bare => write_json_string(text.as_bytes(), out),
                    Position::Quoted => write_json_string_content(text.as_bytes(), out),
                }
                Doubt::None
            }
            (TemplateKind::Text, Inserted::Selected(selected)) => self.text(position, selected, out),
            (TemplateKind::Text, Inserted::Text(text)) => {
                out.extend_from_slice(text.as_bytes());
                doubt_of_text(position, text.as_bytes())
            }
        }
    }

    fn json(&mut self, position: Position, selected: Selected<'_>, out: &mut Vec<u8>) -> Doubt {
        match (position, selected) {
            (Position::Bare, Selected::Missing) => out.extend_from_slice(b"\"\""),
            (Position::Quoted, Selected::Missing) => {}
            (Position::Quoted, Selected::Value([b'"', ..])) => self.string_content(selected, out),
            (_, selected) => self.compact(selected, out),
        }
        let is_container = match selected {
            Selected::Missing => false,
            Selected::Value(value) => matches!(value.first(), Some(b'{' | b'[')),
            Selected::Several { .. } => true,
        };
        Doubt::if_any(is_container && position == Position::Quoted)
    }

    fn string_content(&mut self, selected: Selected<'_>, out: &mut Vec<u8>) {
        if let Selected::Value(string) = selected {
            self.compactor.write_string_content(Cursor::new(string).string(), out);
        }
    }

    fn text(&mut self, position: Position, selected: Selected<'_>, out: &mut Vec<u8>) -> Doubt {
        let start = out.len();
        match selected {
            Selected::Missing => {}
            Selected::Value(string @ [b'"', ..]) => {
                // Java writes `?` for half of a pair of surrogates; the sources say nothing of it.
                self.compactor.write_text(Cursor::new(string).string(), out);
            }
            selected => {
                self.compact(selected, out);
                remove_quotes(out, start);
            }
        }
        doubt_of_text(position, &out[start..])
    }

    /// Appends what a path selects as compact JSON; nothing if that is nothing.
    pub(super) fn compact(&mut self, selected: Selected<'_>, out: &mut Vec<u8>) {
        match selected {
            Selected::Missing => {}
            Selected::Value(value) => self.compactor.write_value(value, out),
            Selected::Several { array, rest } => {
                self.several(Cursor::new(array), rest, out);
            }
        }
    }

    /// Appends what `steps` select in the value at `cursor`. Elements in which they select nothing are left out.
    fn several(&mut self, mut cursor: Cursor<'_>, steps: &[Step], out: &mut Vec<u8>) -> Found {
        let Some((step, rest)) = steps.split_first() else {
            self.compactor.write_value(cursor.value(), out);
            return Found::Yes;
        };
        match (step, cursor.start()) {
            (Step::Member(name), ValueStart::Object) => match self.last_member(cursor, name.as_bytes()) {
                Some(value) => self.several(value, rest, out),
                None => Found::No,
            },
            (Step::Element(index), ValueStart::Array) => match element(cursor, *index) {
                Some(value) => self.several(value, rest, out),
                None => Found::No,
            },
            (Step::AllElements, ValueStart::Array) => {
                self.all_elements(cursor, rest, out);
                Found::Yes
            }
            _ => Found::No,
        }
    }

    fn all_elements(&mut self, mut cursor: Cursor<'_>, rest: &[Step], out: &mut Vec<u8>) {
        out.push(b'[');
        let first = out.len();
        cursor.enter();
        while cursor.next_element() {
            let before = out.len();
            if before > first {
                out.push(b',');
            }
            if self.several(cursor, rest, out) == Found::No {
                out.truncate(before);
            }
            cursor.value();
        }
        out.push(b']');
    }

    /// The value of the last member called `name` of the object at `cursor`.
    fn last_member<'e>(&mut self, mut cursor: Cursor<'e>, name: &[u8]) -> Option<Cursor<'e>> {
        let mut found = None;
        cursor.enter();
        while let Some(raw_name) = cursor.next_member() {
            if decoded_name(raw_name, &mut self.name) == name {
                found = Some(cursor);
            }
            cursor.value();
        }
        found
    }

    fn header(&mut self, values: &impl Values, out: &mut Vec<u8>) {
        let start = out.len();
        out.push(b'{');
        for (place, field) in HEADER_FIELDS.iter().enumerate() {
            let Selected::Value(value) = values.header_field(place) else { continue };
            if out.len() > start + 1 {
                out.push(b',');
            }
            write_json_string(field.name.as_bytes(), out);
            out.push(b':');
            match field.is_time().then(|| self.milliseconds(value)).flatten() {
                Some(milliseconds) => write_number(milliseconds, out),
                None => self.compactor.write_value(value, out),
            }
        }
        out.push(b'}');
    }

    /// The time that a JSON string spells, if it does. Every delivered event has one; others keep what they have.
    fn milliseconds(&mut self, value: &[u8]) -> Option<i64> {
        let string = value.first() == Some(&b'"');
        let text = self.compactor.decode(Cursor::new(value).string());
        std::str::from_utf8(text).ok().filter(|_| string).and_then(milliseconds_since_1970)
    }
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Found {
    Yes,
    No,
}

fn element(mut cursor: Cursor<'_>, index: u32) -> Option<Cursor<'_>> {
    cursor.enter();
    for _ in 0..index {
        if !cursor.next_element() {
            return None;
        }
        cursor.value();
    }
    cursor.next_element().then_some(cursor)
}

/// Text in quotes stays a string unless it brings a quote, a backslash or a control character; bare text hardly
/// ever is JSON.
fn doubt_of_text(position: Position, text: &[u8]) -> Doubt {
    let breaks = |byte: &u8| matches!(byte, b'"' | b'\\' | 0..0x20);
    Doubt::if_any(position == Position::Bare || text.iter().any(breaks))
}

/// Removes the double quotes behind `start`, those inside strings too.
fn remove_quotes(out: &mut Vec<u8>, start: usize) {
    let mut kept = start;
    for at in start..out.len() {
        if out[at] != b'"' {
            out[kept] = out[at];
            kept += 1;
        }
    }
    out.truncate(kept);
}

fn write_number(number: i64, out: &mut Vec<u8>) {
    if number < 0 {
        out.push(b'-');
    }
    let start = out.len();
    let mut rest = number.unsigned_abs();
    loop {
        out.push(b'0' + (rest % 10) as u8);
        rest /= 10;
        if rest == 0 {
            break;
        }
    }
    out[start..].reverse();
}
