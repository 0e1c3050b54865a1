//! Tells by its members what a document is. Shapes: reference, section 5 and the files beside it.

use crate::json::tree;

use super::super::members::{ListName, Member, members};

/// The members of an object, by name. The last of two equal names wins, as in AWS's parsers.
pub(super) struct Fields<'a>(Vec<Member<'a>>);

impl<'a> Fields<'a> {
    pub(super) fn of(document: &'a [u8]) -> Fields<'a> {
        Fields(members(document))
    }

    pub(super) fn get(&self, name: &str) -> Option<&'a [u8]> {
        self.0.iter().rev().find(|member| member.name == name.as_bytes()).map(|member| member.value)
    }

    fn has(&self, name: &str) -> bool {
        self.get(name).is_some()
    }

    fn has_any(&self, names: &[&str]) -> bool {
        names.iter().any(|name| self.has(name))
    }

    /// The member, if its value is spelled as a string.
    fn quoted(&self, name: &str) -> Option<&'a [u8]> {
        self.get(name).filter(|value| value.starts_with(b"\""))
    }

    /// The member, if its value is a string; decoded.
    pub(super) fn string(&self, name: &str) -> Option<String> {
        self.quoted(name).and_then(string)
    }

    fn object(&self, name: &str) -> Option<Fields<'a>> {
        self.get(name).filter(|value| value.starts_with(b"{")).map(Fields::of)
    }

    fn list(&self) -> Option<(ListName, &'a [u8])> {
        self.0.iter().find_map(|member| {
            let list = ListName::of(member.name)?;
            member.value.starts_with(b"[").then_some((list, member.value))
        })
    }
}

fn string(value: &[u8]) -> Option<String> {
    tree::parse(value).ok().and_then(|node| node.as_str().map(str::to_owned))
}

/// Whether an object with these members is a Logs subscription's check of its destination.
pub(in super::super) fn is_control_message(document: &[u8]) -> bool {
    Fields::of(document).get("messageType") == Some(b"\"CONTROL_MESSAGE\"")
}

/// What a document is, with what holds the event.
pub(super) enum Shape<'a> {
    /// An event, or nothing that is known.
    Unwrapped,
    List(ListName, &'a [u8]),
    /// A string that holds the event.
    Text(&'static str, &'a [u8]),
    /// A string that holds the event in base64, perhaps compressed.
    Base64(&'static str, &'a [u8]),
    /// A V2 envelope: the event is a member.
    Data(&'a [u8]),
    Entry,
    CloudTrailRecord,
    Digest,
    SubscriptionMessage,
    HistoryEntry,
}

impl<'a> Shape<'a> {
    pub(super) fn of(fields: &Fields<'a>) -> Shape<'a> {
        if fields.has("detail-type") {
            return Shape::Unwrapped;
        }
        if let Some((list, elements)) = fields.list() {
            return Shape::List(list, elements);
        }
        if fields.has_any(&["digestS3Object", "digestS3Bucket"]) {
            return Shape::Digest;
        }
        if is_cloudtrail_record(fields) {
            return Shape::CloudTrailRecord;
        }
        if let Some(data) = fields.get("Data").filter(|_| fields.has("SystemMetadata")) {
            return Shape::Data(data);
        }
        if fields.has("Detail") && fields.has_any(&["DetailType", "Source"]) {
            return Shape::Entry;
        }
        notification(fields)
            .or_else(|| queue_message(fields))
            .or_else(|| stream_record(fields))
            .or_else(|| execution(fields))
            .unwrap_or(Shape::Unwrapped)
    }

    /// What an element of `list` is.
    pub(super) fn of_element(fields: &Fields<'a>, list: ListName) -> Shape<'a> {
        match list {
            ListName::Events | ListName::LogEvents => log_event(fields),
            ListName::Messages => fields.get("Body").map(|body| Shape::Text("Body", body)),
            ListName::Entries => Some(Shape::Entry),
            ListName::Records => None,
        }
        .unwrap_or_else(|| Shape::of(fields))
    }
}

/// S3 and SQS put `eventVersion` and `eventSource` into their records too, with sources like `aws:s3`.
fn is_cloudtrail_record(fields: &Fields<'_>) -> bool {
    fields.has("eventVersion")
        && fields.has_any(&["eventName", "eventCategory"])
        && fields.quoted("eventSource").is_some_and(|source| !source.starts_with(b"\"aws:"))
}

fn notification<'a>(fields: &Fields<'a>) -> Option<Shape<'a>> {
    let (kind, message) = (fields.string("Type")?, fields.get("Message")?);
    fields.get("TopicArn")?;
    Some(if kind == "Notification" { Shape::Text("Message", message) } else { Shape::SubscriptionMessage })
}

fn queue_message<'a>(fields: &Fields<'a>) -> Option<Shape<'a>> {
    if fields.has_any(&["MessageId", "ReceiptHandle", "MD5OfBody"]) {
        return fields.get("Body").map(|body| Shape::Text("Body", body));
    }
    // As Lambda and Pipes hand it on.
    let body = fields.get("body").map(|body| Shape::Text("body", body));
    if fields.has_any(&["messageId", "receiptHandle"]) {
        return body;
    }
    fields.object("Sns").and_then(|envelope| notification(&envelope))
}

fn stream_record<'a>(fields: &Fields<'a>) -> Option<Shape<'a>> {
    if fields.has_any(&["SequenceNumber", "PartitionKey"]) {
        return fields.get("Data").map(|data| Shape::Base64("Data", data));
    }
    if fields.has_any(&["sequenceNumber", "partitionKey"]) {
        return fields.get("data").map(|data| Shape::Base64("data", data));
    }
    let inner = fields.object("kinesis").or_else(|| fields.object("awslogs"))?;
    inner.get("data").map(|data| Shape::Base64("data", data))
}

fn execution<'a>(fields: &Fields<'a>) -> Option<Shape<'a>> {
    let known = fields.has_any(&["executionArn", "stateMachineArn", "inputDetails"]);
    fields.get("input").filter(|_| known).map(|input| Shape::Text("input", input))
}

fn log_event<'a>(fields: &Fields<'a>) -> Option<Shape<'a>> {
    if fields.has("detail-type") {
        return Some(Shape::Unwrapped);
    }
    if let Some(message) = fields.get("message") {
        return Some(Shape::Text("message", message));
    }
    // GetExecutionHistory calls its list `events` too.
    match fields.object("executionStartedEventDetails") {
        Some(started) => started.get("input").map(|input| Shape::Text("input", input)),
        None => fields.has("previousEventId").then_some(Shape::HistoryEntry),
    }
}
