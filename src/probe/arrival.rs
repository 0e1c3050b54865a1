//! What a message says.

use serde::Deserialize;

use crate::json::tree;
use crate::probe::mirrored_bus::{MirroredBus, RuleOnBus};
use crate::probe::token::{RunMark, Sending, Token};
use crate::probe::{Destination, Foreseen, Message, MessageId, MirrorIndex, PairIndex, Subject};
use crate::verdict::{EventError, JudgeScratch};

/// A message of the run, read.
#[derive(Debug, Clone)]
pub(super) struct Arrival {
    /// The message.
    pub message: MessageId,
    /// The event that its trace header names.
    pub sending: Option<Sending>,
    /// What it says.
    pub news: News,
    /// Its body.
    pub body: String,
}

/// What a message says.
#[derive(Debug, Clone)]
pub(super) enum News {
    /// An event is on the bus, as the body has it.
    Seen(Sighting),
    /// A mirror matched an event.
    Receipt {
        /// The mirror.
        mirror: MirrorIndex,
        /// The event's id on the bus.
        event_id: Option<String>,
    },
    /// A target got the body, or would have got it.
    Body {
        /// The targets of which it can be; never empty.
        candidates: Vec<PairIndex>,
        /// Why it is in the dead-letter queue, if it is.
        failure: Option<Failure>,
    },
}

/// An event as it is on the bus.
#[derive(Debug, Clone)]
pub(super) struct Sighting {
    /// Its id.
    pub event_id: Option<String>,
    /// What should become of it.
    pub foreseen: Result<Foreseen, EventError>,
}

/// What a dead-letter queue says of a message.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Failure {
    /// `ERROR_CODE`.
    pub code: String,
    /// `ERROR_MESSAGE`.
    pub message: String,
    /// `EXHAUSTED_RETRY_CONDITION` and `RETRY_ATTEMPTS`, where it was tried again.
    pub retries: Option<String>,
}

/// What a message is to a run.
#[derive(Debug, Clone)]
pub(super) enum Read {
    /// It is about one of its events, as far as can be told.
    Arrival(Arrival),
    /// It is of another run, or was put into the queue by somebody else.
    Foreign,
}

/// The receipt's body; see [`super::layout`].
#[derive(Deserialize)]
struct ReceiptBody {
    mirror: u16,
    event: String,
}

/// Reads a message of `from`.
pub(super) fn read(
    message: &Message,
    from: Destination,
    mirrored: &MirroredBus,
    mark: RunMark,
    scratch: &mut JudgeScratch,
) -> Read {
    let sending = match message.trace_header.as_deref().map(|header| mark.read(header)) {
        Some(Token::Ours(sending)) => Some(sending),
        Some(Token::Foreign) => return Read::Foreign,
        None => None,
    };
    let news = match from {
        Destination::Seen => Some(sighting(message, mirrored, scratch)),
        Destination::Receipts => receipt(message, mirrored),
        Destination::Deliveries(queue) => {
            let candidates = mirrored.candidates(queue, message.group.as_deref());
            (!candidates.is_empty()).then_some(News::Body { candidates, failure: None })
        }
        Destination::DeadLetters => dead_letter(message, mirrored, scratch),
    };
    let Some(news) = news else { return Read::Foreign };
    let (id, body) = (message.id.clone(), message.body.clone());
    Read::Arrival(Arrival { message: id, sending, news, body })
}

fn sighting(message: &Message, mirrored: &MirroredBus, scratch: &mut JudgeScratch) -> News {
    let event = message.body.as_bytes();
    News::Seen(Sighting {
        event_id: event_id_of(event),
        foreseen: mirrored.foresight().foresee(event, scratch),
    })
}

/// The `id` of an event.
pub(super) fn event_id_of(event: &[u8]) -> Option<String> {
    tree::parse(event).ok().and_then(|node| node.get("id")?.as_str().map(str::to_owned))
}

fn receipt(message: &Message, mirrored: &MirroredBus) -> Option<News> {
    let body: ReceiptBody = serde_json::from_str(&message.body).ok()?;
    let known = usize::from(body.mirror) < mirrored.layout().mirrors().len();
    known.then_some(News::Receipt { mirror: MirrorIndex(body.mirror), event_id: Some(body.event) })
}

fn dead_letter(message: &Message, mirrored: &MirroredBus, scratch: &mut JudgeScratch) -> Option<News> {
    let attribute = |name: &str| message.attributes.get(name).map(String::as_str);
    let mirror = match mirrored.rule_of_arn(attribute("RULE_ARN")?)? {
        // The body of a dead letter is what would have been delivered: the event.
        RuleOnBus::CatchAll => return Some(sighting(message, mirrored, scratch)),
        RuleOnBus::Mirror(mirror) => mirror,
    };
    match mirrored.target_of(mirror, attribute("TARGET_ARN")?)? {
        Subject::Receipt => receipt(message, mirrored).or(Some(News::Receipt { mirror, event_id: None })),
        Subject::Target { pair, .. } => {
            let retries = attribute("EXHAUSTED_RETRY_CONDITION").map(|condition| {
                format!("{condition}, {} retries", attribute("RETRY_ATTEMPTS").unwrap_or("some"))
            });
            let failure = Failure {
                code: attribute("ERROR_CODE").unwrap_or("UNKNOWN").to_owned(),
                message: attribute("ERROR_MESSAGE").unwrap_or_default().to_owned(),
                retries,
            };
            Some(News::Body { candidates: vec![pair], failure: Some(failure) })
        }
    }
}
