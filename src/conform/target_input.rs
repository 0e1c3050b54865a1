//! Cases of target inputs: an event, what a target says about its input, and what it got.

use super::members::{CaseError, Members};
use super::outcome::Outcome;
use crate::event::EventText;
use crate::json::{Member, Node, Value, tree};
use crate::transform::{
    Context, Definition, LogEvent, RenderScratch, Rendered, TargetInput, TargetKind, TransformProblem,
    WrittenInput,
};

/// The target's id in recorded messages.
const TARGET_ID: &str = "target";

/// What a target says about its input, and what became of one event.
#[derive(Debug, Clone, PartialEq)]
pub struct TargetInputCase {
    event: Vec<u8>,
    input: Option<String>,
    input_path: Option<String>,
    transformer: Option<WrittenTransformer>,
    rule_arn: String,
    rule_name: String,
    ingestion_time: String,
    kind: TargetKind,
    compare: Compare,
    recorded: Recorded,
}

#[derive(Debug, Clone, PartialEq)]
struct WrittenTransformer {
    paths: Vec<(String, String)>,
    template: Option<String>,
}

/// How bodies are compared.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Compare {
    /// Byte for byte.
    Exact,
    /// As JSON values: the record kept the parsed form only.
    Json,
}

/// What was recorded.
#[derive(Debug, Clone, PartialEq)]
enum Recorded {
    Delivered {
        body: String,
    },
    Rejected {
        code: String,
        message: Message,
    },
    DeadLettered {
        code: String,
        message: Option<String>,
        body: String,
    },
    /// Nothing arrived. What a dead-letter queue would have held is inferred, not recorded.
    NotDelivered {
        inferred_body: Option<String>,
    },
    LogEvent {
        timestamp_ms: i64,
        message: String,
    },
    /// What cannot be known locally, and why.
    NotApplicable {
        reason: String,
    },
}

/// What is known of a message.
#[derive(Debug, Clone, PartialEq, Eq)]
enum Message {
    Whole(String),
    /// Its beginning, and the template as AWS's parser saw it.
    Beginning {
        prefix: String,
        template_as_parsed: Option<String>,
    },
}

impl TargetInputCase {
    pub(super) fn read(members: &Members<'_>, text: &[u8]) -> Result<TargetInputCase, CaseError> {
        let event = members.node.get("event").filter(|event| event.as_object().is_some());
        let event = event.ok_or_else(|| members.wrong("event", "an object"))?;
        let context = |name| {
            members
                .node
                .get("context")
                .and_then(|context| context.get(name))
                .and_then(Node::as_str)
                .unwrap_or_default()
        };
        Ok(TargetInputCase {
            event: text[event.span.clone()].to_vec(),
            input: optional_text(members, "input")?,
            input_path: optional_text(members, "input_path")?,
            transformer: written_transformer(members)?,
            rule_arn: context("rule_arn").to_owned(),
            rule_name: context("rule_name").to_owned(),
            ingestion_time: context("ingestion_time").to_owned(),
            kind: kind(members)?,
            compare: compare(members)?,
            recorded: recorded(members)?,
        })
    }

    /// Why the case cannot be answered locally, if it cannot.
    pub fn not_applicable(&self) -> Option<&str> {
        match &self.recorded {
            Recorded::NotApplicable { reason } => Some(reason),
            _ => None,
        }
    }

    pub(super) fn answer(&self) -> Outcome {
        let definition = Definition::new(TARGET_ID, self.kind, self.written_inputs());
        let Ok(event) = EventText::check(&self.event) else {
            return self.outcome("an invalid event".to_owned());
        };
        match TargetInput::compile(&definition) {
            Err(error) => self.refused(&error.problems()[0]),
            Ok(input) => {
                let context = Context {
                    rule_arn: &self.rule_arn,
                    rule_name: &self.rule_name,
                    ingestion_time: &self.ingestion_time,
                };
                let mut body = Vec::new();
                let rendered = input.render(event, &context, &mut RenderScratch::default(), &mut body);
                self.rendered(&input, rendered, &body)
            }
        }
    }

