//! Refused patterns: all problems of all rules, each with its place in the file that people edit.

use super::session::{Session, assert_snapshot};

/// Runs a replay with this rules file; checks what all refusals share, and the text.
fn refused(name: &str, content: &str, snapshot: &str) {
    let session = Session::new();
    session.file(name, content).file("events.ndjson", "{\"source\":\"a\"}\n");
    let ran = session.run(&["replay", "--rules", name, "--events", "events.ndjson"]);
    assert_eq!((ran.code, ran.out.as_str()), (2, ""), "{ran:?}");
    assert_snapshot(snapshot, &ran.err);
}

#[test]
fn plain_yaml() {
    refused(
        "rules.yaml",
        "- Name: misspelt
  EventPattern:
    source: [shop.orders]
    detail:
      total: [{numerc: [\">\", 5]}]
      note: hello
      'größe': [{\"prefx\": \"é\"}]
- Name: fine
  EventPattern: {source: [a]}
- Name: as-text
  EventPattern: '{\"detail\": {\"id\": [{\"prefx\": \"A-\"}], \"x\": []}}'
- Name: in-a-block
  EventPattern: |
    {
      \"detail\": {\"ip\": [{\"cidr\": \"10.0.0.0\"}]},
      \"source\": []
    }
",
        "refused_plain.txt",
    );
}

#[test]
fn cloudformation_yaml() {
    refused(
        "template.yaml",
        "Parameters:
  Country: {Type: String, Default: NL}
Resources:
  Orders:
    Type: AWS::Events::Rule
    Properties:
      Name: orders
      EventPattern:
        detail:
          country: !Ref Country
          total:
            - numeric: ['>', '5']
          id:
            - wildcard: a**b
            - [x]
  Returns:
    Type: AWS::Serverless::Function
    Properties:
      Events:
        Returned:
          Type: EventBridgeRule
          Properties:
            Pattern:
              source: []
",
        "refused_cloudformation_yaml.txt",
    );
}

#[test]
fn cloudformation_json() {
    refused(
        "template.json",
        r#"{
  "Resources": {
    "Orders": {
      "Type": "AWS::Events::Rule",
      "Properties": {
        "EventPattern": {
          "source": "shop.orders",
          "detail": {"id": [{"exists": "yes"}, {"prefix": "a", "suffix": "b"}]}
        }
      }
    },
    "Text": {
      "Type": "AWS::Events::Rule",
      "Properties": {
        "EventPattern": "{\"detail\": {\"id\": [{\"sufix\": \"-x\"}]}}"
      }
    }
  }
}
"#,
        "refused_cloudformation_json.txt",
    );
}

#[test]
fn lines_of_name_and_pattern() {
    refused(
        "rules.tsv",
        "good\t{\"source\": [\"a\"]}\nbad one\t{\"source\": \"a\", \"detail\": {}}\nbad\t{\"source\": [\"a\"\n",
        "refused_tsv.txt",
    );
}

#[test]
fn typed_patterns() {
    let session = Session::new();
    let pattern = "{\"source\": [{\"sufix\": \"x\"}],\n \"$or\": [{\"a\": [1]}], \"detail\": 5}";
    let ran = session.run_with_input(&["match", "--pattern", pattern], "{}");
    assert_eq!((ran.code, ran.out.as_str()), (2, ""));
    assert_snapshot("refused_typed.txt", &ran.err);
}

#[test]
fn patterns_in_files() {
    let session = Session::new();
    session.file("pattern.json", "{\n  \"source\": [\"a\",]\n}\n");
    let ran = session.run_with_input(&["match", "--pattern", "pattern.json"], "{}");
    assert_eq!((ran.code, ran.out.as_str()), (2, ""));
    assert_snapshot("refused_pattern_file.txt", &ran.err);
    let ran = session.run(&["match", "--pattern", "no.json"]);
    assert_eq!(ran.code, 2);
    assert!(
        ran.err.starts_with("error: no.json is neither a readable file nor the JSON text of a pattern: "),
        "{}",
        ran.err
    );
}

#[test]
fn limits_are_those_of_the_service_unless_the_engine_is_asked() {
    let session = Session::new();
    session.file("rules.tsv", format!("long\t{{\"source\":[\"{}\"]}}\n", "x".repeat(5_000)));
    let arguments = ["replay", "--rules", "rules.tsv", "--events", "-", "--format", "json"];
    let ran = session.run_with_input(&arguments, "{}");
    assert_eq!(ran.code, 2);
    assert!(ran.err.contains("at most 4096 are accepted\n  --> rules.tsv:1:"), "{}", ran.err);
    let ran = session.run_with_input(&[&arguments[..], &["--limits", "engine"]].concat(), "{}");
    assert_eq!(ran.counts(), (0, [1, 0, 1, 0]));
}

#[test]
fn thousands_of_problems_are_counted_and_not_all_printed() {
    let placeholders: String = (0..20_000).map(|at| format!("<nobody-{at}>")).collect();
    let names: String = (0..10_000).map(|at| format!("\"bad name {at}\": \"$.x\", ")).collect();
    let map = "\"v\": \"$.v\"";
    for (paths, template) in [
        (map.to_owned(), placeholders),
        (map.to_owned(), "<>".repeat(20_000)),
        (format!("{names}{map}"), "{}".to_owned()),
    ] {
        let session = Session::new();
        session.file(
            "rules.json",
            format!(
                "{{\"Name\": \"a\", \"EventPattern\": {{\"source\": [\"a\"]}}, \"Targets\": [{{\"Id\": \"t\", \
                 \"Arn\": \"arn:aws:sqs:eu-west-1:1:q\", \"InputTransformer\": {{\"InputPathsMap\": {{{paths}}}, \
                 \"InputTemplate\": \"[{template}]\"}}}}]}}"
            ),
        );
        let ran = session.run_with_input(&["replay", "--rules", "rules.json", "--events", "-"], "{}");
        assert_eq!(ran.code, 2);
        assert!(ran.err.len() < 100_000, "{} bytes", ran.err.len());
        assert!(ran.err.lines().filter(|line| line.starts_with("error: ")).count() <= 21);
        assert!(ran.err.contains(" more problems  (rule a, target t)\n"), "{}", ran.err);
    }
}
