//! Rules to put on the simulated bus.

use std::sync::OnceLock;

use ruleproof::findings::{CompiledRule, compile};
use ruleproof::pattern::Limits;
use ruleproof::rules::{Parameters, load};

/// Names, patterns and targets.
const RULES: [(&str, &str, &[&str]); 16] = [
    ("orders", r#"{"source":["shop.orders"]}"#, &[WHOLE]),
    ("placed", r#"{"source":["shop.orders"],"detail-type":["Placed"]}"#, &[JSON, TEXT]),
    ("kind-a", r#"{"detail":{"kind":["a"]}}"#, &[PART_TEXT]),
    ("not-a", r#"{"detail":{"kind":[{"anything-but":["a"]}]}}"#, &[CONSTANT, WHOLE]),
    ("large", r#"{"detail":{"n":[{"numeric":[">",4]}]}}"#, &[TIMES]),
    ("maybe", r#"{"detail":{"maybe":[{"exists":true}]}}"#, &[BARE]),
    ("no-maybe", r#"{"detail":{"maybe":[{"exists":false}]}}"#, &[BARE, PART_DETAIL]),
    ("tagged", r#"{"detail":{"tags":["x"]}}"#, &[JSON]),
    ("plain", r#"{"detail":{"text":[{"prefix":"plain"}]}}"#, &[TEXT]),
    ("either", r#"{"$or":[{"source":["shop.returns"]},{"detail":{"kind":["b"]}}]}"#, &[WHOLE, CONSTANT]),
    ("quotes", r#"{"detail":{"text":[{"wildcard":"*\"*"}]}}"#, &[TEXT, JSON]),
    ("nobody", r#"{"source":["nobody"]}"#, &[WHOLE]),
    ("home", r#"{"account":["123456789012"],"detail":{"n":[1,2]}}"#, &[OBJECT]),
    ("elsewhere", r#"{"account":["999999999999"]}"#, &[WHOLE]),
    ("silent", r#"{"detail":{"kind":["c"]}}"#, &[]),
    ("many", r#"{"detail":{"n":[{"numeric":["<",3]}]}}"#, &[WHOLE, JSON, TEXT, TIMES, PART_DETAIL]),
];

const WHOLE: &str = "";
const CONSTANT: &str = r#","Input":"{ \"fixed\": true }""#;
const PART_TEXT: &str = r#","InputPath":"$.detail.text""#;
const PART_DETAIL: &str = r#","InputPath":"$.detail""#;
const JSON: &str = r#","InputTransformer":{"InputPathsMap":{"u":"$.detail.unique","t":"$.detail.text","n":"$.detail.n"},
    "InputTemplate":"{\"order\": \"<u>\", \"text\": <t>, \"n\": [<n>]}"}"#;
const TEXT: &str = r#","InputTransformer":{"InputPathsMap":{"u":"$.detail.unique","t":"$.detail.text"},
    "InputTemplate":"\"order <u> says <t>\""}"#;
const BARE: &str = r#","InputTransformer":{"InputPathsMap":{"m":"$.detail.maybe"},"InputTemplate":"<m>"}"#;
const TIMES: &str = r#","InputTransformer":{"InputPathsMap":{"u":"$.detail.unique"},
    "InputTemplate":"{\"at\":<aws.events.event.ingestion-time>,\"rule\":\"<aws.events.rule-name>\",\"u\":<u>}"}"#;
const OBJECT: &str =
    r#","InputTransformer":{"InputPathsMap":{"d":"$.detail"},"InputTemplate":"{\"in\":\"<d>\",\"d\":<d>}"}"#;

/// All rules, compiled.
pub fn all() -> &'static [CompiledRule] {
    static ALL: OnceLock<Vec<CompiledRule>> = OnceLock::new();
    ALL.get_or_init(|| {
        let folder = tempfile::tempdir().expect("a folder");
        for (number, (name, pattern, targets)) in RULES.iter().enumerate() {
            let targets: Vec<String> = targets
                .iter()
                .enumerate()
                .map(|(target, input)| {
                    format!(r#"{{"Id":"t{target}","Arn":"arn:aws:sqs:eu-west-1:1:q"{input}}}"#)
                })
                .collect();
            let targets = targets.join(",");
            let rule = format!(r#"{{"Name":"{name}","EventPattern":{pattern},"Targets":[{targets}]}}"#);
            std::fs::write(folder.path().join(format!("{number:02}.json")), rule).expect("a file");
        }
        let loaded = load(&[folder.path().display().to_string()], &Parameters::default());
        let compiled = compile(loaded, &Limits::service());
        assert!(!compiled.has_errors() && compiled.rules.len() == RULES.len(), "{:?}", compiled.findings);
        compiled.rules
    })
}
