//! Target inputs to try, and a naive opinion on what they select.
//!
//! Everything follows from the random numbers. The naive selection walks over parsed values; nothing of the
//! transformer is used.

use ruleproof::json::text::write_json_string;
use ruleproof::json::{Node, Value};

use super::rng::Rng;

/// Names of members that paths can reach.
const NAMES: [&str; 6] = ["a", "b-1", "c_d", "e/f", "list", "9x"];

/// Values that templates treat differently; some look like placeholders or JSON.
const SCALARS: [&str; 24] = [
    "null",
    "true",
    "false",
    "0",
    "-4",
    "12.5",
    "9007199254740993",
    r#""""#,
    r#"" ""#,
    r#""text""#,
    r#""42""#,
    r#""say \"hello\"""#,
    r#""C:\\dir""#,
    r#""one\ntwo\ttab""#,
    r#""a/b""#,
    "\"Zoë\"",
    "\"😀\"",
    r#""<b>&</b>""#,
    r#""<v0>""#,
    r#""<aws.events.event.json>""#,
    r#""{\"in\":\"side\"}""#,
    r#""end\\""#,
    r#""x,y:z""#,
    r#""[1]""#,
];

/// A target's input as written, and an event.
#[derive(Debug, Clone)]
pub struct TargetCase {
    pub paths: Vec<(String, String)>,
    pub template: String,
    pub event: String,
}

/// A template over an event whose values it can reach.
pub fn case(rng: &mut Rng) -> TargetCase {
    let variables = rng.between(0, 4);
    let paths = (0..variables).map(|at| (format!("v{at}"), path(rng))).collect();
    TargetCase { paths, template: template(rng, variables), event: event(rng) }
}

/// An event with an envelope and a detail that the paths of [`path`] often meet.
pub fn event(rng: &mut Rng) -> String {
    let detail = object(rng, 3);
    format!(
        "{{\"version\":\"0\",\"id\":\"e-1\",\"detail-type\":{},\"source\":\"shop\",\"account\":\"123456789012\",\
         \"time\":\"2026-03-04T05:06:0{}Z\",\"region\":\"eu-west-1\",\"resources\":[],\"detail\":{detail}}}",
        rng.pick(&["\"t\"", "\"a \\\"t\\\"\""]),
        rng.below(10),
    )
}

fn value(rng: &mut Rng, depth: usize) -> String {
    match rng.below(if depth == 0 { 4 } else { 8 }) {
        0..=3 => rng.pick(&SCALARS).to_owned(),
        4..=5 => object(rng, depth - 1),
        _ => {
            let elements: Vec<String> = (0..rng.below(4)).map(|_| value(rng, depth - 1)).collect();
            format!("[{}]", elements.join(","))
        }
    }
}

fn object(rng: &mut Rng, depth: usize) -> String {
    let mut names = NAMES;
    rng.shuffle(&mut names);
    let count = rng.between(0, NAMES.len());
    let members: Vec<String> =
        names[..count].iter().map(|name| format!("\"{name}\":{}", value(rng, depth))).collect();
    format!("{{{}}}", members.join(","))
}

/// A path that AWS accepts.
pub fn path(rng: &mut Rng) -> String {
    let mut path = rng.pick(&["$.detail", "$.detail", "$.detail", "$", "$.detail-type"]).to_owned();
    for _ in 0..rng.below(4) {
        path += &format!(".{}", rng.pick(&NAMES));
        for _ in 0..rng.below(2) {
            path += rng.pick(&["[0]", "[1]", "[*]", "[7]"]);
        }
    }
    path
}

fn template(rng: &mut Rng, variables: usize) -> String {
    let text = match rng.below(10) {
        0..=5 => json_object(rng, variables, 2),
        6 => format!("[{}, {}]", json_value(rng, variables, 1), placeholder(rng, variables)),
        7 => placeholder(rng, variables),
        8 => format!("{}\n{}", string(rng, variables), string(rng, variables)),
        _ => string(rng, variables),
    };
    if rng.percent(6) { spoiled(rng, &text) } else { text }
}

