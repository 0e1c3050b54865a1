//! The whole flow of `probe run`, `redrive` and `show` on MiniStack, with every class of verdict.
//!
//! Errors of MiniStack's own that show here: it gives `""` for `$.a[0]`, so that such a body differs from the foreseen
//! one; it ignores the time of an entry; it hands no trace header on, so that messages are found by ids and bodies; it
//! lays JSON out with blanks; it has no dead letters, so that the test puts them there, in the recorded shape; it takes
//! malformed entries and never throttles, so that a proxy does. As on AWS, entries of sources `aws.*` are refused: of
//! the shipped rules only those of the shop can be probed.

use std::collections::BTreeMap;

use serde_json::{Value, json};

use super::account::{Account, shipped};
use super::bed::{BUS, Bed, end, event, wait_for};
use super::emf::sum;
use super::proxy::{Fate, Proxy, Request};

const PUT_EVENTS: &str = "AWSEvents.PutEvents";

/// Beside the shipped rules, one for each thing that goes wrong.
const RULES: &str = r#"[
    {"Name": "first-item", "EventPattern": {"source": ["probe.first"]}, "Targets": [
        {"Id": "t", "Arn": "arn:aws:sqs:us-east-1:1:q", "InputTransformer": {
            "InputPathsMap": {"first": "$.detail.items[0]"}, "InputTemplate": "{\"first\": <first>}"}}]},
    {"Name": "lost", "EventPattern": {"source": ["probe.lost"]}, "Targets": [
        {"Id": "t", "Arn": "arn:aws:sqs:us-east-1:1:q"}]},
    {"Name": "broken", "EventPattern": {"source": ["probe.broken"]}, "Targets": [
        {"Id": "t", "Arn": "arn:aws:sqs:us-east-1:1:q", "InputTransformer": {
            "InputPathsMap": {"v": "$.detail"}, "InputTemplate": "{\"v\":\"<v>\"}"}}]},
    {"Name": "forbidden", "EventPattern": {"source": ["probe.forbidden"]}, "Targets": [
        {"Id": "t", "Arn": "arn:aws:sqs:us-east-1:1:q", "InputPath": "$.detail"}]},
    {"Name": "wider", "EventPattern": {"source": ["probe.wider"]}},
    {"Name": "narrower", "EventPattern": {"source": ["probe.narrower"]}, "Targets": [
        {"Id": "t", "Arn": "arn:aws:sqs:us-east-1:1:q"}]},
    {"Name": "refused", "EventPattern": {"source": ["probe.refused"]}},
    {"Name": "swallowed", "EventPattern": {"source": ["probe.swallowed"]}}
]"#;

/// What becomes of events of other sources than those of the sample: verdict, code, rule and target.
const FATES: [(&str, &str, &str, &str, &str); 9] = [
    ("probe.first", "errored", "PAYLOAD_DIFFERS", "first-item", "t"),
    ("probe.lost", "errored", "TIMED_OUT_MATCHED", "lost", "t"),
    ("probe.broken", "errored", "INVALID_JSON", "broken", "t"),
    ("probe.forbidden", "errored", "NO_PERMISSIONS", "forbidden", "t"),
    ("probe.unheard-of", "errored", "VERDICTS_DISAGREE", "wider", ""),
    ("probe.narrower", "errored", "VERDICTS_DISAGREE", "narrower", ""),
    ("probe.refused", "errored", "MalformedDetail", "", ""),
    ("probe.swallowed", "errored", "NOT_SEEN_ON_BUS", "", ""),
    ("probe.nothing", "unmatched", "", "", ""),
];

fn events() -> Vec<String> {
    let sample = std::fs::read(shipped("events/sample.ndjson.zst")).unwrap();
    let sample = String::from_utf8(zstd::decode_all(&*sample).unwrap()).unwrap();
    let of = |prefix: &'static str, count: usize| {
        let events = sample.lines().filter(move |line| source_of(line).starts_with(prefix)).take(count);
        events.map(str::to_owned).collect::<Vec<_>>()
    };
    let own = FATES.iter().map(|(source, ..)| event(source, &json!({"a": 1, "items": ["x", "y"]})));
    let unsendable =
        [r#"{"id":"n1","source":7,"detail-type":"T","detail":{}}"#.to_owned(), "[\"no event\"]".to_owned()];
    [of("shop.", 290), of("aws.", 10), own.collect(), unsendable.to_vec()].concat()
}

