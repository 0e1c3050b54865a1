//! Every way in which AWS refuses a target's input, with its message, our place and our hint.

#![allow(clippy::unwrap_used, reason = "a test that cannot go on should panic")]

use ruleproof::transform::{
    Definition, PATH_CHARS_MAX, Setting, TEXT_CHARS_MAX, TargetInput, TargetKind, TransformProblem,
    VARIABLES_MAX, WrittenInput,
};

fn problems(definition: &Definition<'_>) -> Vec<TransformProblem> {
    TargetInput::compile(definition).expect_err("must be refused").problems().to_vec()
}

fn refused(inputs: Vec<WrittenInput<'_>>) -> Vec<TransformProblem> {
    problems(&Definition::new("t", TargetKind::Queue, inputs))
}

fn template<'a>(paths: &[(&'a str, &'a str)], template: &'a str) -> Vec<WrittenInput<'a>> {
    vec![WrittenInput::Transformer { paths: paths.to_vec(), template: Some(template) }]
}

/// The only problem: place, our words, AWS's words.
fn assert_one(inputs: Vec<WrittenInput<'_>>, place: &str, ours: &str, aws: &str) {
    let found = refused(inputs.clone());
    let [problem] = found.as_slice() else { panic!("{inputs:?}: {found:#?}") };
    let message = problem.refusal.message.clone().unwrap_or_default();
    assert_eq!(problem.place.to_string(), place, "{inputs:?}");
    assert_eq!((problem.kind.to_string().as_str(), message.as_str()), (ours, aws), "{inputs:?}");
}

#[test]
fn more_than_one_way_to_shape_the_event() {
    let aws = "Only one of Input, InputPath, or InputTransformer must be provided for target t.";
    let transformer = || template(&[], "{}").remove(0);
    for inputs in [
        vec![WrittenInput::Input("{}"), WrittenInput::InputPath("$")],
        vec![WrittenInput::InputPath("$"), transformer()],
        vec![WrittenInput::Input("{}"), transformer()],
        vec![WrittenInput::Input("{}"), WrittenInput::InputPath("$"), transformer()],
    ] {
        let found = refused(inputs);
        assert_eq!(found[0].refusal.message.as_deref(), Some(aws));
    }
}

#[test]
fn constants_that_are_not_json() {
    for (text, place, fault) in [
        ("not-json", "1:1", "neither a number nor `true`, `false` or `null`"),
        ("{\"a\":\n 1", "2:3", "the JSON text ends too early"),
        ("{'a':1}", "1:2", "expected a member name in double quotes or `}`"),
        ("{} {}", "1:4", "expected nothing more behind the value"),
        (" ", "1:2", "the JSON text ends too early"),
    ] {
        let column = place.split_once(':').unwrap();
        let aws = format!(
            "JSON syntax error in input for target t: [Source: (String)\"{text}\"; line: {}, column: {}]",
            column.0, column.1
        );
        assert_one(vec![WrittenInput::Input(text)], place, &format!("not JSON: {fault}"), &aws);
    }
}

#[test]
fn texts_that_are_too_long() {
    let text = format!("\"{}\"", "é".repeat(TEXT_CHARS_MAX - 2));
    assert!(
        TargetInput::compile(&Definition::new("t", TargetKind::Queue, vec![WrittenInput::Input(&text)]))
            .is_ok()
    );
    let text = format!("\"{}\"", "é".repeat(TEXT_CHARS_MAX - 1));
    let ours = "8193 characters, at most 8192 are accepted";
    for (inputs, member) in [
        (vec![WrittenInput::Input(&text)], "input"),
        (template(&[], &text), "inputTransformer.inputTemplate"),
    ] {
        let aws = format!(
            "1 validation error detected: Value '{text}' at 'targets.1.member.{member}' failed to satisfy constraint: \
             Member must have length less than or equal to 8192"
        );
        assert_one(inputs, "1:1", ours, &aws);
    }
    let path = format!("$.{}", "a".repeat(PATH_CHARS_MAX - 1));
    let aws = format!(
        "1 validation error detected: Value '{path}' at 'targets.1.member.inputPath' failed to satisfy constraint: \
         Member must have length less than or equal to 256"
    );
    assert_one(vec![WrittenInput::InputPath(&path)], "1:1", "257 characters, at most 256 are accepted", &aws);
    assert_eq!(
        refused(template(&[("v", &path)], "{}"))[0].pointer.as_str(),
        "/InputTransformer/InputPathsMap/v"
    );
}