    fn written_inputs(&self) -> Vec<WrittenInput<'_>> {
        let input = self.input.as_deref().map(WrittenInput::Input);
        let path = self.input_path.as_deref().map(WrittenInput::InputPath);
        let transformer = self.transformer.as_ref().map(|written| WrittenInput::Transformer {
            paths: written.paths.iter().map(|(name, path)| (name.as_str(), path.as_str())).collect(),
            template: written.template.as_deref(),
        });
        [input, path, transformer].into_iter().flatten().collect()
    }

    fn refused(&self, problem: &TransformProblem) -> Outcome {
        let ours = problem.refusal.message.clone().unwrap_or_default();
        let same_message = match &self.recorded {
            Recorded::Rejected { message, .. } => message.fits(&ours),
            _ => false,
        };
        let message = if same_message { self.recorded.message() } else { ours };
        let mut outcome = self.outcome(format!("rejected {} {message}", problem.refusal.code));
        outcome.reason = Some(problem.to_string());
        outcome
    }

    fn rendered(&self, input: &TargetInput, rendered: Rendered, body: &[u8]) -> Outcome {
        let text = String::from_utf8_lossy(body);
        self.outcome(match (rendered, &self.recorded) {
            (Rendered::Valid, Recorded::LogEvent { .. }) => {
                let stored = match input {
                    TargetInput::WholeEvent => LogEvent::of_whole_event(body),
                    _ => LogEvent::of_rendered(body),
                };
                stored.map_or_else(
                    || format!("no log event: {text}"),
                    |event| format!("log event at {}: {}", event.timestamp_ms, event.message),
                )
            }
            (Rendered::Valid, Recorded::Delivered { body: recorded }) if self.same_body(recorded, body) => {
                format!("delivered {recorded}")
            }
            (Rendered::Valid, _) => format!("delivered {text}"),
            (Rendered::Failed(_), Recorded::NotDelivered { inferred_body: None }) => {
                "not delivered".to_owned()
            }
            (Rendered::Failed(_), Recorded::NotDelivered { .. }) => format!("not delivered {text}"),
            (Rendered::Failed(failure), Recorded::DeadLettered { message: None, .. }) => {
                format!("{} {text}", failure.code())
            }
            (Rendered::Failed(failure), _) => format!("{} {failure} {text}", failure.code()),
        })
    }

    fn same_body(&self, recorded: &str, ours: &[u8]) -> bool {
        match self.compare {
            Compare::Exact => recorded.as_bytes() == ours,
            Compare::Json => match (tree::parse(recorded.as_bytes()), tree::parse(ours)) {
                (Ok(recorded), Ok(ours)) => same_value(&recorded, &ours),
                _ => false,
            },
        }
    }

    fn outcome(&self, answered: String) -> Outcome {
        Outcome { expected: self.recorded.to_string(), answered, reason: None }
    }
}

impl Message {
    fn fits(&self, ours: &str) -> bool {
        match self {
            Message::Whole(message) => message == ours,
            Message::Beginning { prefix, template_as_parsed } => {
                ours.starts_with(prefix.as_str())
                    && template_as_parsed
                        .as_ref()
                        .is_none_or(|parsed| ours.contains(&format!("\"{parsed}\"")))
            }
        }
    }
}

impl Recorded {
    fn message(&self) -> String {
        match self {
            Recorded::Rejected { message: Message::Whole(message), .. } => message.clone(),
            Recorded::Rejected { message: Message::Beginning { prefix, .. }, .. } => format!("{prefix}..."),
            _ => String::new(),
        }
    }
}

impl std::fmt::Display for Recorded {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Recorded::Delivered { body } => write!(f, "delivered {body}"),
            Recorded::Rejected { code, .. } => write!(f, "rejected {code} {}", self.message()),
            Recorded::DeadLettered { code, message: None, body } => write!(f, "{code} {body}"),
            Recorded::DeadLettered { code, message: Some(message), body } => {
                write!(f, "{code} {message} {body}")
            }
            Recorded::NotDelivered { inferred_body: None } => f.write_str("not delivered"),
            Recorded::NotDelivered { inferred_body: Some(body) } => write!(f, "not delivered {body}"),
            Recorded::LogEvent { timestamp_ms, message } => {
                write!(f, "log event at {timestamp_ms}: {message}")
            }
            Recorded::NotApplicable { reason } => f.write_str(reason),
        }
    }
}

fn optional_text(members: &Members<'_>, member: &'static str) -> Result<Option<String>, CaseError> {
    match members.node.get(member) {
        None => Ok(None),
        Some(node) => match node.as_str() {
            Some(text) => Ok(Some(text.to_owned())),
            None => Err(members.wrong(member, "a string")),
        },
    }
}

fn written_transformer(members: &Members<'_>) -> Result<Option<WrittenTransformer>, CaseError> {
    let map = members.node.get("input_paths_map");
    let template = optional_text(members, "input_template")?;
    if map.is_none() && template.is_none() {
        return Ok(None);
    }
    let path = |member: &Member| Some((member.name.to_string(), member.value.as_str()?.to_owned()));
    let paths = map.map_or(Some(Vec::new()), |map| map.as_object()?.iter().map(path).collect());
    let paths = paths.ok_or_else(|| members.wrong("input_paths_map", "an object of names and paths"))?;
    Ok(Some(WrittenTransformer { paths, template }))
}