fn source_of(event: &str) -> String {
    let event: Value = serde_json::from_str(event).unwrap();
    event["source"].as_str().unwrap_or_default().to_owned()
}

/// Puts these in the way of events: refused and swallowed entries, and another answer to `TestEventPattern`.
fn fate(request: &Request) -> Fate {
    let source = |name: &str| request.body.contains(&format!("probe.{name}"));
    match request.target.as_str() {
        PUT_EVENTS if source("refused") || source("swallowed") => without_some_entries(&request.body),
        "AWSEvents.TestEventPattern" => {
            let body: Value = serde_json::from_str(&request.body).unwrap();
            let of_narrower = body["Event"].as_str().is_some_and(|event| event.contains("probe.narrower"));
            if of_narrower { Fate::Answer(200, json!({"Result": false}).to_string()) } else { Fate::Pass }
        }
        _ => Fate::Pass,
    }
}

fn without_some_entries(body: &str) -> Fate {
    let mut request: Value = serde_json::from_str(body).unwrap();
    let entries = request["Entries"].as_array().unwrap().clone();
    let answer_here = |entry: &Value| match entry["Source"].as_str() {
        Some("probe.refused") => {
            Some(json!({"ErrorCode": "MalformedDetail", "ErrorMessage": "Detail is malformed."}))
        }
        Some("probe.swallowed") => Some(json!({"EventId": "00000000-dead-beef-0000-000000000000"})),
        _ => None,
    };
    let answers: Vec<Option<Value>> = entries.iter().map(answer_here).collect();
    let passed = entries.iter().zip(&answers).filter(|(_, answer)| answer.is_none());
    request["Entries"] = passed.map(|(entry, _)| entry.clone()).collect();
    let put_back = move |text: String| {
        let mut answer: Value = serde_json::from_str(&text).unwrap();
        let mut passed = answer["Entries"].as_array().cloned().unwrap_or_default().into_iter();
        let all = answers.into_iter().filter_map(|here| here.or_else(|| passed.next()));
        answer["Entries"] = all.collect();
        answer.to_string()
    };
    if request["Entries"].as_array().is_some_and(Vec::is_empty) {
        return Fate::Answer(200, put_back(json!({"FailedEntryCount": 0}).to_string()));
    }
    Fate::Change(request.to_string(), Box::new(put_back))
}

/// What MiniStack lacks of rules that fail: mirrors that do nothing, and one that matches more.
fn spoil(bed: &Bed) {
    for rule in ["lost", "narrower"] {
        bed.account.events("DisableRule", &json!({"EventBusName": BUS, "Name": bed.mirror(rule)}));
    }
    for rule in ["broken", "forbidden"] {
        let request = json!({"EventBusName": BUS, "Rule": bed.mirror(rule), "Ids": ["target-0"]});
        bed.account.events("RemoveTargets", &request);
    }
    let wider = json!({"source": ["probe.wider", "probe.unheard-of"]}).to_string();
    let request = json!({"EventBusName": BUS, "Name": bed.mirror("wider"), "EventPattern": wider});
    bed.account.events("PutRule", &request);
}

