//! `--param`: values that templates leave open.

use super::session::Session;

const TEMPLATE: &str = "\
Parameters:
  Stage: {Type: String}
Resources:
  Rule:
    Type: AWS::Events::Rule
    Properties:
      Name: staged
      EventPattern:
        source: [!Ref Stage]
        detail:
          vpc: [!ImportValue shared-vpc]
          queue: [!GetAtt Queue.Arn]
";

const EVENT: &str = r#"{"source":"dev","detail":{"vpc":"vpc-1","queue":"arn:q"}}"#;

fn replay(session: &Session, parameters: &[&str]) -> super::session::Ran {
    let fixed = ["replay", "--rules", "template.yaml", "--events", "-", "--format", "json"];
    let parameters = parameters.iter().flat_map(|value| ["--param", value]);
    let arguments: Vec<&str> = fixed.into_iter().chain(parameters).collect();
    session.run_with_input(&arguments, EVENT)
}

#[test]
fn what_a_template_leaves_open_is_named_and_not_guessed() {
    let session = Session::new();
    session.file("template.yaml", TEMPLATE);
    let ran = replay(&session, &[]);
    assert_eq!((ran.code, ran.out.as_str()), (2, ""));
    for (place, name, key) in [
        ("template.yaml:9:18", "Stage", "--param Stage=VALUE"),
        ("template.yaml:11:17", "shared-vpc", "--param ImportValue:shared-vpc=VALUE"),
        ("template.yaml:12:19", "Queue.Arn", "--param Queue.Arn=VALUE"),
    ] {
        let arrow = format!("  --> {place}  (rule staged)");
        let lines: Vec<&str> = ran.err.lines().collect();
        let named = lines.windows(2).any(|pair| {
            pair[0].starts_with("error: unresolved ") && pair[0].contains(name) && pair[1] == arrow
        });
        assert!(named, "{place} {name}: {}", ran.err);
        assert!(ran.err.contains(key), "{key}: {}", ran.err);
    }
}

#[test]
fn given_values_complete_the_pattern() {
    let session = Session::new();
    session.file("template.yaml", TEMPLATE);
    let others = ["ImportValue:shared-vpc=vpc-1", "Queue.Arn=arn:q"];
    let ran = replay(&session, &[&["Stage=dev"][..], &others].concat());
    assert_eq!(ran.counts(), (0, [1, 1, 0, 0]), "{ran:?}");
    let ran = replay(&session, &[&["Stage=prod"][..], &others].concat());
    assert_eq!(ran.counts(), (0, [1, 0, 1, 0]), "{ran:?}");
}

#[test]
fn typed_values_win_over_those_of_the_configuration() {
    let session = Session::new();
    session.file("template.yaml", TEMPLATE).file("events/e.json", EVENT);
    session.file(
        "ruleproof.toml",
        "rules = [\"template.yaml\"]\nevents = [\"events\"]\n[parameters]\nStage = \"prod\"\n\
         \"ImportValue:shared-vpc\" = \"vpc-1\"\n\"Queue.Arn\" = \"arn:q\"\n",
    );
    assert_eq!(session.run(&["replay", "--format", "json"]).counts(), (0, [1, 0, 1, 0]));
    let ran = session.run(&["replay", "--format", "json", "--param", "Stage=dev"]);
    assert_eq!(ran.counts(), (0, [1, 1, 0, 0]));
}

#[test]
fn what_a_hint_says_can_be_given_even_if_the_name_holds_equals_signs() {
    for (expression, value) in [
        (r#"var.stage == "prod" ? ["p"] : ["d"]"#, r#"["d"]"#),
        (r#"var.stage=="prod" ? ["p"] : ["d"]"#, r#"["d"]"#),
        (r#"[var.stage != "prod" ? "d" : "p"]"#, "d"),
        (r#"{ prod = ["p"], dev = ["d"] }[var.stage]"#, r#"["d"]"#),
        (r#"lookup({ prod = ["p"], dev = ["d"] }, var.stage)"#, r#"["d"]"#),
        (r#"[for s in ["d"] : s if s == "d"]"#, r#"["d"]"#),
    ] {
        let session = Session::new();
        session.file(
            "main.tf",
            format!(
                "variable \"stage\" {{}}\nresource \"aws_cloudwatch_event_rule\" \"r\" {{\n  name = \"r\"\n  \
                 event_pattern = jsonencode({{\n    source = {expression}\n  }})\n}}\n"
            ),
        );
        let arguments = ["replay", "--rules", "main.tf", "--events", "-", "--format", "json"];
        let refused = session.run_with_input(&arguments, EVENT);
        assert_eq!(refused.code, 2, "{refused:?}");
        // As a shell takes it apart.
        let hint = refused.err.split_once("--param ").and_then(|(_, rest)| rest.lines().next()).unwrap();
        let argument = hint.trim_end_matches('`').trim_matches('\'').replace(r"'\''", "'");
        let name = argument.strip_suffix("=VALUE").unwrap();
        let event = r#"{"source":"d","detail":{}}"#;
        let given = format!("{name}={value}");
        let ran = session.run_with_input(&[&arguments[..], &["--param", &given]].concat(), event);
        assert_eq!(ran.counts(), (0, [1, 1, 0, 0]), "{given}: {ran:?}");
        assert!(!ran.err.contains("nothing asks"), "{}", ran.err);
        // Names in test files are whole.
        let name = serde_json::to_string(name).unwrap();
        let value = serde_json::to_string(value).unwrap();
        session.file(
            "main.test.yaml",
            format!(
                "version: 1\nrules: [main.tf]\nparameters: {{{name}: {value}}}\ntests:\n  - {{name: d, event: \
                 {{source: d, detail-type: x, detail: {{}}}}, expect: {{matches: [r]}}}}\n"
            ),
        );
        assert_eq!(session.run(&["test"]).code, 0, "{:?}", session.run(&["test"]));
    }
}

#[test]
fn typed_values_win_over_those_of_test_files() {
    let session = Session::new();
    let tests = "version: 1\nrules: [template.yaml]\nparameters: {Stage: prod, 'ImportValue:shared-vpc': vpc-1, Queue.Arn: q}\n\
        tests:\n  - {name: t, event: {source: prod, detail-type: x, detail: {vpc: vpc-1, queue: q}}, expect: {matches: [staged]}}\n";
    session.file("template.yaml", TEMPLATE).file("t.test.yaml", tests);
    assert_eq!(session.run(&["test"]).code, 0);
    let ran = session.run(&["test", "--param", "Stage=dev", "--param", "Unused=x"]);
    assert_eq!((ran.code, ran.err.as_str()), (1, ""), "{ran:?}");
}

#[test]
fn a_value_that_nothing_asks_for_is_remarked_on() {
    let session = Session::new();
    session.file("template.yaml", "Name: plain\nEventPattern: {source: [dev]}\n");
    let ran = replay(&session, &["Stge=dev"]);
    assert_eq!(ran.counts(), (0, [1, 1, 0, 0]));
    assert_eq!(ran.err, "note: Stge: nothing asks for it\n");
}
