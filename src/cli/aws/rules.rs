//! The rules of a bus.

use std::path::Path;

use super::args::AwsArgs;
use super::connect::connect;
use crate::calls::{CallError, CallErrorKind, Effect};
use crate::rules::{BusName, PlainForm, load_text, plain_form};

/// The rules of a bus as a plain file of ours, in one form however AWS orders and spells them.
pub(in crate::cli) async fn plain_rules_of(args: &AwsArgs, bus: &BusName) -> Result<PlainForm, CallError> {
    let aws = connect(args).await?;
    let listed = aws.live_rules(fastrand::u64(..)).read(bus).await?;
    let none = listed.as_array().is_none_or(Vec::is_empty);
    let source = format!("live://{}/{bus}", aws.region());
    let loaded = load_text(Path::new(&source), listed.to_string());
    // What AWS took we can read; a stand-in for AWS may have taken more.
    match loaded.problems.first().filter(|_| !none) {
        Some(problem) => Err(CallError {
            service: "EventBridge",
            operation: "ListRules",
            code: "UnreadableRule".to_owned(),
            message: format!("{}: {}", problem.rule.as_deref().unwrap_or(&source), problem.kind),
            kind: CallErrorKind::Invalid,
            effect: Effect::None,
        }),
        None => Ok(plain_form(&loaded.rules)),
    }
}
