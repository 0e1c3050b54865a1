//! CloudFormation, CDK and SAM templates as tools write them.

use ruleproof::rules::{Resolved, RuleState, SourceKind, TargetInput};

use crate::support::{essence, input_essence, load_data, load_text, notes, only, pattern, problems};

#[test]
fn a_template_in_yaml_names_what_it_lacks_and_its_places() {
    let loaded = load_data(&["cloudformation_rule.yaml"], &[]);
    assert_eq!(
        problems(&loaded),
        [
            "17:19 big-orders: unresolved `Ref: AWS::AccountId`",
            "18:21 big-orders: unresolved `Fn::GetAtt: OrdersQueue.Arn`",
        ]
    );
    assert!(loaded.rules.is_empty());
    assert_eq!(
        loaded.problems[1].kind.hint().as_deref(),
        Some("give it with `--param OrdersQueue.Arn=VALUE`")
    );
    assert_eq!(
        loaded.problems[0].to_string(),
        "tests/rules/data/cloudformation_rule.yaml:17:19: rule `big-orders`: unresolved `Ref: AWS::AccountId`"
    );
}

#[test]
fn a_template_in_yaml_with_its_values_is_a_whole_rule() {
    let queue = "arn:aws:sqs:eu-west-1:012345678901:q";
    let parameters = ["AWS::AccountId=012345678901", &format!("OrdersQueue.Arn={queue}")];
    let loaded = load_data(&["cloudformation_rule.yaml"], &parameters);
    let rule = only(&loaded);
    assert_eq!((rule.name.as_str(), rule.bus.as_str()), ("big-orders", "orders-dev"));
    assert_eq!(rule.source_kind, SourceKind::CloudFormation);
    assert_eq!(rule.place.place.to_string(), "8:3");
    assert_eq!(
        pattern(rule),
        format!(
            r#"{{"source":["shop.orders"],"detail-type":[{{"prefix":"Order "}}],"account":["012345678901"],"resources":["{queue}"],"detail":{{"stage":["dev"],"total":[{{"numeric":[">=",100,"<",5000]}}],"$or":[{{"country":["NL"]}},{{"vip":[true]}}]}}}}"#
        )
    );
    let [first, second, third] = &rule.targets[..] else { panic!("three targets") };
    assert_eq!(first.arn, Resolved::Known(queue.to_owned()));
    assert_eq!(first.retry_policy.and_then(|policy| policy.event_age_s_max), Some(600));
    assert_eq!(first.retry_policy.and_then(|policy| policy.retry_attempts_max), Some(3));
    assert_eq!(
        first.inputs.iter().map(input_essence).collect::<Vec<_>>(),
        ["Transformer Some([\"id=$.detail.id\", \"total=$.detail.total\"]) \
          Some(\"{\\\"id\\\": <id>, \\\"text\\\": \\\"order <id> is worth <total>\\\"}\\n\")"]
    );
    // The target's account is known, its partition and region are not.
    assert_eq!(
        second.arn.written(),
        "arn:${AWS::Partition}:lambda:${AWS::Region}:012345678901:function:handler"
    );
    assert_eq!(input_essence(&third.inputs[0]), r#"Input {"wake": true}"#);
    let Some(Resolved::Unknown(dead_letters)) = &first.dead_letter_arn else { panic!("not known") };
    assert_eq!(dead_letters.written, "${Dlq.Arn}");
    let resource = dead_letters.resource.as_ref().expect("a resource of the template");
    assert_eq!((resource.logical_id.as_str(), resource.resource_type.as_str()), ("Dlq", "AWS::SQS::Queue"));
}

#[test]
fn a_template_in_json_names_every_open_value_once() {
    let loaded = load_data(&["cloudformation_rule.json"], &[]);
    assert_eq!(
        problems(&loaded),
        [
            "1:123 R: unresolved `Ref: InstanceId`",
            "1:176 R: unresolved `Ref: AWS::Partition`",
            "1:209 R: unresolved `Ref: AWS::Region`",
            "1:235 R: unresolved `Ref: AWS::AccountId`",
            "1:306 R: unresolved `Ref: Stage`",
            "1:341 R: unresolved `Fn::ImportValue: shared-vpc`",
            "1:383 R: unresolved `Fn::FindInMap: Tier.${Stage}.name`",
            "1:453 R: unresolved `Condition: Strict`",
        ]
    );
}

#[test]
fn every_value_can_be_given_under_the_name_in_the_message() {
    let mut parameters: Vec<String> = Vec::new();
    for problem in load_data(&["cloudformation_rule.json"], &[]).problems {
        let hint = problem.kind.hint().expect("a way out");
        let (key, _) = hint
            .trim_start_matches("give it with `--param ")
            .trim_start_matches('\'')
            .split_once('=')
            .expect("NAME=VALUE");
        parameters.push(format!("{key}={}", if key.starts_with("Condition:") { "true" } else { "x" }));
    }
    let parameters: Vec<&str> = parameters.iter().map(String::as_str).collect();
    let loaded = load_data(&["cloudformation_rule.json"], &parameters);
    assert_eq!(
        pattern(only(&loaded)),
        r#"{"source":["aws.ec2"],"detail":{"instance-id":["x"],"arn":["arn:x:ec2:x:x:instance/x"],"name":["web-x"],"vpc":["x"],"tier":["x"],"state":["stopped"]}}"#
    );
    assert_eq!(notes(&loaded), Vec::<String>::new());
}

#[test]
fn output_of_the_cdk_is_a_template() {
    let loaded = load_data(&["cdk_synth.template.json"], &[]);
    assert_eq!(
        problems(&loaded),
        [
            "1:176 Shop.OnOrder: unresolved `Fn::GetAtt: Queue9A8B7C6D.Arn`",
            "1:227 Shop.OnOrder: unresolved `Ref: AWS::AccountId`",
            "1:281 Shop.OnOrder: unresolved `Ref: DataBucketE3F4A5B6`",
        ]
    );
    let parameters =
        ["Queue9A8B7C6D.Arn=q", "AWS::AccountId=1", "DataBucketE3F4A5B6=data", "OrdersBus5E6F7081=orders"];
    let loaded = load_data(&["cdk_synth.template.json"], &parameters);
    let rule = only(&loaded);
    assert_eq!(rule.bus.as_str(), "orders");
    assert_eq!(
        pattern(rule),
        r#"{"source":["shop.orders"],"resources":["q"],"account":["1"],"detail":{"bucket":{"name":["data"]},"object":{"key":[{"prefix":"in/"}]},"path":["s3://data/in"]}}"#
    );
    assert!(matches!(&rule.targets[0].inputs[..], [TargetInput::Transformer(_)]));
}

#[test]
fn sam_events_are_rules_of_their_function() {
    let loaded = load_data(&["sam_template.yaml"], &[]);
    assert_eq!(problems(&loaded), Vec::<String>::new());
    assert_eq!(
        essence(&loaded),
        [
            "on-order orders-dev ENABLED {\"source\":[\"shop.orders\"],\"detail\":{\"total\":[{\"numeric\":[\">\",0]}]}} None \
             [\"fn ${Handler.Arn} [\\\"Input {\\\\\\\"fixed\\\\\\\": 1}\\\"] \
             Some(RetryPolicy { event_age_s_max: Some(300), retry_attempts_max: Some(2) }) Some(\\\"${OnOrderDlq.Arn}\\\")\"]",
            "HandlerLegacy default ENABLED {\"detail-type\":[\"EC2 Instance State-change Notification\"]} None \
             [\"HandlerLegacyLambdaTarget ${Handler.Arn} [\\\"InputPath $.detail\\\"] None None\"]",
            "HandlerTick default ENABLED  Some(\"rate(5 minutes)\") \
             [\"HandlerTickLambdaTarget ${Handler.Arn} [\\\"Input {\\\\\\\"tick\\\\\\\": true}\\\"] None None\"]",
            "FlowOnPaid default ENABLED {\"source\":[\"shop.payments\"],\"detail\":{\"status\":[\"paid\"]}} None \
             [\"FlowOnPaidStepFunctionsTarget ${Flow.Arn} [\\\"Transformer Some([\\\\\\\"id=$.detail.id\\\\\\\"]) \
             Some(\\\\\\\"{\\\\\\\\\\\\\\\"orderId\\\\\\\\\\\\\\\": <id>}\\\\\\\")\\\"] None None\"]",
        ]
    );
    let places: Vec<String> = loaded.rules.iter().map(|rule| rule.place.place.to_string()).collect();
    assert_eq!(places, ["10:9", "23:9", "26:9", "38:9"]);
    let given = load_data(&["sam_template.yaml"], &["Handler.Arn=arn:aws:lambda:eu-west-1:1:function:h"]);
    assert_eq!(given.rules[0].targets[0].arn.written(), "arn:aws:lambda:eu-west-1:1:function:h");
}

#[test]
fn templates_without_rules_and_other_tools_say_so() {
    for (file, what) in [
        ("eventsv2_subscriber.yaml", "holds no rules, only other resources"),
        ("scheduler.yaml", "holds no rules, only other resources"),
        ("cli_describe_archive.json", "holds no rules, it describes an archive"),
    ] {
        let loaded = load_data(&[file], &[]);
        assert_eq!(problems(&loaded), [what], "{file}");
    }
}

const LONG: &str = r#"
Parameters: { Stage: { Type: String, Default: dev }, Zones: { Type: CommaDelimitedList, Default: "a, b" } }
Mappings: { Tier: { dev: { name: small } } }
Conditions:
  IsDev: { "Fn::Equals": [{ Ref: Stage }, dev] }
  Never: { "Fn::And": [{ Condition: IsDev }, { "Fn::Not": [{ "Fn::Or": [{ Condition: IsDev }, { Condition: IsDev }] }] }] }
Resources:
  R:
    Type: AWS::Events::Rule
    Properties:
      EventPattern:
        a: [{ Ref: Stage }]
        b: [{ "Fn::Sub": "x-${Stage}-${!Stage}" }, { "Fn::Sub": ["${v}-${Stage}", { v: { Ref: Stage } }] }]
        c: [{ "Fn::Join": [":", [a, { Ref: Stage }]] }]
        d: { "Fn::If": [IsDev, [yes-branch], [no-branch]] }
        e: { "Fn::If": [Never, [x], { Ref: "AWS::NoValue" }] }
        f: [{ "Fn::FindInMap": [Tier, { Ref: Stage }, name] }]
        g: [{ "Fn::Select": [1, { "Fn::Split": ["/", "p/q/r"] }] }, { "Fn::Select": ["0", { Ref: Zones }] }]
        h: { Ref: Zones }
        i: { "Fn::Split": [",", "1,2"] }
        j: [{ "Fn::Base64": hi }]
        k: [{ "prefix": { "Fn::Sub": "${Stage}/" } }]
        l: [keep, { Ref: "AWS::NoValue" }]
      Targets:
        - { Id: t, Arn: { "Fn::GetAtt": [Queue, Arn] } }
        - { Id: i, Arn: { "Fn::ImportValue": { "Fn::Sub": "${Stage}-topic" } } }
  Queue: { Type: AWS::SQS::Queue }
"#;

const SHORT: &str = r#"
Parameters: { Stage: { Type: String, Default: dev }, Zones: { Type: CommaDelimitedList, Default: "a, b" } }
Mappings: { Tier: { dev: { name: small } } }
Conditions:
  IsDev: !Equals [!Ref Stage, dev]
  Never: !And [!Condition IsDev, !Not [!Or [!Condition IsDev, !Condition IsDev]]]
Resources:
  R:
    Type: AWS::Events::Rule
    Properties:
      EventPattern:
        a: [!Ref Stage]
        b: [!Sub "x-${Stage}-${!Stage}", !Sub ["${v}-${Stage}", { v: !Ref Stage }]]
        c: [!Join [":", [a, !Ref Stage]]]
        d: !If [IsDev, [yes-branch], [no-branch]]
        e: !If [Never, [x], !Ref AWS::NoValue]
        f: [!FindInMap [Tier, !Ref Stage, name]]
        g: [!Select [1, !Split ["/", "p/q/r"]], !Select ["0", !Ref Zones]]
        h: !Ref Zones
        i: !Split [",", "1,2"]
        j: [!Base64 hi]
        k: [{ prefix: !Sub "${Stage}/" }]
        l: [keep, !Ref "AWS::NoValue"]
      Targets:
        - { Id: t, Arn: !GetAtt Queue.Arn }
        - Id: i
          Arn:
            Fn::ImportValue: !Sub "${Stage}-topic"
  Queue: { Type: AWS::SQS::Queue }
"#;

#[test]
fn long_and_short_forms_and_json_give_the_same_rule() {
    let long = load_text("t.yaml", LONG, &[]);
    assert_eq!(
        pattern(only(&long)),
        r#"{"a":["dev"],"b":["x-dev-${Stage}","dev-dev"],"c":["a:dev"],"d":["yes-branch"],"f":["small"],"g":["q","a"],"h":["a","b"],"i":["1","2"],"j":["aGk="],"k":[{"prefix":"dev/"}],"l":["keep"]}"#
    );
    assert_eq!(long.rules[0].targets[0].arn.written(), "${Queue.Arn}");
    assert_eq!(long.rules[0].targets[1].arn.written(), "${ImportValue:dev-topic}");
    assert_eq!(essence(&load_text("t.yaml", SHORT, &[])), essence(&long));
    assert_eq!(essence(&load_text("t.json", &as_json(LONG), &[])), essence(&long));
}

/// YAML of flow collections and simple blocks as JSON, by the crate that the loader uses for nothing but places.
fn as_json(yaml: &str) -> String {
    use saphyr::{LoadableYamlNode, Scalar, Yaml};
    fn write(node: &Yaml<'_>) -> String {
        match node {
            Yaml::Value(Scalar::String(text)) => format!("{text:?}"),
            Yaml::Value(Scalar::Integer(number)) => number.to_string(),
            Yaml::Value(Scalar::Boolean(value)) => value.to_string(),
            Yaml::Sequence(elements) => {
                format!("[{}]", elements.iter().map(write).collect::<Vec<_>>().join(","))
            }
            Yaml::Mapping(members) => {
                let member =
                    |(name, value): (&Yaml<'_>, &Yaml<'_>)| format!("{}:{}", write(name), write(value));
                format!("{{{}}}", members.iter().map(member).collect::<Vec<_>>().join(","))
            }
            other => panic!("not in these tests: {other:?}"),
        }
    }
    write(&Yaml::load_from_str(yaml).expect("YAML")[0])
}

#[test]
fn names_buses_and_states_fall_back_with_a_note() {
    let template = r#"
Resources:
  Fallback:
    Type: AWS::Events::Rule
    Properties:
      Name: !Sub "${Prefix}-rule"
      EventBusName: !ImportValue shared-bus
      State: !Ref RuleState
      EventPattern: { source: [a] }
  OnBus:
    Type: AWS::Events::Rule
    Properties:
      EventBusName: !Sub "arn:aws:events:${AWS::Region}:1:event-bus/known"
      State: DISABLED
      EventPattern: { source: [b] }
"#;
    let loaded = load_text("t.yaml", template, &[]);
    assert_eq!(problems(&loaded), Vec::<String>::new());
    assert_eq!(
        notes(&loaded),
        [
            "6:13 the name `${Prefix}-rule` is not known before deployment, the logical id `Fallback` stands for it",
            "7:21 the bus `${ImportValue:shared-bus}` of the rule `Fallback` is not known before deployment",
            "8:14 the state `${RuleState}` of the rule `Fallback` is not known, it is taken as enabled",
        ]
    );
    let [fallback, on_bus] = &loaded.rules[..] else { panic!("two rules") };
    assert_eq!((fallback.name.as_str(), fallback.bus.as_str()), ("Fallback", "${ImportValue:shared-bus}"));
    assert_eq!((on_bus.bus.as_str(), on_bus.state), ("known", RuleState::Disabled));
    let given = ["Prefix=p", "ImportValue:shared-bus=shop", "RuleState=DISABLED"];
    let loaded = load_text("t.yaml", template, &given);
    assert_eq!(notes(&loaded), Vec::<String>::new());
    assert_eq!(loaded.rules[0].display_name.as_ref(), "p-rule");
    assert_eq!((loaded.rules[0].bus.as_str(), loaded.rules[0].state), ("shop", RuleState::Disabled));
}

#[test]
fn rules_under_a_condition_exist_unless_it_is_false() {
    let template = r#"
Parameters: { Stage: { Type: String } }
Conditions: { IsProd: !Equals [!Ref Stage, prod] }
Resources:
  R: { Type: AWS::Events::Rule, Condition: IsProd, Properties: { EventPattern: { a: [1] } } }
"#;
    let open = load_text("t.yaml", template, &[]);
    assert_eq!(open.rules.len(), 1);
    assert_eq!(
        notes(&open),
        ["5:44 `R` exists only under the condition `IsProd`, which needs `Ref: Stage`; it is taken as given"]
    );
    let dev = load_text("t.yaml", template, &["Stage=dev"]);
    assert_eq!(
        (dev.rules.len(), notes(&dev)),
        (0, vec!["5:44 `R` is left out: its condition `IsProd` is false".to_owned()])
    );
    assert_eq!(problems(&dev), Vec::<String>::new());
    let prod = load_text("t.yaml", template, &["Stage=prod"]);
    assert_eq!((prod.rules.len(), prod.notes.len()), (1, 0));
}
