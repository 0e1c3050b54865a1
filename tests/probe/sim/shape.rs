//! What a target gets, filled in as plainly as can be.

use ruleproof::json::tree::{self, Node, Value};
use ruleproof::probe::MirrorInput;

/// Where a body goes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Shaped {
    Body(String),
    /// It is no JSON.
    Broken(String),
    Nothing,
}

/// What only the bus knows.
pub struct Context<'c> {
    pub rule_name: &'c str,
    pub rule_arn: &'c str,
    pub ingestion_time: &'c str,
}

pub fn shape(input: &MirrorInput, event: &str, context: &Context<'_>) -> Shaped {
    let root = tree::parse(event.as_bytes()).expect("events on the bus are JSON");
    match input {
        MirrorInput::WholeEvent => Shaped::Body(event.to_owned()),
        MirrorInput::Constant(text) => Shaped::Body(text.clone()),
        MirrorInput::Path(path) => Shaped::Body(match select(&root, path) {
            None => "{}".to_owned(),
            Some(node) if node.value == Value::Null => "{}".to_owned(),
            Some(node) => event[node.span.clone()].to_owned(),
        }),
        MirrorInput::Transformer { paths, template } => {
            let lookup = |name: &str| match name {
                "aws.events.rule-name" => Some(format!("\"{}\"", context.rule_name)),
                "aws.events.rule-arn" => Some(format!("\"{}\"", context.rule_arn)),
                "aws.events.event.ingestion-time" => Some(format!("\"{}\"", context.ingestion_time)),
                name => {
                    let (_, path) = paths.iter().find(|(own, _)| own == name).expect("only known variables");
                    select(&root, path).map(|node| event[node.span.clone()].to_owned())
                }
            };
            judged(fill(template, lookup))
        }
    }
}

fn select<'n>(root: &'n Node, path: &str) -> Option<&'n Node> {
    path.trim_start_matches('$')
        .split('.')
        .filter(|step| !step.is_empty())
        .try_fold(root, |node, step| node.get(step))
}

fn fill(template: &str, lookup: impl Fn(&str) -> Option<String>) -> String {
    let json = template.trim_start().starts_with('{');
    let (mut out, mut rest, mut quoted) = (String::new(), template, false);
    while let Some(first) = rest.chars().next() {
        if first == '<'
            && let Some(end) = rest.find('>')
        {
            out.push_str(&insert(lookup(&rest[1..end]), json, quoted));
            rest = &rest[end + 1..];
            continue;
        }
        if first == '"' && !out.ends_with('\\') {
            quoted = !quoted;
        }
        out.push(first);
        rest = &rest[first.len_utf8()..];
    }
    out
}

/// A value as a template gets it; `None` for one that is not there.
fn insert(value: Option<String>, json: bool, quoted: bool) -> String {
    let Some(value) = value else { return if json && !quoted { "\"\"".to_owned() } else { String::new() } };
    let is_text = value.starts_with('"');
    match (json, quoted) {
        (true, false) => value,
        (true, true) if is_text => value[1..value.len() - 1].to_owned(),
        (true, true) => value,
        (false, _) if is_text => serde_json::from_str(&value).expect("a string"),
        (false, _) => value.replace('"', ""),
    }
}

fn judged(body: String) -> Shaped {
    if body.trim().is_empty() {
        Shaped::Nothing
    } else if serde_json::from_str::<serde::de::IgnoredAny>(&body).is_ok() {
        Shaped::Body(body)
    } else {
        Shaped::Broken(body)
    }
}
