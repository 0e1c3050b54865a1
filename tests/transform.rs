//! Properties of target inputs. Each draws a seed; the generators make everything else from it.

#![allow(clippy::unwrap_used, reason = "a test that cannot go on should panic")]

mod support;

use proptest::prelude::{any, prop_assert, prop_assert_eq, proptest};
use proptest::test_runner::Config;
use ruleproof::event::EventText;
use ruleproof::json::{Node, tree};
use ruleproof::transform::{
    Context, Definition, InputTransformer, RenderScratch, Rendered, TargetInput, TargetKind, TemplateKind,
    WrittenInput, breakages,
};
use support::generate;
use support::oracle::Profile;
use support::rng::Rng;
use support::targets::{self, TargetCase};

const CONTEXT: Context<'_> = Context {
    rule_arn: "arn:aws:events:eu-west-1:123456789012:rule/shop/notify",
    rule_name: "notify",
    ingestion_time: "2026-03-04T05:06:08.250Z",
};

fn config(cases: u32) -> Config {
    Config { cases, failure_persistence: None, ..Config::default() }
}

fn compile(inputs: Vec<WrittenInput<'_>>) -> Option<TargetInput> {
    TargetInput::compile(&Definition::new("t", TargetKind::Queue, inputs)).ok()
}

fn compiled(case: &TargetCase) -> Option<TargetInput> {
    let paths = case.paths.iter().map(|(name, path)| (name.as_str(), path.as_str())).collect();
    compile(vec![WrittenInput::Transformer { paths, template: Some(&case.template) }])
}

fn transformer(input: &TargetInput) -> &InputTransformer {
    match input {
        TargetInput::Transformer(transformer) => transformer,
        other => panic!("{other} is no transformer"),
    }
}

fn render(input: &TargetInput, event: &str) -> (Rendered, String) {
    let mut body = Vec::new();
    let event = EventText::check(event.as_bytes()).unwrap();
    let rendered = input.render(event, &CONTEXT, &mut RenderScratch::default(), &mut body);
    (rendered, String::from_utf8(body).unwrap())
}

/// Whether `body` is JSON, or strings with white space between them; in the plainest way.
fn is_body(body: &str) -> bool {
    let (mut rest, mut values) = (body.trim_start(), Vec::new());
    while !rest.is_empty() {
        let Ok(node) = tree::parse(rest.as_bytes()) else { return false };
        rest = rest[node.span.end..].trim_start();
        values.push(node);
    }
    values.len() == 1 || values.len() > 1 && values.iter().all(|value| value.as_str().is_some())
}

/// Whether `path` selects an object or array of `event`.
fn selects_container(path: &str, event: &Node) -> bool {
    targets::select(path, event).is_some_and(|value| value.starts_with(['{', '[']))
}

/// An event that tries the corners of JSON: duplicate keys, escapes, odd numbers.
fn odd_event(rng: &mut Rng) -> Option<String> {
    let (_, event) = generate::pair(rng, Profile::Service);
    EventText::check(event.as_bytes()).ok()?;
    Some(event)
}

