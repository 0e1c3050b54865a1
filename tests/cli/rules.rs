//! `ruleproof rules`, and rules of another revision.

use std::process::Command;

use crate::session::{Session, repository};

const TEMPLATE: &str = "\
Resources:
  Big:
    Type: AWS::Events::Rule
    Properties:
      Name: big-orders
      EventBusName: orders
      EventPattern: { source: [shop.orders], detail: { total: [{ numeric: ['>', 100] }] } }
      Targets:
        - { Id: queue, Arn: !GetAtt Queue.Arn, InputPath: $.detail, DeadLetterConfig: { Arn: 'arn:aws:sqs:eu-west-1:1:d' } }
  Tick:
    Type: AWS::Events::Rule
    Properties: { ScheduleExpression: rate(1 hour), State: DISABLED }
";

fn session() -> Session {
    let session = Session::new();
    session.file("template.yaml", TEMPLATE);
    session
}

#[test]
fn the_list_says_what_was_found_where_and_what_is_open() {
    let ran = session().run(&["rules", "list", "template.yaml"]);
    assert_eq!((ran.code, ran.err.as_str()), (0, ""));
    assert_eq!(
        ran.out,
        "\
rule        bus      state     trigger       targets  source          at
big-orders  orders   ENABLED   pattern       1        cloudformation  template.yaml:2:3
Tick        default  DISABLED  rate(1 hour)  0        cloudformation  template.yaml:10:3

not known before deployment
  big-orders: `Fn::GetAtt: Queue.Arn` at template.yaml:9:29: give it with `--param Queue.Arn=VALUE`
"
    );
    let given = session().run(&["rules", "list", "template.yaml", "--param", "Queue.Arn=q"]);
    assert!(!given.out.contains("not known"), "{given:?}");
}

