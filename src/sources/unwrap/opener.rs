//! Opens what holds events.

use base64::Engine as _;
use base64::alphabet;
use base64::engine::{DecodePaddingMode, GeneralPurpose, GeneralPurposeConfig};

use crate::json::tree;
use crate::json::{Text, Value};

use super::super::batch::Found;
use super::super::compression::{compression_of, decompress};
use super::super::members::{self, ListName, elements, first_name, is_envelope_field};
use super::super::{Origin, SkipReason, SourceProblem};
use super::classify::{Fields, Shape, is_control_message};
use super::{cloudtrail, entry};

/// Levels that are opened. Services make up to four: array of SQS messages, SNS envelope, V2 batch, event.
const LEVELS_MAX: usize = 6;

/// Elements that one document may hold, all levels together. A Logs subscription sends at most 10,000 at once;
/// the limit keeps the items of a hostile document small.
const ELEMENTS_MAX: usize = 100_000;

/// Padding is optional: the tools that people copy from often leave it out.
const BASE64: GeneralPurpose = GeneralPurpose::new(
    &alphabet::STANDARD,
    GeneralPurposeConfig::new().with_decode_padding_mode(DecodePaddingMode::Indifferent),
);

/// Where a document stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in super::super) enum Held {
    /// Alone, or in an array without a name.
    Alone,
    /// In a wrapper's list.
    In(ListName),
}

/// What became of a document.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in super::super) enum Whole {
    /// It is an event as it stands; nothing was done.
    Event,
    /// It was opened, and its items were added.
    Opened,
}

/// Opens one document of an input, and whatever comes out of it.
pub(in super::super) struct Opener<'a> {
    found: &'a mut Found,
    origin: Origin,
    /// Bytes that may still be decompressed.
    unpack_bytes_left: usize,
    level: usize,
    elements_left: usize,
    /// Events built so far, so that equal ones get different ids.
    built: u64,
}

