//! Faults in a copy of the shipped rules: each turns their suites red, with the right explanation.

use std::fs;
use std::path::Path;

use super::session::{Session, repository};
use super::test_support::test;

/// A mistake that people make.
struct Fault {
    /// What it is.
    what: &'static str,
    file: &'static str,
    /// What stood there, once, and what stands there now.
    change: (&'static str, &'static str),
    /// What the output says, in this order.
    says: &'static [&'static str],
}

const FAULTS: &[Fault] = &[
    Fault {
        what: "a bound that is no longer included",
        file: "orders/template.yaml",
        change: ("numeric: [\">=\", 1000]", "numeric: [\">\", 1000]"),
        says: &[
            "large orders of good customers go to the account managers: the least that is large",
            "order-paid-large should match, it does not",
            "✗ /detail/total  wanted {\"numeric\":[\">\",1000]}, got 1000  rules/orders/template.yaml:50:18",
        ],
    },
    Fault {
        what: "a bound that moved by a digit",
        file: "orders/template.yaml",
        change: ("numeric: [\">=\", 1000]", "numeric: [\">=\", 100]"),
        says: &[
            "a large order is missed by a single field: /detail/total = 999.99",
            "order-paid-large should not match, it does",
            "✓ /detail/total  999.99 fits {\"numeric\":[\">=\",100]}",
        ],
    },
    Fault {
        what: "an alternative that was forgotten",
        file: "orders/template.yaml",
        change: ("tier: [1, 2]", "tier: [1]"),
        says: &[
            "large orders of good customers go to the account managers: /detail/customer/tier = 2",
            "✗ /detail/customer/tier  wanted 1, got 2  rules/orders/template.yaml:49:19",
        ],
    },
    Fault {
        what: "a condition that was forgotten",
        file: "orders/template.yaml",
        change: ("          stage: [!Ref Stage]\n", ""),
        says: &[
            "a large order is missed by a single field: /detail/stage = \"Prod\"",
            "order-paid-large should not match, it does",
        ],
    },
    Fault {
        what: "another case",
        file: "orders/template.yaml",
        change: ("detail-type: [\"Order Paid\"]", "detail-type: [\"Order paid\"]"),
        says: &[
            "large orders of good customers go to the account managers: as it is",
            "✗ /detail-type  wanted \"Order paid\", got \"Order Paid\"  rules/orders/template.yaml:44:22",
            "hint: differs in case only",
        ],
    },
    Fault {
        what: "a field one level too high",
        file: "orders/template.yaml",
        change: (
            "          customer:\n            country: !Ref LargeOrderCountries\n            tier: [1, 2]\n",
            "          customer:\n            country: !Ref LargeOrderCountries\n          tier: [1, 2]\n",
        ),
        says: &[
            "✗ /detail/tier  wanted [1,2], got nothing  rules/orders/template.yaml:49:17",
            "hint: the event has the field at /detail/customer/tier, where it would do",
        ],
    },
    Fault {
        what: "a smaller network",
        file: "orders/template.yaml",
        change: ("cidr: 203.0.113.0/24", "cidr: 203.0.113.0/25"),
        says: &[
            "risky orders are reviewed: last address of the range",
            "order-risk-review should match, it does not",
            "✗ /detail/client/ip  wanted [{\"cidr\":\"203.0.113.0/25\"},{\"cidr\":\"2001:db8:bad::/48\"}], got \"203.0.113.255\"",
        ],
    },
    Fault {
        what: "a string where the event has a boolean",
        file: "orders/template.yaml",
        change: ("customer: { blocked: [true] }", "customer: { blocked: [\"true\"] }"),
        says: &[
            "risky orders are reviewed: a blocked customer",
            "orders that are not risky enough: not a boolean",
        ],
    },
    Fault {
        what: "case that counts again",
        file: "orders/template.yaml",
        change: ("method: [{ prefix: { equals-ignore-case: express } }]", "method: [{ prefix: express }]"),
        says: &[
            "express orders go to the warehouse: /detail/shipping/method = \"EXPRESS-Saturday\"",
            "✗ /detail/shipping/method  wanted {\"prefix\":\"express\"}, got \"EXPRESS-Saturday\"",
            "hint: differs in case only",
        ],
    },
    Fault {
        what: "presence turned round",
        file: "orders/template.yaml",
        change: ("gift: { message: [{ exists: true }]", "gift: { message: [{ exists: false }]"),
        says: &[
            "gifts are wrapped: as it is",
            "✗ /detail/gift/message  wanted {\"exists\":false}, got \"enjoy\"",
        ],
    },
    Fault {
        what: "a wildcard without its space",
        file: "orders/template.yaml",
        change: ("wildcard: \"Order *ed\"", "wildcard: \"Order*ed\""),
        says: &[
            "changes that are not logged: /detail-type = \"Ordered\"",
            "✓ /detail-type  \"Ordered\" fits {\"wildcard\":\"Order*ed\"}",
        ],
    },
    Fault {
        what: "a number in quotes in a template",
        file: "orders/template.yaml",
        change: ("\"total\": <total>,", "\"total\": \"<total>\","),
        says: &[
            "what the account managers get",
            "order-paid-large, target account-managers, gets another body",
            "-   \"total\": 1200",
            "+   \"total\": \"1200\"",
        ],
    },
    Fault {
        what: "an input path one level too high",
        file: "orders/template.yaml",
        change: ("InputPath: $.detail.shipping", "InputPath: $.detail"),
        says: &[
            "express orders go to the warehouse: what it gets",
            "order-express, target warehouse, gets another body",
        ],
    },
    Fault {
        what: "a template that some orders break now",
        file: "orders/template.yaml",
        change: (
            "'{\"timestamp\": <time>, \"message\": \"<type> <order> by <actor>\"}'",
            "'{\"timestamp\": <actor>, \"message\": \"<type> <order> by <actor>\"}'",
        ),
        says: &[
            "changes by people are logged: as it is",
            "order-audit, target log, does not get the event: INVALID_LOG_EVENT",
        ],
    },
    Fault {
        what: "one state of two",
        file: "platform/template.json",
        change: ("{\"state\": [\"stopped\", \"terminated\"]}", "{\"state\": [\"stopped\"]}"),
        says: &[
            "instances that stop are told: /detail/state = \"terminated\"",
            "✗ /detail/state  wanted \"stopped\", got \"terminated\"  rules/platform/template.json:19:",
        ],
    },
    Fault {
        what: "a largest size that is no longer included",
        file: "platform/template.json",
        change: ("\"<=\", 26214400", "\"<\", 26214400"),
        says: &[
            "images get thumbnails: the largest",
            "✗ /detail/object/size  wanted {\"numeric\":[\">\",0,\"<\",26214400]}, got 26214400",
        ],
    },
    Fault {
        what: "two conditions that no longer look at the same element",
        file: "platform/template.json",
        change: (
            "\"containers\": {\"exitCode\": [{\"anything-but\": 0}], \"lastStatus\": [\"STOPPED\"]}",
            "\"containers\": {\"exitCode\": [{\"anything-but\": 0}]}",
        ),
        says: &[
            "tasks that did not crash: /detail/containers/0/lastStatus = \"RUNNING\"",
            "tasks that did not crash: one that failed and runs again, one that stopped well",
        ],
    },
    Fault {
        what: "a prefix cut short",
        file: "security/cloudtrail.yaml",
        change: ("{ prefix: Create }", "{ prefix: Crea }"),
        says: &[
            "what changes no rights, or is meant to: /detail/eventName = \"Creation\"",
            "iam-change should not match, it does",
        ],
    },
    Fault {
        what: "an exclusion that was forgotten",
        file: "security/cloudtrail.yaml",
        change: ("toPort: [{ anything-but: [80, 443] }]", "toPort: [{ anything-but: [80] }]"),
        says: &["ports that are not: /detail/requestParameters/ipPermissions/items/0/toPort = 443"],
    },
    Fault {
        what: "a number against a string",
        file: "security/guardduty.yaml",
        change: ("severity: [{ numeric: [\">=\", 7] }]", "severity: [\"8\"]"),
        says: &[
            "what wakes somebody up: severe",
            "✗ /detail/severity  wanted \"8\", got 8  rules/security/guardduty.yaml:",
            "hint: the event has a number of these digits, and a string matches strings only",
        ],
    },
    Fault {
        what: "an account too few",
        file: "security/health.yaml",
        change: ("account: [\"123456789012\", \"012345678901\"]", "account: [\"123456789012\"]"),
        says: &[
            "changes that we have to prepare for: /account = \"012345678901\"",
            "✗ /account  wanted \"123456789012\", got \"012345678901\"",
        ],
    },
    Fault {
        what: "JSON text of the command line, edited by hand",
        file: "delivery/list-rules.json",
        change: ("[\\\"FAILED\\\",\\\"FAULT\\\"]", "[\\\"FAILED\\\",\\\"Fault\\\"]"),
        says: &[
            "a build of a pipeline has failed: /detail/build-status = \"FAULT\"",
            "✗ /detail/build-status  wanted [\"FAILED\",\"Fault\"], got \"FAULT\"  rules/delivery/list-rules.json:34:",
        ],
    },
];