fn kind(members: &Members<'_>) -> Result<TargetKind, CaseError> {
    match members.node.get("target_type").map(Node::as_str) {
        None | Some(Some("sqs")) => Ok(TargetKind::Queue),
        Some(Some("lambda")) => Ok(TargetKind::Function),
        Some(Some("logs")) => Ok(TargetKind::LogGroup),
        Some(Some("sns")) => Ok(TargetKind::Topic),
        Some(Some("ecs")) => Ok(TargetKind::EcsTask),
        Some(Some("event_bus")) => Ok(TargetKind::EventBus),
        Some(Some(_)) => Ok(TargetKind::Other),
        Some(None) => Err(members.wrong("target_type", "a string")),
    }
}

fn compare(members: &Members<'_>) -> Result<Compare, CaseError> {
    match members.node.get("compare").map(Node::as_str) {
        None | Some(Some("exact")) => Ok(Compare::Exact),
        Some(Some("json")) => Ok(Compare::Json),
        Some(_) => Err(members.wrong("compare", "exact or json")),
    }
}

fn recorded(members: &Members<'_>) -> Result<Recorded, CaseError> {
    const KINDS: &str = "an object of kind delivered, rejected, dlq, not-delivered, unobserved or log_event";
    let expect = members.node.get("expect").ok_or_else(|| members.wrong("expect", KINDS))?;
    let text = |name: &str| expect.get(name).and_then(Node::as_str).map(str::to_owned);
    let recorded = match expect.get("kind").and_then(Node::as_str) {
        Some("delivered") => text("body").map(|body| Recorded::Delivered { body }),
        Some("rejected") => {
            text("code").zip(message(&text)).map(|(code, message)| Recorded::Rejected { code, message })
        }
        Some("dlq") => {
            text("error_code").zip(text("body")).map(|(code, body)| dead_lettered(code, body, &text))
        }
        Some("not-delivered") => {
            let inferred_body = expect.get("inferred").and_then(|inferred| inferred.get("body")?.as_str());
            Some(Recorded::NotDelivered { inferred_body: inferred_body.map(str::to_owned) })
        }
        Some("unobserved") => {
            Some(Recorded::NotApplicable { reason: "accepted, then seen nowhere".to_owned() })
        }
        Some("log_event") => number(expect.get("timestamp"))
            .zip(text("message"))
            .map(|(timestamp_ms, message)| Recorded::LogEvent { timestamp_ms, message }),
        _ => None,
    };
    recorded.ok_or_else(|| members.wrong("expect", KINDS))
}

fn message(text: &impl Fn(&str) -> Option<String>) -> Option<Message> {
    let beginning = |prefix| Message::Beginning { prefix, template_as_parsed: text("template_as_parsed") };
    text("message").map(Message::Whole).or_else(|| text("message_prefix").map(beginning))
}

/// Of the codes of a dead-letter queue only this one follows from what a target says.
fn dead_lettered(code: String, body: String, text: &impl Fn(&str) -> Option<String>) -> Recorded {
    match code.as_str() {
        "INVALID_JSON" => Recorded::DeadLettered { code, message: text("error_message"), body },
        _ => Recorded::NotApplicable { reason: format!("{code} cannot be known locally") },
    }
}

fn number(node: Option<&Node>) -> Option<i64> {
    match &node?.value {
        Value::Number(spelling) => spelling.parse().ok(),
        _ => None,
    }
}

/// Whether two values are equal as JSON: the order of members, and which of duplicates came first, do not count.
fn same_value(a: &Node, b: &Node) -> bool {
    match (&a.value, &b.value) {
        (Value::Object(members), Value::Object(others)) => {
            let last = |node: &Node, member: &Member| {
                node.as_object()?
                    .iter()
                    .rev()
                    .find(|other| other.name == member.name)
                    .map(|m| m.value.clone())
            };
            let all_in = |members: &[Member], a: &Node, b: &Node| {
                members.iter().all(|member| match (last(a, member), last(b, member)) {
                    (Some(one), Some(other)) => same_value(&one, &other),
                    _ => false,
                })
            };
            all_in(members, a, b) && all_in(others, b, a)
        }
        (Value::Array(elements), Value::Array(others)) => {
            elements.len() == others.len() && elements.iter().zip(others).all(|(a, b)| same_value(a, b))
        }
        (Value::Number(a), Value::Number(b)) => a == b || a.parse::<f64>().ok() == b.parse::<f64>().ok(),
        (a, b) => a == b,
    }
}
