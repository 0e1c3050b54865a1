//! Files of the Serverless Framework.

use ruleproof::rules::SourceKind;

use crate::support::{essence, load_data, load_text, notes, only, pattern, problems};

#[test]
fn events_are_rules_with_the_names_that_the_framework_makes() {
    let loaded = load_data(&["serverless.yml"], &[]);
    assert_eq!(problems(&loaded), Vec::<String>::new());
    assert_eq!(
        essence(&loaded),
        [
            "shop-dev-onOrder-rule-1 orders-dev ENABLED {\"source\":[\"shop.orders\"],\"detail\":{\"status\":[\"paid\"]}} None \
             [\"shop-dev-onOrder-rule-1-target ${OnOrderLambdaFunction.Arn} \
             [\\\"Transformer Some([\\\\\\\"id=$.detail.id\\\\\\\"]) Some(\\\\\\\"{\\\\\\\\\\\\\\\"id\\\\\\\\\\\\\\\": <id>}\\\\\\\")\\\"] \
             Some(RetryPolicy { event_age_s_max: Some(3600), retry_attempts_max: Some(3) }) \
             Some(\\\"arn:aws:sqs:eu-west-1:123456789012:dlq\\\")\"]",
            "shop-dev-onOrder-rule-2 default ENABLED  Some(\"rate(10 minutes)\") \
             [\"shop-dev-onOrder-rule-2-target ${OnOrderLambdaFunction.Arn} \
             [\\\"Input {\\\\\\\"tick\\\\\\\":true}\\\"] None None\"]",
            "OnOrderEventsRuleCloudWatchEvent1 default ENABLED \
             {\"source\":[\"aws.ec2\"],\"detail-type\":[\"EC2 Instance State-change Notification\"],\"detail\":{\"state\":[\"stopped\"]}} None \
             [\"onOrderCloudWatchEvent ${OnOrderLambdaFunction.Arn} [\\\"InputPath $.detail\\\"] None None\"]",
        ]
    );
    assert_eq!(loaded.rules[0].source_kind, SourceKind::Serverless);
    let places: Vec<String> = loaded.rules.iter().map(|rule| rule.place.place.to_string()).collect();
    assert_eq!(places, ["7:9", "17:9", "18:9"]);
    let prod = load_data(&["serverless.yml"], &["opt:stage=prod"]);
    assert_eq!(prod.rules[0].name.as_str(), "shop-prod-onOrder-rule-1");
}

const VARIABLES: &str = r#"
service: shop
provider: { name: aws, stage: "${opt:stage, 'test'}", eventBridge: { useCloudFormation: true } }
custom:
  sources: { test: [shop.test], prod: [shop.prod] }
  deep: { pattern: { source: "${self:custom.sources.${sls:stage}}", account: ["${aws:accountId}"] } }
functions:
  on-order_x:
    events:
      - eventBridge:
          eventBus: "arn:${AWS::Partition}:events:eu-west-1:1:event-bus/${env:BUS, 'orders'}"
          pattern: ${self:custom.deep.pattern}
          deadLetterQueueArn: ${cf:shared.DlqArn}
      - eventBridge: { pattern: { a: ["${self:custom.missing}", "${ssm:/x, 'never this'}"] } }
"#;