impl<'a> Opener<'a> {
    pub(in super::super) fn new(found: &'a mut Found, origin: Origin, event_bytes_max: usize) -> Opener<'a> {
        Opener {
            found,
            origin,
            unpack_bytes_left: event_bytes_max,
            level: 0,
            elements_left: ELEMENTS_MAX,
            built: 0,
        }
    }

    /// Looks at one document, which starts with its first byte and is as whole as brackets tell.
    pub(in super::super) fn document(&mut self, document: &[u8], held: Held) -> Whole {
        match (document.first(), held) {
            (Some(b'{'), Held::Alone) if first_name(document).is_some_and(is_envelope_field) => Whole::Event,
            (Some(b'{'), _) => self.object(document, held),
            (Some(b'['), Held::Alone) => self.list(document, Held::Alone),
            (_, Held::Alone) => Whole::Event,
            (_, Held::In(list)) => self.broken(no_event_in(list)),
        }
    }

    /// Takes the text of a message, which is the event or holds it.
    fn text(&mut self, text: &[u8]) -> Whole {
        match whole_documents(text) {
            Some(documents) => documents.into_iter().for_each(|document| self.nested(document, Held::Alone)),
            None => self.found.made_event(self.origin, text),
        }
        Whole::Opened
    }

    fn nested(&mut self, document: &[u8], held: Held) {
        if self.level == LEVELS_MAX {
            self.broken(SourceProblem::WrappedTooOften { levels_max: LEVELS_MAX });
            return;
        }
        self.level += 1;
        if self.document(document, held) == Whole::Event {
            self.found.made_event(self.origin, document);
        }
        self.level -= 1;
    }

    fn object(&mut self, document: &[u8], held: Held) -> Whole {
        let fields = Fields::of(document);
        let shape = match held {
            Held::Alone => Shape::of(&fields),
            Held::In(list) => Shape::of_element(&fields, list),
        };
        match (shape, held) {
            (Shape::Unwrapped, Held::In(list)) if fields.get("detail-type").is_none() => {
                self.broken(no_event_in(list))
            }
            (Shape::Unwrapped, _) => Whole::Event,
            (Shape::List(..), _) if is_control_message(document) => self.skipped(SkipReason::ControlMessage),
            (Shape::List(list, elements), _) => self.list(elements, Held::In(list)),
            (Shape::Text(field, value), _) => self.string_field(field, value),
            (Shape::Base64(field, value), _) => self.base64_field(field, value),
            (Shape::Data(data), _) => {
                self.nested(data, Held::Alone);
                Whole::Opened
            }
            (Shape::Entry, _) => self.built(|salt| entry::envelope(&fields, salt)),
            (Shape::CloudTrailRecord, _) => self.built(|salt| cloudtrail::envelope(document, &fields, salt)),
            (Shape::Digest, _) => self.skipped(SkipReason::DigestFile),
            (Shape::SubscriptionMessage, _) => self.skipped(SkipReason::SubscriptionMessage),
            (Shape::HistoryEntry, _) => self.skipped(SkipReason::HistoryEntry),
        }
    }

    fn list(&mut self, list: &[u8], held: Held) -> Whole {
        let mut elements = elements(list).peekable();
        if elements.peek().is_none() {
            return self.skipped(SkipReason::EmptyList);
        }
        for element in elements {
            if self.elements_left == 0 {
                return self.broken(SourceProblem::TooManyElements { elements_max: ELEMENTS_MAX });
            }
            self.elements_left -= 1;
            self.nested(element, held);
        }
        Whole::Opened
    }

    fn string_field(&mut self, field: &'static str, value: &[u8]) -> Whole {
        match string(field, value) {
            Ok(text) if is_subscription_check(text.as_bytes()) => self.skipped(SkipReason::ControlMessage),
            Ok(text) => self.text(text.as_bytes()),
            Err(problem) => self.broken(problem),
        }
    }

    fn base64_field(&mut self, field: &'static str, value: &[u8]) -> Whole {
        match self.decoded(field, value) {
            Ok(text) => self.text(&text),
            Err(problem) => self.broken(problem),
        }
    }

    fn decoded(&mut self, field: &'static str, value: &[u8]) -> Result<Vec<u8>, SourceProblem> {
        let spelled = string(field, value)?;
        let bytes = BASE64.decode(spelled.as_bytes()).map_err(|_| SourceProblem::InvalidBase64 { field })?;
        if compression_of(&bytes).is_none() {
            return Ok(bytes);
        }
        let text = decompress(bytes, self.unpack_bytes_left)?;
        self.unpack_bytes_left -= text.len();
        Ok(text)
    }

    fn built(&mut self, build: impl FnOnce([u64; 2]) -> Result<Vec<u8>, SourceProblem>) -> Whole {
        let salt = [self.origin.offset_bytes, self.built];
        self.built += 1;
        match build(salt) {
            Ok(event) => self.found.made_event(self.origin, &event),
            Err(problem) => self.found.broken(self.origin, problem),
        }
        Whole::Opened
    }

    fn broken(&mut self, problem: SourceProblem) -> Whole {
        self.found.broken(self.origin, problem);
        Whole::Opened
    }

    fn skipped(&mut self, reason: SkipReason) -> Whole {
        self.found.skipped(self.origin, reason);
        Whole::Opened
    }
}

fn string(field: &'static str, value: &[u8]) -> Result<Text, SourceProblem> {
    match tree::parse(value).map(|node| node.value) {
        Ok(Value::String(text)) => Ok(text),
        _ => Err(SourceProblem::InvalidString { field }),
    }
}

/// The message of a control document, for where the document's type is not at hand.
fn is_subscription_check(message: &[u8]) -> bool {
    message.starts_with(b"CWL CONTROL MESSAGE:")
}

/// The documents of `text`, if it holds nothing but whole objects and arrays.
fn whole_documents(text: &[u8]) -> Option<Vec<&[u8]>> {
    let mut documents = Vec::new();
    let mut rest = text.trim_ascii();
    while let [b'{' | b'[', ..] = rest {
        let (document, behind) = rest.split_at(members::value_end(rest, 0)?);
        documents.push(document);
        rest = behind.trim_ascii_start();
    }
    (rest.is_empty() && !documents.is_empty()).then_some(documents)
}

fn no_event_in(list: ListName) -> SourceProblem {
    let expected = match list {
        ListName::Records => "`Data`, `body` or CloudTrail's `eventVersion` and `eventSource`",
        ListName::Events | ListName::LogEvents => "`message`",
        ListName::Messages => "`Body`",
        ListName::Entries => "`Source`, `DetailType` and `Detail`",
    };
    SourceProblem::NoEventInElement { list: list.as_str(), expected }
}
