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
fn a_value_that_nothing_asks_for_is_remarked_on() {
    let session = Session::new();
    session.file("template.yaml", "Name: plain\nEventPattern: {source: [dev]}\n");
    let ran = replay(&session, &["Stge=dev"]);
    assert_eq!(ran.counts(), (0, [1, 1, 0, 0]));
    assert_eq!(ran.err, "note: Stge: nothing asks for it\n");
}