fn copy(from: &Path, to: &Path) {
    fs::create_dir_all(to).unwrap();
    for entry in fs::read_dir(from).unwrap() {
        let path = entry.unwrap().path();
        let target = to.join(path.file_name().unwrap());
        match path.is_dir() {
            true => copy(&path, &target),
            false => drop(fs::copy(&path, &target).unwrap()),
        }
    }
}

#[test]
fn every_fault_turns_the_suites_red_with_the_right_explanation() {
    assert!(FAULTS.len() >= 20);
    let session = Session::new();
    copy(&repository().join("rules"), &session.path("rules"));
    let mut wrong = Vec::new();
    for fault in FAULTS {
        let file = format!("rules/{}", fault.file);
        let sound = session.read(&file);
        assert_eq!(sound.matches(fault.change.0).count(), 1, "{}", fault.what);
        session.file(&file, sound.replace(fault.change.0, fault.change.1));
        let ran = test(&session, &["rules"]);
        session.file(&file, sound);
        let mut rest = ran.out.as_str();
        for words in fault.says {
            match rest.find(words) {
                Some(at) => rest = &rest[at..],
                None => wrong.push(format!("{}: no `{words}`", fault.what)),
            }
        }
        assert_eq!(ran.code, 1, "{}: {ran:?}", fault.what);
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
    assert_eq!(test(&session, &["rules"]).code, 0);
}
