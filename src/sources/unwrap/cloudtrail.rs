//! CloudTrail records as the events that a rule sees. Source: user guide, "AWS service events delivered via
//! AWS CloudTrail"; reference, section 5. What the service leaves out of large records is not imitated.

use crate::json::text::write_json_string;

use super::super::SourceProblem;
use super::classify::Fields;
use super::envelope::{ACCOUNT_DEFAULT, Envelope, REGION_DEFAULT, TIME_DEFAULT, quoted};

/// The event of a record. The record stays in `detail` as it is spelled.
pub(super) fn envelope(record: &[u8], fields: &Fields<'_>, salt: [u64; 2]) -> Result<Vec<u8>, SourceProblem> {
    let string = |name| fields.get(name).filter(|value| value.starts_with(b"\"") && value.len() > 2);
    let identity = fields.get("userIdentity").map(Fields::of);
    let owner = identity.as_ref().and_then(|identity| identity.get("accountId"));
    let [account, time, region] = [ACCOUNT_DEFAULT, TIME_DEFAULT, REGION_DEFAULT].map(quoted);
    let envelope = Envelope {
        detail_type: &quoted(detail_type(fields)?),
        source: &source(&fields.string("eventSource").unwrap_or_default()),
        account: string("recipientAccountId").or(owner).unwrap_or(&account),
        time: string("eventTime").unwrap_or(&time),
        region: string("awsRegion").unwrap_or(&region),
        resources: b"[]",
        detail: record,
    };
    Ok(envelope.event(salt))
}

fn detail_type(fields: &Fields<'_>) -> Result<&'static str, SourceProblem> {
    if fields.get("eventCategory") == Some(b"\"Insight\"") {
        return Ok("AWS Insight via CloudTrail");
    }
    // Records before version 1.02 have no type; all were API calls.
    let Some(record_type) = fields.string("eventType") else { return Ok("AWS API Call via CloudTrail") };
    Ok(match record_type.as_str() {
        "AwsApiCall" => "AWS API Call via CloudTrail",
        // The user guide now spells it `Signin`; events that people recorded say `Sign In`.
        "AwsConsoleSignIn" => "AWS Console Sign In via CloudTrail",
        "AwsServiceEvent" => "AWS Service Event via CloudTrail",
        "AwsConsoleAction" => "AWS Console Action via CloudTrail",
        "AwsCloudTrailInsight" => "AWS Insight via CloudTrail",
        "AwsVpceEvent" => "AWS Network Activity Event via CloudTrail",
        _ => return Err(SourceProblem::UnknownRecordType(record_type.into())),
    })
}

/// The event's source as a JSON string: `aws.` and the service's host up to the first dot. No page of the
/// events reference that was looked at names a service that differs, so there is no table of exceptions.
fn source(event_source: &str) -> Vec<u8> {
    let host = event_source.split('.').next().unwrap_or_default();
    let mut spelled = Vec::new();
    write_json_string(format!("aws.{host}").as_bytes(), &mut spelled);
    spelled
}