/// The target ARN of the delivery target of each of these mirrors.
fn target_arns(bed: &Bed, rules: [&'static str; 2]) -> BTreeMap<&'static str, String> {
    let arn = |rule| {
        let request = json!({"EventBusName": BUS, "Rule": bed.mirror(rule)});
        let targets = bed.account.events("ListTargetsByRule", &request)["Targets"].clone();
        let target = targets.as_array().unwrap().iter().find(|target| target["Id"] == "target-0").unwrap();
        (rule, target["Arn"].as_str().unwrap().to_owned())
    };
    rules.into_iter().map(arn).collect()
}

/// Puts a message of the recorded shape on the dead-letter queue.
fn dead_letter(bed: &Bed, rule: &str, target_arn: &str, code: &str, body: &str) {
    let rule_arn = format!("arn:aws:events:us-east-1:{}:rule/{BUS}/{}", bed.account.number, bed.mirror(rule));
    let text = |value: &str| json!({"StringValue": value, "DataType": "String"});
    let attributes = json!({
        "RULE_ARN": text(&rule_arn), "TARGET_ARN": text(target_arn),
        "ERROR_CODE": text(code), "ERROR_MESSAGE": text("Invalid input for target."),
    });
    let request = json!({
        "QueueUrl": bed.queue("dead-letters"), "MessageBody": body, "MessageAttributes": attributes,
    });
    bed.account.queues("SendMessage", &request);
}

/// Verdict, code, rule and target of each event, in the order of the run.
fn verdicts(lines: &str) -> Vec<[String; 4]> {
    let lines = lines.lines().map(|line| serde_json::from_str::<Value>(line).unwrap());
    lines
        .map(|event| {
            let text = |value: &Value| value.as_str().unwrap_or_default().to_owned();
            let problem = &event["problems"][0];
            [&event["verdict"], &problem["code"], &problem["rule"], &problem["target"]].map(text)
        })
        .collect()
}

/// The same as foreseen: by `replay` for events of the shop.
fn foreseen(account: &Account, events: &[String]) -> Vec<[String; 4]> {
    let replay = ["replay", "--rules", &shipped(""), "extra.json", "--events", "events.ndjson"];
    account.run(&[&replay[..], &["--results", "replayed.ndjson"]].concat()).assert(0, &[]);
    let replayed = std::fs::read_to_string(account.path("replayed.ndjson")).unwrap();
    let replayed = replayed.lines().map(|line| serde_json::from_str::<Value>(line).unwrap());
    let own = |texts: [&str; 4]| texts.map(str::to_owned);
    events
        .iter()
        .zip(replayed)
        .map(|(event, replayed)| match serde_json::from_str::<Value>(event).unwrap() {
            Value::Array(_) => own(["errored", "EVENT_NOT_AN_OBJECT", "", ""]),
            event if event["source"] == 7 => own(["errored", "EVENT_NOT_SENDABLE", "", ""]),
            event => {
                let source = event["source"].as_str().unwrap();
                if source.starts_with("aws.") {
                    return own(["errored", "NotAuthorizedForSourceException", "", ""]);
                }
                match FATES.iter().find(|(of, ..)| *of == source) {
                    Some((_, verdict, code, rule, target)) => own([verdict, code, rule, target]),
                    None => own([replayed["verdict"].as_str().unwrap(), "", "", ""]),
                }
            }
        })
        .collect()
}

#[test]
fn every_class_of_verdict_comes_out_and_a_redrive_repairs_what_can_be() {
    let bed = Bed { account: Account::new() };
    let (account, rules, events) = (&bed.account, shipped(""), events());
    assert!(events.len() >= 300, "{}", events.len());
    bed.write("extra.json", RULES);
    bed.write("events.ndjson", &events.join("\n"));
    account.run(&["probe", "up", "--yes", "--rules", &rules, "extra.json"]).assert(0, &["42 mirrors"]);
    let run =
        ["probe", "run", "--rules", &rules, "extra.json", "--events", "events.ndjson", "--timeout", "5s"];
    for (option, file, says) in [
        ("--bundle", "events.ndjson", "events.ndjson is among the events; write the disagreements elsewhere"),
        ("--bundle", "no/such/folder", "no/such/folder cannot be written"),
        ("--metrics-emf", "extra.json", "extra.json is among the rules; write the metrics elsewhere"),
    ] {
        account.run(&[&run[..], &[option, file]].concat()).assert(2, &[says]);
    }
    let arns = target_arns(&bed, ["broken", "forbidden"]);
    spoil(&bed);

    let proxy = Proxy::start(fate);
    let files = [
        "--results",
        "results.ndjson",
        "--latency-log",
        "times.hlog",
        "--format",
        "json",
        "--metrics-emf",
        "metrics.log",
    ];
    let child = account.command(&[&run[..], &files].concat()).env("AWS_ENDPOINT_URL", &proxy.url).spawn();
    let child = child.unwrap();
    let put = || proxy.requests(PUT_EVENTS).iter().any(|request| request.body.contains("probe.forbidden"));
    wait_for("PutEvents", put);
    dead_letter(&bed, "broken", &arns["broken"], "INVALID_JSON", r#"{"v":"{"a":1,"items":["x","y"]}"}"#);
    dead_letter(&bed, "forbidden", &arns["forbidden"], "NO_PERMISSIONS", r#"{"a":1,"items":["x","y"]}"#);
    let ran = end(child);

    ran.assert(5, &["ruleproof-disagreements.jsonl has the patterns"]);
    let expected = foreseen(account, &events);
    let results = std::fs::read_to_string(account.path("results.ndjson")).unwrap();
    for (at, (found, expected)) in verdicts(&results).iter().zip(&expected).enumerate() {
        assert_eq!(found, expected, "{}: {:?}", events[at], results.lines().nth(at));
    }
    assert_eq!(results.lines().count(), events.len());
    let count = |word: &str| expected.iter().filter(|[verdict, ..]| verdict == word).count() as u64;
    assert_eq!(ran.counts(), [count("delivered"), count("unmatched"), count("errored"), 0]);
    let summary = ran.json();
    assert_eq!((&summary["end"], &summary["disagreements"]), (&json!("complete"), &json!(2)), "{summary}");
    assert!(summary["latency_us"]["sent_to_delivered"]["count"].as_u64() > Some(50), "{summary}");

    let lines = std::fs::read_to_string(account.path("metrics.log")).unwrap();
    let counted = |verdict| sum(&lines, "ruleproof_events_total", ("verdict", verdict));
    assert_eq!(
        ["delivered", "unmatched", "errored"].map(counted),
        ran.counts().map(|count| count as f64)[..3]
    );

    // Contents of events are only where they were asked for.
    assert!(!results.contains("difference") && !ran.err.contains("orderId"), "{}", ran.err);
    let bundle = std::fs::read_to_string(account.path("ruleproof-disagreements.jsonl")).unwrap();
    let cases: Vec<Value> = bundle.lines().map(|line| serde_json::from_str(line).unwrap()).collect();
    let answers: Vec<_> = cases.iter().map(|case| (&case["expect"], &case["answered"])).collect();
    assert_eq!(answers, [(&json!("match"), &json!("no_match")), (&json!("no_match"), &json!("match"))]);
    let log = std::fs::read_to_string(account.path("times.hlog")).unwrap();
    for tag in [
        "Tag=sent_to_delivered,",
        "Tag=scheduled_to_sent,",
        "Tag=deadline_wait,",
        "Tag=delivered:order-gift,",
    ] {
        assert!(log.contains(tag), "{log}");
    }

    let name = summary["run"].as_str().unwrap();
    show(account, name, &events);

    // The causes are gone but for those that MiniStack and the events themselves are.
    for rule in ["lost", "narrower"] {
        account.events("EnableRule", &json!({"EventBusName": BUS, "Name": bed.mirror(rule)}));
    }
    account.run(&["probe", "up", "--yes", "--rules", &rules, "extra.json"]).assert(0, &["is complete"]);
    let redrive = ["probe", "redrive", name, "--timeout", "5s", "--format", "ndjson"];
    let again = account.run(&redrive);
    let (events_again, summary) = again.out.trim_end().rsplit_once('\n').unwrap();
    let repaired = ["probe.lost", "probe.forbidden", "probe.narrower", "probe.refused", "probe.swallowed"];
    for (at, [verdict, code, ..]) in verdicts(events_again).into_iter().enumerate() {
        let source = source_of(&events[at]);
        let wanted = match source.as_str() {
            source if repaired.contains(&source) => ["delivered", ""],
            "probe.unheard-of" => ["unmatched", ""],
            // MiniStack delivers what is no JSON.
            "probe.broken" => ["errored", "PAYLOAD_DIFFERS"],
            _ => [expected[at][0].as_str(), expected[at][1].as_str()],
        };
        assert_eq!([verdict.as_str(), &code], wanted, "{}", events[at]);
    }
    let summary: Value = serde_json::from_str(summary).unwrap();
    let redriven = count("errored") - 2;
    assert_eq!((again.code, &summary["redriven"]), (Some(1), &json!(redriven)), "{summary}");
    assert_eq!(summary["parts"].as_array().map(Vec::len), Some(2), "{summary}");

    account.run(&["probe", "down"]).assert(0, &["and the bus itself"]);
    account.assert_empty(BUS);
}

/// What a person sees of a run.
fn show(account: &Account, run: &str, events: &[String]) {
    let shown = account.run(&["probe", "show", run]);
    shown.assert(
        0,
        &["PAYLOAD_DIFFERS rule first-item, target t", "events.ndjson:301", "TIMED_OUT_MATCHED rule lost"],
    );
    assert!(!shown.out.contains(r#"+   "first": """#), "{shown:?}");
    let first = events.iter().position(|event| source_of(event) == "probe.first").unwrap().to_string();
    let shown = account.run(&["probe", "show", run, "--event", &first, "--payloads"]);
    shown.assert(0, &[r#"-   "first": "x""#, r#"+   "first": """#]);
    account.run(&["probe", "show", run, "--event", "1000"]).assert(2, &["has no event 1000"]);
    account.run(&["probe", "show"]).assert(0, &[run, "complete"]);
}