#[test]
fn paths_outside_the_subset() {
    for (path, place, ours) in [
        ("detail.x", "1:1", "a path begins with `$`"),
        ("$.detail.*", "1:10", "`*` is supported in brackets behind a name only"),
        ("$['detail']", "1:2", "names in brackets are not supported"),
        ("$.detail[\"x\"]", "1:9", "names in brackets are not supported"),
        ("$..x", "1:3", "`..` is not supported"),
        ("$.list[-1]", "1:8", "expected a whole number or `*` in the brackets"),
        ("$.list[0:2]", "1:8", "expected a whole number or `*` in the brackets"),
        ("$.list[0,1]", "1:8", "expected a whole number or `*` in the brackets"),
        ("$.list[?(@.x)]", "1:8", "expected a whole number or `*` in the brackets"),
        ("$.list[]", "1:8", "expected a whole number or `*` in the brackets"),
        ("$.list[0", "1:7", "expected `]`"),
        ("$.detail.", "1:10", "expected a name after the dot"),
        ("$[0]", "1:2", "brackets can only follow a name"),
        ("$.a b", "1:4", "` ` is not allowed in a path"),
    ] {
        let ours = format!("not a path into the event: {ours}");
        let aws = "InputPath for target t is invalid.";
        assert_one(vec![WrittenInput::InputPath(path)], place, &ours, aws);
        assert_one(template(&[("v", path)], "{\"a\":<v>}"), place, &ours, aws);
    }
    // The empty path is refused in a map only. Recorded.
    assert_one(
        template(&[("v", "")], "{\"a\":<v>}"),
        "1:1",
        "not a path into the event: a path begins with `$`",
        "InputPath for target t is invalid.",
    );
}

#[test]
fn maps_that_are_not_accepted() {
    let names = |printed: &str| {
        format!(
            "1 validation error detected: Value '{{{printed}}}' at \
             'targets.1.member.inputTransformer.inputPathsMap' failed to satisfy constraint: Map keys must satisfy \
             constraint: [Member must have length less than or equal to 256, Member must have length greater than or \
             equal to 1, Member must satisfy regular expression pattern: [A-Za-z0-9\\_\\-]+]"
        )
    };
    for name in ["bad.key", "aws.events.rule-name", "", "a b", "ä"] {
        let ours = format!("`{name}` is not a variable name");
        assert_one(template(&[(name, "$.x")], "{}"), "1:1", &ours, &names(&format!("{name}=$.x")));
    }
    let long = "a".repeat(257);
    assert_eq!(
        refused(template(&[(&long, "$.x")], "{}"))[0].kind.to_string(),
        format!("`{long}` is not a variable name")
    );
    let many: Vec<String> = (0..=VARIABLES_MAX).map(|at| format!("v{at}")).collect();
    let paths: Vec<(&str, &str)> = many.iter().map(|name| (name.as_str(), "$.x")).collect();
    let found = refused(template(&paths, "{}"));
    assert_eq!(found[0].kind.to_string(), "101 variables, at most 100 are accepted");
    let message = found[0].refusal.message.clone().unwrap();
    assert!(message.ends_with("constraint: Member must have length less than or equal to 100"), "{message}");
    assert!(message.contains("Value '{v0=$.x, v1=$.x, "), "{message}");
}

#[test]
fn templates_that_are_missing_or_empty_are_refused_by_the_sdk() {
    for (written, ours) in
        [(None, "InputTemplate is missing"), (Some(""), "expected a template, found an empty text")]
    {
        let found = refused(vec![WrittenInput::Transformer { paths: Vec::new(), template: written }]);
        assert_eq!(found.len(), 1);
        assert_eq!(
            (found[0].kind.to_string().as_str(), found[0].refusal.code.as_str()),
            (ours, "ParamValidation")
        );
    }
}

#[test]
fn placeholders_that_are_not_accepted() {
    let map = [("order", "$.detail.id")];
    for (text, place, name) in [
        ("{\"a\": <oder>}", "1:7", "oder"),
        ("\"<order>\n\" \"<ORDER>\"", "2:4", "ORDER"),
        ("{\"a\":< order >}", "1:6", " order "),
        ("{\"r\":<aws.events.unknown>}", "1:6", "aws.events.unknown"),
    ] {
        let aws = format!("InputTemplate for target t contains invalid placeholder {name}.");
        let ours = format!("`<{name}>` is neither in InputPathsMap nor a reserved variable");
        let found = refused(template(&map, text));
        let problem = &found[0];
        assert_eq!((problem.place.to_string(), problem.kind.to_string()), (place.to_owned(), ours));
        assert_eq!(problem.refusal.message.as_ref(), Some(&aws));
        assert!(
            problem.kind.hint().is_some_and(|hint| hint.starts_with("did you mean"))
                || name.contains("unknown")
        );
    }
    for (text, place) in [("\"x <E>\"", "1:4"), ("<E>", "1:1"), ("[<E>]", "1:2"), ("{\"a\": \"<E>\"}", "1:8")]
    {
        for name in ["aws.events.event", "aws.events.event.json"] {
            let ours = format!("`<{name}>` can only be a value of a template that is a JSON object");
            let aws = format!(
                "InputTemplate for target t contains placeholder {name} valid only for JSON template."
            );
            assert_one(template(&[], &text.replace('E', name)), place, &ours, &aws);
        }
    }
    for (text, place) in [("{\"<order>\":1}", "1:3"), ("{\"a\":{\"k-<order>\" : 1}}", "1:10")] {
        assert_one(
            template(&map, text),
            place,
            "`<order>` stands in the name of a member",
            "InputTemplate placeholder present as a JSON object key for target t.",
        );
    }
}

