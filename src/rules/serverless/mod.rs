//! The Serverless Framework: rules out of the events of functions, and the template below `resources`.
//!
//! `eventBridge`, `cloudwatchEvent` and `schedule` events become rules; `sqs`, `stream` and other events with
//! `filterPatterns` become event source mappings. Names are made as the framework makes them. Its variables are
//! resolved where the file itself has the answer; all others are open and are given by what stands between the
//! braces: `--param opt:stage=prod`, `--param 'cf:shared.QueueArn=arn:...'`.
//! Source: Serverless Framework 3.40, `lib/plugins/aws/package/compile/events`, and its User Guide, variables.

mod events;
mod function;
mod functions;
mod names;
mod service;
mod variable_text;
mod variables;

pub(super) use service::{is_service, read};
