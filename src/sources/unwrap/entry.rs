//! Entries of a `PutEvents` request, as the events that the service makes of them (reference, 3.2 and 3.3).

use crate::json::tree;

use super::super::SourceProblem;
use super::classify::Fields;
use super::envelope::{ACCOUNT_DEFAULT, Envelope, REGION_DEFAULT, TIME_DEFAULT, quoted};
use super::time;

/// The event of an entry.
pub(super) fn envelope(entry: &Fields<'_>, salt: [u64; 2]) -> Result<Vec<u8>, SourceProblem> {
    let required = |field| entry.get(field).ok_or(SourceProblem::EntryFieldMissing { field });
    let source = required("Source")?;
    let detail_type = required("DetailType")?;
    let detail = detail(required("Detail")?).ok_or(SourceProblem::MalformedDetail)?;
    let time = match entry.get("Time") {
        None | Some(b"null") => TIME_DEFAULT.to_owned(),
        Some(spelled) => time::in_whole_seconds(spelled).ok_or(SourceProblem::MalformedTime)?,
    };
    let envelope = Envelope {
        detail_type,
        source,
        account: &quoted(ACCOUNT_DEFAULT),
        time: &quoted(&time),
        region: &quoted(REGION_DEFAULT),
        resources: entry.get("Resources").filter(|list| list.starts_with(b"[")).unwrap_or(b"[]"),
        detail: &detail,
    };
    Ok(envelope.event(salt))
}

/// The JSON object in `Detail`. V2 entries may hold it unquoted in what tools print.
fn detail(spelled: &[u8]) -> Option<Vec<u8>> {
    let node = tree::parse(spelled).ok()?;
    let text = match node.as_object() {
        Some(_) => spelled,
        None => node.as_str()?.trim().as_bytes(),
    };
    let object = tree::parse(text).ok()?;
    object.as_object().filter(|_| object.span == (0..text.len()))?;
    Some(text.to_vec())
}
