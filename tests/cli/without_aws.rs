//! Commands that call AWS, in a program that was built without it.

use super::session::Session;

#[test]
fn they_exist_and_say_how_to_get_them() {
    let commands: [&[&str]; 8] = [
        &["parity", "--rate", "5/s"],
        &["probe", "up", "--yes"],
        &["probe", "down"],
        &["probe", "sweep", "--older-than", "1h"],
        &["probe", "run", "--rules", "r", "--events", "e", "--rate", "400/s", "--timeout", "10s"],
        &["probe", "redrive", "20261122T164500Z-3f9a01bc", "--in-flight", "100"],
        &["probe", "show"],
        &["rules", "pull", "orders"],
    ];
    for command in commands {
        let ran = Session::new().run(command);
        assert_eq!((ran.code, ran.out.as_str()), (2, ""), "{ran:?}");
        assert!(ran.err.contains("cargo install --path . --features aws"), "{ran:?}");
        assert!(ran.err.contains(&format!("`ruleproof {}", command[0])), "{ran:?}");
    }
}

#[test]
fn queues_cannot_be_worked_on() {
    let session = Session::new();
    session.file("rules.yaml", super::session::TWO_RULES);
    let ran = session.run(&["sample", "--rules", "rules.yaml", "--events", "sqs://sampled"]);
    assert_eq!((ran.code, ran.out.as_str()), (2, ""), "{ran:?}");
    assert!(ran.err.contains("cargo install --path . --features aws"), "{ran:?}");
}

#[test]
fn verdicts_of_a_sample_cannot_be_held_against_those_of_aws() {
    let session = Session::new();
    session.file("rules.yaml", super::session::TWO_RULES).file("events.ndjson", "{\"source\":\"a\"}\n");
    let arguments = ["sample", "--rules", "rules.yaml", "--events", "events.ndjson", "--cross-check", "1%"];
    let ran = session.run(&arguments);
    assert_eq!((ran.code, ran.out.as_str()), (2, ""), "{ran:?}");
    assert!(ran.err.contains("`ruleproof sample --cross-check` calls AWS"), "{ran:?}");
    let arguments = ["sample", "--rules", "rules.yaml", "--events", "events.ndjson", "--probe", "1%"];
    let ran = session.run(&arguments);
    assert_eq!((ran.code, ran.out.as_str()), (2, ""), "{ran:?}");
    assert!(ran.err.contains("`ruleproof sample --probe` calls AWS"), "{ran:?}");
}

#[test]
fn live_buses_cannot_be_read() {
    let ran = Session::new().run(&["lint", "live://eu-west-1/orders"]);
    assert_eq!(ran.code, 2, "{ran:?}");
    assert!(ran.out.contains("this program was built without AWS"), "{ran:?}");
    assert!(ran.out.contains("--features aws"), "{ran:?}");
}

#[test]
fn events_on_aws_cannot_be_fetched() {
    let session = Session::new();
    session.file("rules.yaml", super::session::TWO_RULES);
    let ran = session.run(&["replay", "--rules", "rules.yaml", "--events", "s3://events/2026/"]);
    assert_eq!((ran.code, ran.out.as_str()), (2, ""), "{ran:?}");
    assert!(ran.err.contains("`s3://events/2026/`: this program was built without AWS"), "{ran:?}");
    assert!(ran.err.contains("--features aws"), "{ran:?}");
}
