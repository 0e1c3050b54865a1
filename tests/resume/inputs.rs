//! Inputs of every kind, large enough to be killed in.

use std::io::Write;

use flate2::Compression;
use flate2::write::GzEncoder;

/// Rules of which one has a target that does not get some of its events.
pub(crate) const RULES: &str = r#"
- Name: placed
  EventPattern: {source: [shop], detail-type: [Order Placed]}
- Name: large
  EventPattern: {detail: {amount: [{numeric: [">", 500]}]}}
  Targets:
    - Id: shaped
      Arn: arn:aws:sqs:us-east-1:123456789012:q
      InputTransformer:
        InputPathsMap: {note: $.detail.note, id: $.id}
        InputTemplate: '{"note": <note>, "id": <id>}'
    - Id: bare
      Arn: arn:aws:sqs:us-east-1:123456789012:q
      InputTransformer:
        InputPathsMap: {note: $.detail.note}
        InputTemplate: '"note <note>"'
"#;

fn event(random: &mut fastrand::Rng, number: usize) -> String {
    let kind = ["Order Placed", "Order Changed", "Order Cancelled"][random.usize(..3)];
    // A quote breaks the body of one target.
    let note = ["n", "\\\""][usize::from(random.u8(..) < 9)].repeat(random.usize(..200));
    format!(
        r#"{{"version":"0","id":"{number:012}","source":"shop","detail-type":"{kind}","detail":{{"amount":{},"note":"{note}"}}}}"#,
        random.u32(..1000)
    )
}

/// Names and contents: plain lines with broken ones among them, gzip of several members, zstd, wrappers, arrays.
pub(crate) fn inputs(seed: u64, events_each: usize) -> Vec<(&'static str, Vec<u8>)> {
    let mut random = fastrand::Rng::with_seed(seed);
    let mut events =
        |count: usize| -> Vec<String> { (0..count).map(|number| event(&mut random, number)).collect() };
    let mut plain = events(events_each);
    for line in plain.iter_mut().step_by(97) {
        line.truncate(line.len() / 2);
    }
    let members: Vec<u8> = (0..4).flat_map(|_| gzip(&(events(events_each / 4).join("\n") + "\n"))).collect();
    let wrapped = |events: Vec<String>| {
        let bodies = events.iter().map(|event| format!(r#"{{"Body":{}}}"#, serde_json::json!(event)));
        format!("{{\"Messages\":[{}]}}\n", bodies.collect::<Vec<_>>().join(",\n"))
    };
    let truncated = gzip(&events(events_each / 2).join("\n"));
    vec![
        ("a-plain.ndjson", (plain.join("\n") + "\n").into_bytes()),
        ("b-members.gz", members),
        ("c-frames.zst", zstd::encode_all(events(events_each).join("\n").as_bytes(), 1).unwrap()),
        ("d-wrapped.json", wrapped(events(events_each)).into_bytes()),
        ("e-list.json", format!("[{}]", events(events_each).join(",\n")).into_bytes()),
        ("f-cut-off.gz", truncated[..truncated.len() * 2 / 3].to_vec()),
        ("g-empty.json", Vec::new()),
        ("h-pretty.json", events(events_each).join("\n\n").replace(",\"", ",\n  \"").into_bytes()),
    ]
}

fn gzip(text: &str) -> Vec<u8> {
    let mut encoder = GzEncoder::new(Vec::new(), Compression::fast());
    encoder.write_all(text.as_bytes()).unwrap();
    encoder.finish().unwrap()
}