#[test]
fn the_list_as_json_has_places_and_open_values() {
    let json = session().run(&["rules", "list", "--format", "json", "template.yaml"]).json();
    assert_eq!(json["schema_version"], 1);
    let big = &json["rules"][0];
    assert_eq!((&big["name"], &big["line"], &big["targets"]), (&"big-orders".into(), &2.into(), &1.into()));
    assert_eq!(big["pattern"], r#"{"source":["shop.orders"],"detail":{"total":[{"numeric":[">",100]}]}}"#);
    assert_eq!(big["unresolved"][0]["param"], "Queue.Arn");
    assert_eq!(json["rules"][1]["schedule"], "rate(1 hour)");
}

#[test]
fn problems_are_listed_beside_the_rules_and_decide_the_exit_code() {
    let session = session();
    session.file("broken.yaml", "Name: x\nEventPattern: { a: [!Ref Stage] }\n");
    let ran = session.run(&["rules", "list", "template.yaml", "broken.yaml", "--format", "json"]);
    assert_eq!(ran.code, 2);
    assert!(ran.err.contains("unresolved `Ref: Stage`"), "{ran:?}");
    let json = ran.json();
    assert_eq!(json["rules"].as_array().map(Vec::len), Some(2));
    assert_eq!(json["findings"][0]["code"], "value-unresolved");
    assert_eq!(
        (json["findings"][0]["line"].as_u64(), json["findings"][0]["file"].as_str()),
        (Some(2), Some("broken.yaml"))
    );
    let none = session.run(&["rules", "list"]);
    assert_eq!((none.code, none.err.contains("ruleproof.toml")), (4, true), "{none:?}");
    session.file("ruleproof.toml", "rules = [\"template.yaml\"]\n");
    assert_eq!(session.run(&["rules", "list"]).code, 0);
}

#[test]
fn one_rule_is_shown_in_full() {
    let ran = session().run(&["rules", "show", "big-orders", "template.yaml"]);
    assert_eq!(ran.code, 0, "{ran:?}");
    assert_eq!(
        ran.out,
        r#"big-orders
  source       cloudformation template.yaml:2:3
  bus          orders
  state        ENABLED
  arn          arn:${AWS::Partition}:events:${AWS::Region}:${AWS::AccountId}:rule/orders/big-orders
  pattern      template.yaml:7:21
    {"source":["shop.orders"],"detail":{"total":[{"numeric":[">",100]}]}}
  target       queue template.yaml:9:11
    arn               ${Queue.Arn}
    dead-letter queue arn:aws:sqs:eu-west-1:1:d
    input path        $.detail
  not known before deployment
    `Fn::GetAtt: Queue.Arn` at template.yaml:9:29: give it with `--param Queue.Arn=VALUE`
"#
    );
    let json = session().run(&["rules", "show", "big-orders", "template.yaml", "--format", "json"]).json();
    assert_eq!(json["targets"][0]["inputs"][0]["kind"], "input_path");
    assert_eq!(json["pattern_at"]["line"], 7);
    let unknown = session().run(&["rules", "show", "big-order", "template.yaml"]);
    assert_eq!((unknown.code, unknown.err.contains("did you mean `big-orders`?")), (2, true), "{unknown:?}");
}

#[test]
fn an_export_loads_back_to_the_same_list() {
    let session = session();
    let ran = session.run(&["rules", "export", "template.yaml", "--output", "rules.json"]);
    assert_eq!((ran.code, ran.out.as_str(), ran.err.as_str()), (0, "", ""));
    let again = session.run(&["rules", "export", "rules.json"]);
    assert_eq!(again.out, session.read("rules.json"));
    let essence = |file: &str| {
        let json = session.run(&["rules", "list", "--format", "json", file]).json();
        let rules = json["rules"].as_array().unwrap().clone();
        rules
            .iter()
            .map(|rule| {
                (
                    rule["name"].clone(),
                    rule["bus"].clone(),
                    rule["pattern"].clone(),
                    rule["unresolved"][0]["param"].clone(),
                )
            })
            .collect::<Vec<_>>()
    };
    assert_eq!(essence("rules.json"), essence("template.yaml"));
    let itself = session.run(&["rules", "export", "template.yaml", "--output", "template.yaml"]);
    assert_eq!((itself.code, session.read("template.yaml").as_str()), (2, TEMPLATE));
}

#[test]
fn what_a_plain_file_cannot_hold_is_said() {
    let session = session();
    session.file("rules.tsv", "any label\t{\"a\":[1]}\n");
    session.file("pipe.yaml", "Resources:\n  P: { Type: AWS::Pipes::Pipe, Properties: { Source: s, SourceParameters: { FilterCriteria: { Filters: [{ Pattern: '{\"a\":[1]}' }] } } } }\n");
    let label = session.run(&["rules", "export", "rules.tsv"]);
    assert_eq!((label.code, label.out.as_str()), (2, ""));
    assert!(label.err.contains("its label is no name of a rule"), "{label:?}");
    let pipe = session.run(&["rules", "export", "pipe.yaml", "template.yaml"]);
    assert_eq!(pipe.code, 0);
    assert!(pipe.err.contains("it filters records") && !pipe.out.contains("\"P\""), "{pipe:?}");
}

#[test]
fn filters_of_records_take_no_part_in_a_replay() {
    let session = session();
    session.file("pipe.yaml", "Resources:\n  P: { Type: AWS::Pipes::Pipe, Properties: { Source: s, SourceParameters: { FilterCriteria: { Filters: [{ Pattern: '{\"source\":[\"a\"]}' }] } } } }\n");
    session.file("e.json", r#"{"source":"a","detail-type":"t","detail":{}}"#);
    let ran = session.run(&["replay", "--rules", "pipe.yaml", "--events", "e.json"]);
    assert_eq!(ran.code, 4);
    assert!(ran.err.contains("filters the records of its source and matches no event"), "{ran:?}");
}

/// A repository with two commits of `template.yaml`; `infra/rules.json` is in the second only.
fn repository_with_history() -> Session {
    let session = session();
    git(&session, &["init", "--quiet", "--initial-branch=main"]);
    commit(&session, "first");
    session.file("template.yaml", TEMPLATE.replace("100", "200"));
    session.file("infra/rules.json", r#"[{"Name":"r","EventPattern":{"a":[1]}}]"#);
    session.file("infra/r.targets.json", r#"{"Targets":[{"Id":"t","Arn":"q"}]}"#);
    session.file("infra/.hidden.json", r#"[{"Name":"hidden","EventPattern":{"a":[1]}}]"#);
    session.file("infra/broken.json", "{\"EventPattern\": \n  nonsense}");
    commit(&session, "fix: second");
    session.file("template.yaml", "not committed");
    session
}

fn commit(session: &Session, subject: &str) {
    git(session, &["add", "--all"]);
    git(
        session,
        &["-c", "user.name=t", "-c", "user.email=t@example.com", "commit", "--quiet", "-m", subject],
    );
}

fn git(session: &Session, arguments: &[&str]) {
    let status = Command::new("git").args(arguments).current_dir(session.path("")).status().unwrap();
    assert!(status.success(), "git {arguments:?}");
}

fn numbers(session: &Session, source: &str) -> (i32, String) {
    let ran = session.run(&["rules", "list", "--format", "json", source]);
    let patterns: Vec<String> = ran.json()["rules"]
        .as_array()
        .unwrap()
        .iter()
        .map(|rule| format!("{}:{}", rule["file"].as_str().unwrap(), rule["name"].as_str().unwrap()))
        .collect();
    (ran.code, patterns.join(" "))
}

#[test]
fn rules_of_another_revision_are_read_out_of_git() {
    let session = repository_with_history();
    for (source, number) in [
        ("git:HEAD~1:template.yaml", "100"),
        ("git:main:template.yaml", "200"),
        ("git:HEAD^{/fix: s}:./template.yaml", "200"),
    ] {
        let ran = session.run(&["rules", "show", "big-orders", source]);
        assert!(ran.code == 0 && ran.out.contains(number), "{source}: {ran:?}");
    }
    assert!(
        session.run(&["rules", "list", "git:main:template.yaml"]).out.contains("git:main:template.yaml:2:3")
    );
    assert_eq!(numbers(&session, "git:main:infra/*.json").1, "git:main:infra/rules.json:r");
    let list = session.run(&["rules", "list", "--format", "json", "git:main:infra"]);
    assert_eq!(list.json()["rules"][0]["targets"], 1, "{list:?}");
    assert_eq!(numbers(&session, "git:HEAD~1:").1.split(' ').count(), 2);
    // In a folder below, paths still begin at the top, unless they begin with a dot.
    for source in ["git:main:infra/rules.json", "git:main:./rules.json", "git:main:../infra/rules.json"] {
        let ran = Command::new(env!("CARGO_BIN_EXE_ruleproof"))
            .args(["rules", "list", source])
            .current_dir(session.path("infra"))
            .output()
            .unwrap();
        assert!(ran.status.success(), "{source}: {ran:?}");
    }
}

#[test]
fn problems_of_another_revision_show_its_lines() {
    let session = repository_with_history();
    session.file("infra/broken.json", "");
    let ran = session.run(&["rules", "list", "git:main:infra/broken.json"]);
    assert_eq!(ran.code, 2);
    assert!(
        ran.err.contains("git:main:infra/broken.json:2:3") && ran.err.contains("2 |   nonsense}"),
        "{ran:?}"
    );
}

#[test]
fn revisions_that_cannot_be_read_say_why() {
    let session = repository_with_history();
    for (source, message) in [
        ("git:nowhere:template.yaml", "git knows no revision `nowhere`"),
        ("git:--all:template.yaml", "git knows no revision `--all`"),
        ("git:main..HEAD:template.yaml", "git knows no revision `main..HEAD`"),
        ("git:main:missing.yaml", "the revision has no `missing.yaml`"),
        ("git:main:--upload-pack=x", "the revision has no `--upload-pack=x`"),
        ("git:main:../../etc/passwd", "the revision has no `git:main:../../etc/passwd`"),
        ("git:main", "not of the form git:REVISION:PATH"),
    ] {
        let ran = session.run(&["rules", "list", source]);
        assert_eq!(ran.code, 2, "{ran:?}");
        assert!(ran.err.contains(message) && !ran.err.contains("stopped"), "{source}: {ran:?}");
    }
    let outside = Session::new().run(&["rules", "list", "git:main:x.yaml"]);
    assert!(outside.code == 2 && outside.err.contains("in no git repository"), "{outside:?}");
    let mut without_git = session.command(&["rules", "list", "git:main:template.yaml"]);
    let without_git = crate::session::Ran::from(without_git.env("PATH", "").output().unwrap());
    assert!(
        without_git.code == 2 && without_git.err.contains("the program `git` cannot be run"),
        "{without_git:?}"
    );
}

#[test]
fn a_replay_takes_rules_of_a_revision() {
    let session = repository_with_history();
    session.file("e.json", r#"{"source":"shop.orders","detail-type":"t","detail":{"total":150}}"#);
    let delivered = |rules: &str| {
        session.run(&["replay", "--rules", rules, "--events", "e.json", "--format", "json"]).counts()
    };
    assert_eq!(delivered("git:HEAD~1:template.yaml"), (0, [1, 1, 0, 0]));
    assert_eq!(delivered("git:HEAD:template.yaml"), (0, [1, 0, 1, 0]));
    session.file("ruleproof.toml", "rules = [\"git:HEAD:template.yaml\"]\nevents = [\"e.json\"]\n");
    assert_eq!(session.run(&["replay", "--format", "json"]).counts(), (0, [1, 0, 1, 0]));
}

#[test]
fn the_shipped_rules_can_be_listed_and_exported() {
    let session = Session::new();
    let rules = repository().join("rules");
    let ran = session.run(&["rules", "list", rules.to_str().unwrap()]);
    assert_eq!(ran.code, 0, "{ran:?}");
    assert!(ran.out.lines().count() > 30, "{ran:?}");
    assert_eq!(session.run(&["rules", "export", rules.to_str().unwrap(), "-o", "all.json"]).code, 0);
    assert_eq!(session.run(&["rules", "export", "all.json"]).out, session.read("all.json"));
}

#[test]
fn a_file_among_others_that_cannot_be_read_as_text_is_not_passed_over_if_it_may_hold_rules() {
    let session = Session::new();
    let rule = "Resources: {A: {Type: AWS::Events::Rule, Properties: {EventPattern: {source: [shop]}}}}";
    let latin_1: Vec<u8> = [b"Description: Gr\xf6\xdfe\n".as_slice(), rule.as_bytes()].concat();
    let utf_16: Vec<u8> =
        "\u{feff}".encode_utf16().chain(rule.encode_utf16()).flat_map(u16::to_le_bytes).collect();
    session
        .file("good.json", r#"{"Name":"ok","EventPattern":{"source":["a"]}}"#)
        .file("latin.yaml", latin_1)
        .file("wide.template", utf_16)
        .file("image.json", b"\xff\xd8\xff")
        .file("latin.log", "AWS::Events::Rule gr\u{f6}\u{df}e".chars().map(|c| c as u8).collect::<Vec<u8>>());
    let ran = session.run(&["rules", "list", "."]);
    assert_eq!(ran.code, 2, "{ran:?}");
    for file in ["latin.yaml", "wide.template"] {
        assert!(ran.err.contains(&format!("{file}: not text in UTF-8")), "{ran:?}");
    }
    assert!(!ran.err.contains("image.json") && !ran.err.contains("latin.log"), "{ran:?}");
}

#[test]
fn a_rule_at_fault_is_not_said_to_be_missing() {
    let session = Session::new();
    session.file("t.yaml", "- Name: a\n  EventPattern: {source: [x]}\n  Targets: [{Id: q}]\n");
    let ran = session.run(&["rules", "show", "a", "t.yaml"]);
    assert_eq!(ran.code, 2, "{ran:?}");
    assert!(ran.err.contains("Arn") && !ran.err.contains("no rule is called"), "{ran:?}");
}

#[cfg(unix)]
#[test]
fn what_never_ends_is_refused_where_files_are() {
    let ran = Session::new().run(&["rules", "list", "/dev/zero"]);
    assert_eq!(ran.code, 2, "{ran:?}");
    assert!(ran.err.contains("more than the 268435456 bytes that are read of such a file"), "{}", ran.err);
}
