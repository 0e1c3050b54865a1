//! Reads rules from where people keep them: CloudFormation, SAM and CDK templates, Terraform, Pulumi, the
//! Serverless Framework, output of the AWS CLI, plain files and `name TAB pattern` lines.
//!
//! Everything that people write becomes one positioned tree first (`tree`), whether it was JSON or YAML, so
//! that each kind of source is read once and every message can point to a line. Intrinsic functions are
//! resolved on that tree (`cloudformation`). What they leave open is named and never guessed: a rule whose
//! pattern holds an unresolved value is reported with the way to give it and is not run, because a verdict on
//! a guessed pattern would be worth nothing. Targets may stay partly unknown, as no verdict hangs on an ARN.
//!
//! Only the shape of rules is judged here. Whether a pattern is one that AWS accepts is the pattern module's
//! question; it finds the places of its answers through [`PatternText::place_of`].
//!
//! # What is recognised
//!
//! A file is recognised by its content, a Terraform configuration by its name. In directories (read recursively, but for names that start with a dot
//! and `node_modules`) and in globs, files without rules are passed over; a file that was named must hold some.
//!
//! | content | read as |
//! | --- | --- |
//! | an object with `Resources` of AWS types | a CloudFormation or SAM template |
//! | `format_version` with `planned_values` or `values` | `terraform show -json` of a plan or a state |
//! | a file whose name ends in `.tf` or `.tofu` | a Terraform configuration |
//! | `deployment.resources` with URNs | `pulumi stack export` |
//! | `provider` with the name `aws`, with `functions` or `resources` | a file of the Serverless Framework |
//! | an object with `EventPattern` or `ScheduleExpression` | one rule (our own file, or `describe-rule`) |
//! | a list of such objects, or `{Rules: [...]}` | rules (our own file, or `list-rules`) |
//! | `{Targets: [...]}` with `Rule: NAME`, or in `NAME.targets.json` | targets of that rule (`list-targets-by-rule`) |
//! | lines of a name, a tab and a JSON object | rules; any name will do and names may repeat |
//!
//! Filters of EventBridge Pipes and of Lambda's event source mappings stand in several of these. They are rules of
//! a kind of their own ([`SourceKind::subject`]): they are held against records, not against events of a bus.
//! In the folder of a CDK app (`cdk.out`) the templates are read and everything else is passed over.
//!
//! `git:REVISION:PATH` names a file, folder or glob of another revision; a file whose own name begins so is given
//! as `./git:...`.
//!
//! `live://REGION/BUS` names the rules of a bus as they are now, where something is handed in that reads them.
//!
//! Our own files use the property names of `AWS::Events::Rule`; their `EventPattern` is an object or JSON text.
//! Targets of a file join the rule of that name in the same directory, or else the only one of that name
//! anywhere; `EventBusName` beside `Rule` tells buses apart.
//!
//! # Giving values
//!
//! `NAME=VALUE` gives the value of a template parameter, of a pseudo parameter (`AWS::Region`), or of what
//! `Ref NAME` stands for. What else a template leaves open is given by its written name:
//! `OrdersQueue.Arn=...` for `Fn::GetAtt`, `ImportValue:shared-vpc=...`, `FindInMap:Tier.dev.name=...`,
//! `Condition:Strict=true`, `resolve:ssm:/path=...`; Terraform's by address
//! (`aws_cloudwatch_event_rule.big.event_pattern=...`), Pulumi's by type, name and property
//! (`EventRule.big.eventPattern=...`), variables of the Serverless Framework by what stands between the braces
//! (`opt:stage=prod`). Every message about an open value spells its name.

mod alike;
mod attributes;
mod cloudformation;
mod content;
mod definition;
mod files;
mod filters;
mod git;
mod hcl;
mod live;
mod load;
mod load_module;
mod name;
mod open_value;
mod open_values;
mod parameters;
mod pattern_text;
mod plain;
mod plain_form;
mod pretty;
mod problem;
mod properties;
mod pulumi;
mod recognise;
mod render;
mod resolved;
mod resources;
mod rule;
mod serverless;
mod target;
mod target_list;
mod target_properties;
mod targets_file;
mod terraform;
mod tree;
mod tsv;

pub use crate::document::SourcePlace;
pub use git::{GitProblem, revision_beside};
pub use live::{LiveBus, LiveFault, LiveProblem, LiveRules, NoLiveRules, is_live};
pub use load::{LoadedRules, files_of, load, load_text, load_with, source_text};
pub use name::{BusName, NameError, RuleName};
pub use open_values::OpenValue;
pub use parameters::{ParameterError, Parameters};
pub use pattern_text::{LocatedText, PatternText};
pub use plain_form::{LeftOut, PlainForm, plain_form};
pub use problem::{NoRules, RuleNote, RuleNoteKind, RuleProblem, RuleProblemKind};
pub use resolved::{Missing, Remedy, Resolved, ResourceRef, Unknown};
pub use rule::{Rule, RuleState, SourceKind, Subject, Trigger};
pub use target::{InputPathEntry, InputTransformer, RetryPolicy, Target, TargetInput};