proptest! {
    #![proptest_config(config(3_000))]

    #[test]
    fn a_body_is_called_valid_if_and_only_if_it_is(seed in any::<u64>()) {
        let case = targets::case(&mut Rng::new(seed));
        let Some(input) = compiled(&case) else { return Ok(()) };
        let (rendered, body) = render(&input, &case.event);
        prop_assert_eq!(rendered == Rendered::Valid, is_body(&body), "{:?}\n{}", case, body);
        prop_assert!(input.can_fail() || rendered == Rendered::Valid, "{:?}", case);
    }

    #[test]
    fn only_objects_and_arrays_in_quotes_break_json_templates(seed in any::<u64>()) {
        let mut rng = Rng::new(seed);
        // A map, so that a placeholder that nothing defines is refused.
        let case = TargetCase { paths: vec![("v0".to_owned(), targets::path(&mut rng))], ..targets::case(&mut rng) };
        let Some(input) = compiled(&case) else { return Ok(()) };
        let (rendered, body) = render(&input, &case.event);
        let event = tree::parse(case.event.as_bytes()).unwrap();
        let quoted_container = case.template.contains('"') && selects_container(&case.paths[0].1, &event);
        // A backslash before an angle bracket leaves text that is no escape.
        if transformer(&input).kind() == TemplateKind::Json && !quoted_container && !case.template.contains("\\<") {
            prop_assert_eq!(rendered, Rendered::Valid, "{:?}\n{}", case, body);
        }
    }

    #[test]
    fn paths_select_what_a_plain_reading_selects(seed in any::<u64>()) {
        let mut rng = Rng::new(seed);
        let path = targets::path(&mut rng);
        for event in [Some(targets::event(&mut rng)), odd_event(&mut rng)].into_iter().flatten() {
            let input = compile(vec![WrittenInput::InputPath(&path)]).unwrap();
            let selected = targets::select(&path, &tree::parse(event.as_bytes()).unwrap());
            let expected = selected.filter(|value| value != "null").unwrap_or_else(|| "{}".to_owned());
            prop_assert_eq!(render(&input, &event), (Rendered::Valid, expected), "{}\n{}", path, event);
        }
    }

    #[test]
    fn inserted_values_are_never_expanded_again(seed in any::<u64>()) {
        let mut rng = Rng::new(seed);
        let (path, event) = (targets::path(&mut rng), targets::event(&mut rng));
        let template = r#"{"v":<v>,"rule":"<aws.events.rule-name>","v0":<v0>}"#;
        let paths = vec![("v", path.as_str()), ("v0", "$.detail")];
        let input = compile(vec![WrittenInput::Transformer { paths, template: Some(template) }]).unwrap();
        let tree = tree::parse(event.as_bytes()).unwrap();
        let selected = |path| targets::select(path, &tree).unwrap_or_else(|| "\"\"".to_owned());
        let expected =
            format!("{{\"v\":{},\"rule\":\"notify\",\"v0\":{}}}", selected(&path), selected("$.detail"));
        prop_assert_eq!(render(&input, &event), (Rendered::Valid, expected));
    }

    #[test]
    fn what_is_printed_compiles_to_itself(seed in any::<u64>()) {
        let case = targets::case(&mut Rng::new(seed));
        let Some(input) = compiled(&case) else { return Ok(()) };
        let printed = input.to_string();
        let json: serde_json::Value = serde_json::from_str(&printed).unwrap();
        let transformer = &json["InputTransformer"];
        let paths = transformer["InputPathsMap"].as_object();
        // serde_json sorts members; the order of variables is part of the compiled form.
        let paths = case.paths.iter().map(|(name, _)| (name.as_str(), paths.unwrap()[name].as_str().unwrap()));
        let template = transformer["InputTemplate"].as_str();
        prop_assert_eq!(template, Some(case.template.as_str()));
        let again = compile(vec![WrittenInput::Transformer { paths: paths.collect(), template }]);
        prop_assert_eq!(again.as_ref(), Some(&input), "{}", printed);
    }

    #[test]
    fn the_check_for_breaking_values_agrees_with_what_events_do(seed in any::<u64>()) {
        let case = targets::case(&mut Rng::new(seed));
        let Some(input) = compiled(&case) else { return Ok(()) };
        // Reserved variables are not varied: their text is AWS's own and breaks nothing in quotes.
        if !breakages(transformer(&input)).is_empty() {
            prop_assert!(input.can_fail(), "{:?}", case);
        }
    }

    #[test]
    fn no_text_makes_it_panic(template in "[ -~é\n]{0,40}", path in "[$.a\\[\\]*0-9'-]{0,12}", seed in any::<u64>()) {
        let mut rng = Rng::new(seed);
        let event = targets::event(&mut rng);
        let paths = vec![("a", path.as_str())];
        for inputs in [
            vec![WrittenInput::Transformer { paths, template: Some(&template) }],
            vec![WrittenInput::Transformer { paths: Vec::new(), template: Some(&template) }],
            vec![WrittenInput::InputPath(&path)],
            vec![WrittenInput::Input(&template)],
        ] {
            match TargetInput::compile(&Definition::new("t", TargetKind::LogGroup, inputs.clone())) {
                Ok(input) => drop(render(&input, &event)),
                Err(error) => prop_assert!(!error.to_string().is_empty()),
            }
            if let Some(input) = compile(inputs) {
                let (rendered, body) = render(&input, &event);
                prop_assert_eq!(rendered == Rendered::Valid, is_body(&body), "{} {}", template, body);
            }
        }
    }
}

#[test]
fn constants_and_paths_compile_to_themselves_when_printed() {
    for (inputs, printed) in [
        (vec![], "{}"),
        (vec![WrittenInput::Input("{ \"a\":\n1}")], r#"{"Input":"{ \"a\":\n1}"}"#),
        (vec![WrittenInput::InputPath("$.a[*].b")], r#"{"InputPath":"$.a[*].b"}"#),
        (vec![WrittenInput::InputPath("")], r#"{"InputPath":""}"#),
    ] {
        assert_eq!(compile(inputs).unwrap().to_string(), printed);
    }
}

#[test]
fn depth_is_judged_the_same_in_all_shapes_of_templates() {
    let levels = 996;
    let event = format!("{{\"detail\":{}{}}}", "[".repeat(levels), "]".repeat(levels));
    for template in ["{\"a\":[[[[[[<v>]]]]]]}", "[[[[[[[<v>]]]]]]]", "{\"b\":\"<s>\",\"a\":[[[[[[<v>]]]]]]}"]
    {
        let paths = vec![("v", "$.detail"), ("s", "$.none")];
        let input = compile(vec![WrittenInput::Transformer { paths, template: Some(template) }]).unwrap();
        assert_eq!(render(&input, &event).0, Rendered::Valid, "{template}");
    }
    // As deep as it gets.
    let (open, close) = ("[".repeat(990), "]".repeat(990));
    let template = format!("{open}<v>{close}");
    let paths = vec![("v", "$.detail")];
    let input = compile(vec![WrittenInput::Transformer { paths, template: Some(&template) }]).unwrap();
    assert_eq!(render(&input, &event).0, Rendered::Valid);
    // Text that spells brackets.
    let input = compile(vec![WrittenInput::Transformer { paths: vec![("v", "$.v")], template: Some("<v>") }])
        .unwrap();
    let event = format!("{{\"v\":\"{}\"}}", "[".repeat(1_000_000));
    assert!(matches!(render(&input, &event).0, Rendered::Failed(_)));
}

#[test]
fn tasks_and_commands_get_nothing_unless_they_ask() {
    for (kind, inputs, body) in [
        (TargetKind::EcsTask, vec![], ""),
        (TargetKind::RunCommand, vec![], ""),
        (TargetKind::EcsTask, vec![WrittenInput::Input("{}")], "{}"),
        (TargetKind::Queue, vec![], "{\"a\":1}"),
    ] {
        let input = TargetInput::compile(&Definition::new("t", kind, inputs)).unwrap();
        assert_eq!(render(&input, "{\"a\": 1}"), (Rendered::Valid, body.to_owned()), "{kind:?}");
        assert!(!input.can_fail());
    }
}