#[test]
fn templates_that_are_not_json() {
    for (text, place, fault, parsed, line_and_column) in [
        ("hello <v>", "1:1", "neither a number nor `true`, `false` or `null`", "hello null", (1, 1)),
        ("{\"a\":<v>", "1:9", "the JSON text ends too early", "{\"a\":null", (1, 10)),
        ("{\"a\":<v>,}", "1:10", "expected a member name in double quotes", "{\"a\":null,}", (1, 11)),
        ("{\"a\":<v><v>}", "1:9", "expected `,` or `}`", "{\"a\":nullnull}", (1, 10)),
        (
            "<v> is here",
            "1:5",
            "more text follows the value; only strings may stand one after the other",
            "null is here",
            (1, 6),
        ),
        (
            "\"a\"\nplain",
            "2:1",
            "more text follows the value; only strings may stand one after the other",
            "\"a\"\nplain",
            (2, 1),
        ),
        ("\"a <v>", "1:7", "the JSON text ends too early", "\"a null", (1, 8)),
    ] {
        let ours = format!("with `null` for each placeholder the template is not JSON: {fault}");
        let aws = format!(
            "Invalid InputTemplate for target t : [Source: (String)\"{parsed}\"; line: {}, column: {}].",
            line_and_column.0, line_and_column.1
        );
        assert_one(template(&[("v", "$.v")], text), place, &ours, &aws);
    }
}

#[test]
fn all_problems_are_listed_at_once() {
    let paths = [("bad.key", "$.x"), ("v", "$..x")];
    let mut inputs = template(&paths, "{\"<v>\": <w>, \"e\": \"<aws.events.event>\"");
    inputs.push(WrittenInput::Input("nope"));
    let kinds: Vec<String> = refused(inputs).iter().map(|problem| problem.to_string()).collect();
    assert_eq!(kinds.len(), 8, "{kinds:#?}");
}

#[test]
fn rules_of_single_kinds_of_targets() {
    let shaped = |kind, inputs| Definition::new("t", kind, inputs);
    let transformer = || template(&[("v", "$.v")], "{\"timestamp\": <v>, \"message\": \"<v>\"}");
    let path = || vec![WrittenInput::InputPath("$.detail")];
    let constant = || vec![WrittenInput::Input("{}")];
    let bus = TargetKind::EventBus;
    for (definition, message) in [
        (shaped(bus, constant()), "an event bus takes no Input"),
        (shaped(bus, path()), "an event bus takes no InputPath"),
        (shaped(bus, transformer()), "an event bus takes no InputTransformer"),
        (
            Definition { retry_policy: Setting::Given, ..shaped(bus, vec![]) },
            "an event bus takes no RetryPolicy",
        ),
        (shaped(TargetKind::LogGroup, constant()), "a log group takes no Input"),
        (shaped(TargetKind::LogGroup, path()), "a log group takes no InputPath"),
        (
            Definition { role: Setting::Given, ..shaped(TargetKind::LogGroup, vec![]) },
            "a log group takes no RoleArn",
        ),
        (
            shaped(TargetKind::LogGroup, template(&[], "{\"message\": \"x\", \"a\": 1}")),
            "the template of a log group gives exactly `timestamp` and `message`, found `a`, `message`",
        ),
        (
            shaped(TargetKind::LogGroup, template(&[], "\"line\"")),
            "the template of a log group gives exactly `timestamp` and `message`, found a string",
        ),
        (shaped(TargetKind::EcsTask, path()), "an ECS task takes no InputPath"),
        (shaped(TargetKind::FifoQueue, path()), "a FIFO queue needs SqsParameters.MessageGroupId"),
    ] {
        let found = problems(&definition);
        assert_eq!(found.iter().map(|problem| problem.kind.to_string()).collect::<Vec<_>>(), [message]);
    }
    for definition in [
        shaped(bus, vec![]),
        shaped(TargetKind::LogGroup, transformer()),
        shaped(TargetKind::EcsTask, constant()),
        Definition { message_group_id: Setting::Given, ..shaped(TargetKind::FifoQueue, path()) },
        Definition {
            role: Setting::Given,
            retry_policy: Setting::Given,
            ..shaped(TargetKind::Unknown, path())
        },
    ] {
        assert!(TargetInput::compile(&definition).is_ok(), "{definition:?}");
    }
}
