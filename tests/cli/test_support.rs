//! A small template, and a suite in which each kind of expectation fails once.

use super::session::{Ran, Session};

pub(crate) const TEMPLATE: &str = r#"Parameters:
  Stage: { Type: String }
Resources:
  Large:
    Type: AWS::Events::Rule
    Properties:
      Name: large
      EventPattern:
        source: [shop]
        detail:
          stage: [!Ref Stage]
          total: [{ numeric: [">=", 100] }]
      Targets:
        - Id: queue
          Arn: arn:aws:sqs:eu-west-1:123456789012:queue
          InputTransformer:
            InputPathsMap: { id: $.detail.id, total: $.detail.total }
            InputTemplate: '{"order": <id>, "total": <total>}'
  Returned:
    Type: AWS::Events::Rule
    Properties:
      Name: returned
      EventPattern: { source: [shop], detail: { reason: [{ exists: true }] } }
      Targets:
        - Id: text
          Arn: arn:aws:sqs:eu-west-1:123456789012:queue
          InputTransformer:
            InputPathsMap: { reason: $.detail.reason }
            InputTemplate: '"returned: <reason>"'
  Clock:
    Type: AWS::Events::Rule
    Properties: { Name: clock, ScheduleExpression: rate(5 minutes) }
"#;

/// What every suite here begins with.
pub(crate) const HEAD: &str = "\
version: 1
rules: [template.yaml]
parameters: { Stage: prod }
fixtures:
  placed:
    source: shop
    detail-type: Placed
    detail: { id: o-1, stage: prod, total: 120 }
tests:
";

/// A session with the template and a suite of these tests.
pub(crate) fn suite(tests: &str) -> Session {
    let session = Session::new();
    session.file("template.yaml", TEMPLATE).file("orders.test.yaml", format!("{HEAD}{tests}"));
    session
}

/// The text with `0.00` for times.
pub(crate) fn without_times(text: &str) -> String {
    let times = [("in ", " s"), ("time=\"", "\""), ("\"elapsed_s\":", ",}")];
    let mut text = text.to_owned();
    for (before, after) in times {
        let mut parts = text.split(before);
        let mut shown = parts.next().unwrap_or_default().to_owned();
        for part in parts {
            let digits =
                part.find(|c: char| !(c.is_ascii_digit() || ".e-".contains(c))).unwrap_or(part.len());
            let is_time =
                part[..digits].contains(['.', 'e']) && part[digits..].starts_with(|c| after.contains(c));
            shown += before;
            shown += if is_time { "0.00" } else { &part[..digits] };
            shown += &part[digits..];
        }
        text = shown;
    }
    text
}

/// `ruleproof test` with these arguments, as somebody at a terminal runs it.
pub(crate) fn test(session: &Session, arguments: &[&str]) -> Ran {
    Ran::from(command(session, arguments).output().unwrap())
}

/// The same, not yet started.
pub(crate) fn command(session: &Session, arguments: &[&str]) -> std::process::Command {
    let mut command = session.command(&[&["test"], arguments].concat());
    for name in ["CI", "GITHUB_ACTIONS", "GITHUB_STEP_SUMMARY"] {
        command.env_remove(name);
    }
    command
}

/// Each kind of expectation, failing.
pub(crate) const FAILING: &str = r#"
  - name: as it should be
    event: placed
    expect: { matches: [large] }
  - name: later
    skip: waits for the new queue
    event: placed
    expect: { matches: [] }
  - name: a rule that should match
    event: placed
    set: { /detail/total: 99.9 }
    expect: { matches: [large] }
  - name: a rule that should not
    event: placed
    expect: { never: [large] }
  - name: the exact set
    event: placed
    set: { /detail/reason: broken }
    expect: { matches: [large] }
  - name: another verdict
    event: placed
    set: { /detail/stage: dev }
    expect: { verdict: delivered }
  - name: a code that does not come
    event: placed
    expect: { verdict: errored, code: INVALID_JSON }
  - name: a body that breaks
    event: placed
    set: { /detail/reason: 'the "wrong" one', /detail/total: 5 }
    expect: { matches: [returned] }
  - name: for another reason
    event: placed
    set: { /detail/stage: dev, /detail/total: "120" }
    expect:
      because:
        large: { path: /detail/total, actual: "120" }
  - name: for a reason that is not there
    event: placed
    unset: [/detail/total]
    expect:
      because:
        large: { path: /detail/total, actual: 5 }
  - name: no reason at all
    event: placed
    expect: { because: { large: { path: /detail/total } } }
  - name: another body
    event: placed
    expect:
      bodies: { large: { queue: { json: { order: o-1, total: 120.0 } } } }
  - name: another text
    event: placed
    set: { /detail/reason: broken }
    expect:
      bodies: { returned: { text: { text: '"returned:  broken"' } } }
  - name: a body of a rule that does not match
    event: placed
    set: { /detail/total: 1 }
    expect:
      bodies: { large: { queue: { json: {} } } }
  - name: a body that was never recorded
    event: placed
    expect:
      bodies: { large: { queue: { snapshot: true } } }
  - name: not an event
    event: { file: broken.json }
    expect: { matches: [large] }
  - name: many events
    events: [events.ndjson]
    expect:
      rules:
        large: { count: 3, rate: ">90%" }
      unexpected: fail
"#;

/// A session in which each kind of expectation fails once.
pub(crate) fn failing() -> Session {
    let session = suite(FAILING);
    session.file("broken.json", "{\"source\": \"shop\",}").file(
        "events.ndjson",
        "{\"source\":\"shop\",\"detail\":{\"stage\":\"prod\",\"total\":100}}\n\
         {\"source\":\"shop\",\"detail\":{\"reason\":\"\"}}\n\
         {\"source\":\"shop\",\"detail\":{\"reason\":\"\\\"\"}}\n",
    );
    session
}
