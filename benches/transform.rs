//! How fast bodies are rendered: five typical targets over the shipped sample events, one thread, in memory.

#![allow(clippy::unwrap_used, missing_docs, reason = "a bench that cannot go on should panic")]

use std::hint::black_box;
use std::path::Path;

use criterion::{Criterion, Throughput, criterion_group, criterion_main};
use ruleproof::event::EventText;
use ruleproof::transform::{
    Context, Definition, RenderScratch, Rendered, TargetInput, TargetKind, WrittenInput,
};

const CONTEXT: Context<'_> = Context {
    rule_arn: "arn:aws:events:eu-west-1:123456789012:rule/orders-prod/notify",
    rule_name: "notify",
    ingestion_time: "2026-03-04T05:06:08.250Z",
};

const ENVELOPE: [(&str, &str); 4] =
    [("id", "$.id"), ("type", "$.detail-type"), ("source", "$.source"), ("time", "$.time")];

/// Name, input, bodies that are valid, bytes of all bodies. The counts are asserted: fast and wrong must fail.
fn workloads() -> [(&'static str, Vec<WrittenInput<'static>>, usize, usize); 5] {
    let template =
        |template| vec![WrittenInput::Transformer { paths: ENVELOPE.to_vec(), template: Some(template) }];
    [
        ("path/detail", vec![WrittenInput::InputPath("$.detail")], 12_000, PATH_BYTES),
        (
            "json/four-fields",
            template(r#"{"id": <id>, "type": <type>, "source": <source>, "at": <time>}"#),
            12_000,
            FOUR_FIELDS_BYTES,
        ),
        (
            "json/text-in-quotes",
            template(r#"{"text": "<type> from <source> at <time>", "rule": <aws.events.rule-name>}"#),
            12_000,
            IN_QUOTES_BYTES,
        ),
        (
            "json/whole-event",
            template(
                r#"{"event": <aws.events.event.json>, "head": <aws.events.event>, "rule": <aws.events.rule-arn>}"#,
            ),
            12_000,
            WHOLE_EVENT_BYTES,
        ),
        ("text/line", template(r#""<type> from <source>: <id>""#), 12_000, LINE_BYTES),
    ]
}

const PATH_BYTES: usize = 5_403_092;
const FOUR_FIELDS_BYTES: usize = 1_624_455;
const IN_QUOTES_BYTES: usize = 1_120_455;
const WHOLE_EVENT_BYTES: usize = 12_371_168;
const LINE_BYTES: usize = 952_455;

/// The lines of the shipped sample.
fn sample_events() -> Vec<Vec<u8>> {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("rules/events/sample.ndjson.zst");
    let text = zstd::decode_all(std::fs::File::open(path).unwrap()).unwrap();
    text.split(|byte| *byte == b'\n').filter(|line| !line.is_empty()).map(<[u8]>::to_vec).collect()
}

/// Renders all events; returns how many bodies are valid and the bytes of all.
fn render(
    input: &TargetInput,
    events: &[EventText<'_>],
    scratch: &mut RenderScratch,
    body: &mut Vec<u8>,
) -> (usize, usize) {
    let (mut valid, mut bytes) = (0, 0);
    for event in events {
        body.clear();
        valid += usize::from(input.render(black_box(*event), &CONTEXT, scratch, body) == Rendered::Valid);
        bytes += body.len();
    }
    (valid, bytes)
}

fn render_all(c: &mut Criterion) {
    let lines = sample_events();
    let events: Vec<EventText<'_>> = lines.iter().map(|line| EventText::check(line).unwrap()).collect();
    let event_bytes = lines.iter().map(|line| line.len() as u64).sum();
    for (name, inputs, valid, bytes) in workloads() {
        let input = TargetInput::compile(&Definition::new("t", TargetKind::Queue, inputs)).unwrap();
        let (mut scratch, mut body) = (RenderScratch::default(), Vec::new());
        assert_eq!(render(&input, &events, &mut scratch, &mut body), (valid, bytes), "{name}");
        let mut group = c.benchmark_group("render");
        group.throughput(Throughput::ElementsAndBytes { elements: events.len() as u64, bytes: event_bytes });
        group.bench_function(name, |bencher| {
            bencher.iter(|| black_box(render(&input, &events, &mut scratch, &mut body)));
        });
        group.finish();
    }
}

criterion_group!(transform, render_all);
criterion_main!(transform);
