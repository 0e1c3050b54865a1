//! Rendering allocates nothing once its buffers have grown: counted by the allocator itself.

#![allow(clippy::unwrap_used, reason = "a test that cannot go on should panic")]
#![allow(unsafe_code, reason = "an allocator cannot be written without")]

use std::alloc::{GlobalAlloc, Layout, System};
use std::cell::Cell;

use ruleproof::event::EventText;
use ruleproof::matcher::Matcher;
use ruleproof::pattern::{Limits, Pattern, Profile};
use ruleproof::transform::{Context, Definition, RenderScratch, TargetInput, TargetKind, WrittenInput};
use ruleproof::verdict::{Bodies, JudgeScratch, RuleSet, RuleTarget, RuleWithTargets, judge};

thread_local! {
    // Of each thread its own, as the test harness allocates on others.
    static ALLOCATIONS: Cell<u64> = const { Cell::new(0) };
}

struct Counting;

unsafe impl GlobalAlloc for Counting {
    unsafe fn alloc(&self, layout: Layout) -> *mut u8 {
        ALLOCATIONS.with(|count| count.set(count.get() + 1));
        // SAFETY: the caller keeps the promises of `GlobalAlloc::alloc`.
        unsafe { System.alloc(layout) }
    }

    unsafe fn dealloc(&self, pointer: *mut u8, layout: Layout) {
        // SAFETY: `pointer` came from `System` with this layout.
        unsafe { System.dealloc(pointer, layout) }
    }
}

#[global_allocator]
static ALLOCATOR: Counting = Counting;

fn allocations(work: impl FnOnce()) -> u64 {
    let before = ALLOCATIONS.with(Cell::get);
    work();
    ALLOCATIONS.with(Cell::get) - before
}

const PATHS: [(&str, &str); 5] = [
    ("text", "$.detail.text"),
    ("object", "$.detail.object"),
    ("names", "$.detail.list[*].name"),
    ("second", "$.detail.list[1]"),
    ("missing", "$.detail.missing"),
];

/// Of every kind: whole event, part, constant, JSON and text templates, valid, broken and empty bodies.
fn inputs() -> Vec<TargetInput> {
    let template = |template| WrittenInput::Transformer { paths: PATHS.to_vec(), template: Some(template) };
    let written = [
        vec![],
        vec![WrittenInput::InputPath("$.detail.object")],
        vec![WrittenInput::Input("{\"a\":1}")],
        vec![template(r#"{"a": <text>, "b": "<text> <second>", "c": <names>, "d": <missing>}"#)],
        vec![template(
            r#"{"rule": <aws.events.rule-arn>, "head": <aws.events.event>, "all": <aws.events.event.json>}"#,
        )],
        vec![template(r#""<text> and <object> and <names>""#)],
        vec![template(r#"{"broken": "<object>"}"#)],
        vec![template("<missing>")],
    ];
    let compile = |inputs| TargetInput::compile(&Definition::new("t", TargetKind::Queue, inputs)).unwrap();
    let log_event = vec![template(r#"{"timestamp": "2026-03-04T05:06:07Z", "message": <text>}"#)];
    let log_event = TargetInput::compile(&Definition::new("t", TargetKind::LogGroup, log_event)).unwrap();
    written.into_iter().map(compile).chain([log_event]).collect()
}

fn events() -> Vec<String> {
    let event = |text: &str| {
        format!(
            "{{\"id\":\"1\",\"detail-type\":\"t\",\"source\":\"shop\",\"account\":\"1\",\
             \"time\":\"2026-03-04T05:06:07Z\",\"region\":\"r\",\"resources\":[],\"detail\":{{\"text\":{text},\
             \"object\":{{\"\\u0061\": [1, null], \"b\":\"\\\"\"}}, \"list\":[{{\"name\":\"x\"}},{{\"name\":\"\\u00e9\"}}]}}}}"
        )
    };
    ["\"plain\"", "\"with \\\"quotes\\\" and \\\\ and \\n and \\u00e9\"", "{\"in\": [\"quotes\"]}", "null"]
        .map(event)
        .to_vec()
}

#[test]
fn rendering_allocates_nothing_in_the_steady_state() {
    let (inputs, events) = (inputs(), events());
    let context = Context { rule_arn: "arn", rule_name: "name", ingestion_time: "now" };
    let (mut scratch, mut body) = (RenderScratch::default(), Vec::new());
    let mut render_all = || {
        for input in &inputs {
            for event in &events {
                body.clear();
                let event = EventText::check(event.as_bytes()).unwrap();
                input.render(event, &context, &mut scratch, &mut body);
            }
        }
    };
    render_all();
    assert_eq!(allocations(|| (0..10).for_each(|_| render_all())), 0);
}

#[test]
fn judging_allocates_nothing_in_the_steady_state() {
    let pattern = Pattern::parse(br#"{"source": ["shop"]}"#, &Limits::service()).unwrap();
    let targets = inputs().into_iter().map(|input| RuleTarget { id: "t".to_owned(), input: Some(input) });
    let rule = RuleWithTargets {
        display_name: "r".to_owned(),
        name: "r".to_owned(),
        arn: "arn".to_owned(),
        targets: targets.collect(),
    };
    let rules = RuleSet::new(Matcher::noting_event_ids([&pattern], Profile::Service), vec![rule]);
    let events = events();
    for bodies in [Bodies::Broken, Bodies::All] {
        let mut scratch = JudgeScratch::keeping(bodies);
        let mut judge_all = || {
            for event in &events {
                let judged = judge(&rules, event.as_bytes(), &mut scratch);
                assert_eq!((judged.event_id, judged.verdict.as_str()), (Some("1"), "errored"));
            }
        };
        judge_all();
        assert_eq!(allocations(|| (0..10).for_each(|_| judge_all())), 0, "{bodies:?}");
    }
}