fn json_object(rng: &mut Rng, variables: usize, depth: usize) -> String {
    let space = rng.pick(&["", " ", "\n  "]);
    let members: Vec<String> = (0..rng.between(0, 4))
        .map(|at| {
            let key = match rng.one_in(40) {
                true => string(rng, variables),
                false => format!("\"k{at}\""),
            };
            format!("{space}{key}:{space}{}", json_value(rng, variables, depth))
        })
        .collect();
    format!("{{{}{space}}}", members.join(","))
}

fn json_value(rng: &mut Rng, variables: usize, depth: usize) -> String {
    match rng.below(if depth == 0 { 8 } else { 10 }) {
        0..=3 => placeholder(rng, variables),
        4..=6 => string(rng, variables),
        7 => rng.pick(&["1", "null", "true", "\"<\"", "\"2 > 1\"", "\"\\\\\""]).to_owned(),
        8 => format!("[{},{}]", json_value(rng, variables, depth - 1), placeholder(rng, variables)),
        _ => json_object(rng, variables, depth - 1),
    }
}

/// Text in quotes around placeholders.
fn string(rng: &mut Rng, variables: usize) -> String {
    let mut text = String::from("\"");
    for _ in 0..rng.below(4) {
        text += rng.pick(&["x ", "é", "\\\"", "\\\\", "\\n", " - ", "", "{["]);
        if rng.percent(60) {
            text += &placeholder(rng, variables);
        }
    }
    text + "\""
}

fn placeholder(rng: &mut Rng, variables: usize) -> String {
    const RESERVED: [&str; 6] = [
        "<aws.events.rule-arn>",
        "<aws.events.rule-name>",
        "<aws.events.event.ingestion-time>",
        "<aws.events.event>",
        "<aws.events.event.json>",
        "<aws.events.unknown>",
    ];
    match rng.below(20) {
        0..=2 => rng.pick(&RESERVED).to_owned(),
        3 => "<nope>".to_owned(),
        _ if variables > 0 => format!("<v{}>", rng.below(variables)),
        _ => rng.pick(&RESERVED).to_owned(),
    }
}

/// The text with one character taken out or put in.
fn spoiled(rng: &mut Rng, text: &str) -> String {
    let mut characters: Vec<char> = text.chars().collect();
    if characters.is_empty() {
        return text.to_owned();
    }
    let at = rng.index_of(&characters);
    match rng.one_in(2) {
        true => drop(characters.remove(at)),
        false => characters
            .insert(at, rng.pick(&["\"", "\\", "<", ">", ",", "}", ":", "x"]).chars().next().unwrap()),
    }
    characters.into_iter().collect()
}

/// What a path selects, as compact JSON; `None` for nothing. Of duplicate members the last counts.
pub fn select(path: &str, event: &Node) -> Option<String> {
    let mut steps = Vec::new();
    for name in path.split('.').skip(1) {
        let (name, brackets) = name.split_at(name.find('[').unwrap_or(name.len()));
        steps.push(name.to_owned());
        steps.extend(brackets.split_terminator(']').map(str::to_owned));
    }
    follow(&steps, event)
}

fn follow(steps: &[String], node: &Node) -> Option<String> {
    let Some((step, rest)) = steps.split_first() else { return Some(compact(node)) };
    match step.strip_prefix('[') {
        None => follow(rest, node.get(step)?),
        Some("*") => {
            let found: Vec<String> =
                node.as_array()?.iter().filter_map(|element| follow(rest, element)).collect();
            Some(format!("[{}]", found.join(",")))
        }
        Some(index) => follow(rest, node.as_array()?.get(index.parse::<usize>().ok()?)?),
    }
}

fn compact(node: &Node) -> String {
    match &node.value {
        Value::Null => "null".to_owned(),
        Value::Bool(value) => value.to_string(),
        Value::Number(spelling) => spelling.to_string(),
        Value::String(text) => quoted(text.as_bytes()),
        Value::Array(elements) => format!("[{}]", elements.iter().map(compact).collect::<Vec<_>>().join(",")),
        Value::Object(members) => {
            let member = |member: &ruleproof::json::Member| {
                format!("{}:{}", quoted(member.name.as_bytes()), compact(&member.value))
            };
            format!("{{{}}}", members.iter().map(member).collect::<Vec<_>>().join(","))
        }
    }
}

fn quoted(text: &[u8]) -> String {
    let mut json = Vec::new();
    write_json_string(text, &mut json);
    String::from_utf8(json).unwrap()
}