#[test]
fn variables_resolve_where_the_file_has_the_answer() {
    let loaded = load_text("serverless.yml", VARIABLES, &[]);
    assert_eq!(
        problems(&loaded),
        [
            "6:79 shop-test-on-order_x-rule-1: unresolved `aws:accountId`",
            "14:39 shop-test-on-order_x-rule-2: unresolved `self:custom.missing`",
            "14:65 shop-test-on-order_x-rule-2: unresolved `ssm:/x`",
        ]
    );
    let given = ["aws:accountId=1", "self:custom.missing=m", "ssm:/x=x", "opt:stage=prod"];
    let loaded = load_text("serverless.yml", VARIABLES, &given);
    assert_eq!(problems(&loaded), Vec::<String>::new());
    let [first, second] = &loaded.rules[..] else { panic!("two rules") };
    assert_eq!((first.name.as_str(), first.bus.as_str()), ("shop-prod-on-order_x-rule-1", "orders"));
    assert_eq!(pattern(first), r#"{"source":["shop.prod"],"account":["1"]}"#);
    assert_eq!(pattern(second), r#"{"a":["m","x"]}"#);
    assert_eq!(first.targets[0].arn.written(), "${OnDashorderUnderscorexLambdaFunction.Arn}");
    assert_eq!(
        first.targets[0].dead_letter_arn.as_ref().map(|arn| arn.written()),
        Some("${cf:shared.DlqArn}")
    );
    // What a variable brings from elsewhere stands where it is written.
    let text = first.trigger.pattern().expect("a pattern");
    assert_eq!(text.place_of(text.json().find("shop.prod").expect("there")).place.to_string(), "5:40");
}

#[test]
fn whole_sections_of_other_files_are_not_missed_in_silence() {
    let file = "service: s\nprovider: { name: aws }\nfunctions:\n  a: ${file(./a.yml)}\n  b:\n    events: ${file(./b.yml):events}\n";
    assert_eq!(
        problems(&load_text("serverless.yml", file, &[])),
        ["4:6 unresolved `file(./a.yml)`", "6:13 unresolved `file(./b.yml):events`"]
    );
}

#[test]
fn circles_and_doublings_end() {
    let circle = "service: s\nprovider: aws\ncustom: { a: '${self:custom.b}', b: '${self:custom.a}' }\nfunctions: { f: { events: [{ eventBridge: { pattern: { a: ['${self:custom.a}'] } } }] } }\n";
    assert_eq!(problems(&load_text("serverless.yml", circle, &[])).len(), 1);
    let mut doubling = "service: s\nprovider: aws\nfunctions: { f: { events: [{ eventBridge: { pattern: { a: ['${self:custom.a0}'] } } }] } }\ncustom:\n".to_owned();
    for level in 0..29 {
        doubling.push_str(&format!("  a{level}: '${{self:custom.a{0}}}${{self:custom.a{0}}}'\n", level + 1));
    }
    doubling.push_str("  a29: x\n");
    assert!(!problems(&load_text("serverless.yml", &doubling, &[])).is_empty());
}

#[test]
fn schedules_filters_and_templates() {
    let file = r#"
service: { name: s }
provider: { name: aws }
functions:
  - f:
      name: own-name
      events:
        - schedule: rate(1 hour)
        - schedule: { rate: [rate(2 hours), cron(0 8 * * ? *)], enabled: false, input: { a: !Ref X } }
        - schedule: { rate: rate(3 hours), method: scheduler }
        - sqs: { arn: !GetAtt Q.Arn, filterPatterns: [{ body: { a: [1] } }, { body: { a: [2] } }] }
        - http: GET /
        - alexaSkill
        - eventBridge: { pattern: { source: [a] } }
resources:
  - Resources: { Q: { Type: AWS::SQS::Queue } }
  - Resources: { R: { Type: AWS::Events::Rule, Properties: { EventPattern: { source: [b] } } } }
"#;
    let loaded = load_text("serverless.yml", file, &[]);
    assert_eq!(problems(&loaded), Vec::<String>::new());
    let seen: Vec<String> = loaded
        .rules
        .iter()
        .map(|rule| {
            format!(
                "{} {} {} {}",
                rule.source_kind,
                rule.name,
                rule.state,
                rule.trigger.schedule().unwrap_or(pattern(rule))
            )
        })
        .collect();
    assert_eq!(
        seen,
        [
            "serverless FEventsRuleSchedule1 ENABLED rate(1 hour)",
            "serverless FEventsRuleSchedule2 DISABLED rate(2 hours)",
            "serverless FEventsRuleSchedule3 DISABLED cron(0 8 * * ? *)",
            "event-source-mapping f-sqs-4 ENABLED {\"$or\":[{\"body\":{\"a\":[1]}},{\"body\":{\"a\":[2]}}]}",
            "serverless own-name-rule-7 ENABLED {\"source\":[\"a\"]}",
            "cloudformation R ENABLED {\"source\":[\"b\"]}",
        ]
    );
    assert!(notes(&loaded)[0].contains("a schedule of EventBridge Scheduler matches no event"));
    assert_eq!(loaded.rules[3].bus.as_str(), "${Q.Arn}");
}

#[test]
fn services_without_events_say_so() {
    let file = "service: s\nprovider: aws\nfunctions: { f: { events: [{ http: GET / }] } }\n";
    assert_eq!(
        problems(&load_text("serverless.yml", file, &[])),
        ["holds no rules, only other events of functions"]
    );
}

#[test]
fn names_that_are_too_long_can_be_given() {
    let function = "f".repeat(60);
    let file = format!(
        "service: shop\nprovider: aws\nfunctions: {{ {function}: {{ events: [{{ eventBridge: {{ pattern: {{ a: [1] }} }} }}] }} }}\n"
    );
    let loaded = load_text("serverless.yml", &file, &[]);
    assert!(notes(&loaded)[0].contains("is not known before deployment"), "{:?}", notes(&loaded));
    let given = format!("shop-dev-{function}-rule-1=short");
    assert_eq!(only(&load_text("serverless.yml", &file, &[&given])).name.as_str(), "short");
}
