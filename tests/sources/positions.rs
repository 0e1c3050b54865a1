//! A source that is opened where another one was gives what that one had still to give.

#![allow(clippy::unwrap_used, reason = "a test that cannot go on should panic")]

use std::fs;

use ruleproof::sources::{
    Batch, EventSource, FileEvents, FirstEvents, NoFeeds, Position, Progress, SourceLimits,
};

use super::common::{data, gzip, zstd};

fn limits() -> SourceLimits {
    SourceLimits { batch_bytes_target: 300, batch_items_max: 7, block_bytes: 64, ..SourceLimits::default() }
}

/// The items of all batches, and where reading goes on behind each.
fn drain(mut source: impl EventSource) -> Vec<(Vec<String>, Option<Position>)> {
    let (mut batch, mut batches) = (Batch::default(), Vec::new());
    loop {
        let progress = source.next_batch(&mut batch);
        let items = batch.items().iter().map(|item| {
            let origin = item.origin();
            let place =
                format!("{}:{}:{}", source.input_name(origin.input), origin.line, origin.offset_bytes);
            match item {
                ruleproof::sources::Item::Event { bytes, .. } => {
                    format!("{place} {}", String::from_utf8_lossy(batch.event(bytes)))
                }
                other => format!("{place} {other:?}"),
            }
        });
        batches.push((items.collect(), batch.position().cloned()));
        if progress == Progress::Done {
            return batches;
        }
    }
}

fn inputs() -> (tempfile::TempDir, Vec<String>) {
    let folder = tempfile::tempdir().unwrap();
    let lines: Vec<u8> = (0..60).flat_map(|n| format!("{{\"n\":{n}}}\n").into_bytes()).collect();
    let files = [
        ("a", lines.clone()),
        ("b", b"{\"broken\":\n\n{\"id\":\"x\"y\"}\r\n{\"id\":1}\n".to_vec()),
        ("c", Vec::new()),
        ("d", gzip(&lines)),
        ("e", data("cloudtrail_log.json")),
        ("f", data("sqs_receive_message.json")),
        ("g", zstd(&lines)),
        ("h", b"[1,2,{\"a\":1}".to_vec()),
        ("i", data("logs_export_000000.txt")),
    ];
    for (name, content) in files {
        fs::write(folder.path().join(name), content).unwrap();
    }
    let spec = folder.path().display().to_string();
    (folder, vec![spec])
}

#[test]
fn reading_goes_on_behind_any_batch() {
    let (_folder, specs) = inputs();
    let open = |from: Option<&Position>| FileEvents::open_at(&specs, limits(), &NoFeeds, from).unwrap();
    let batches = drain(open(None));
    let all: Vec<&String> = batches.iter().flat_map(|(items, _)| items).collect();
    assert!(all.len() > 190 && batches.len() > 20);
    let mut before = 0;
    for (items, position) in &batches {
        before += items.len();
        let position = position.as_ref().unwrap();
        let rest = drain(open(Some(position)));
        let mut seen = before;
        for (items, again) in &rest {
            assert!(items.iter().eq(all[seen..].iter().take(items.len()).copied()), "behind {position:?}");
            seen += items.len();
            // No position lies before what was seen.
            if let Some(again) = again {
                let left: usize = drain(open(Some(again))).iter().map(|(items, _)| items.len()).sum();
                assert_eq!(left, all.len() - seen, "{again:?} behind {position:?}");
            }
        }
        assert_eq!(seen, all.len(), "behind {position:?}");
    }
    assert_eq!(batches.last().unwrap().1, Some(Position::END));
}

#[test]
fn a_limit_ends_a_source_in_the_middle() {
    let (_folder, specs) = inputs();
    let open = || FileEvents::open_at(&specs, limits(), &NoFeeds, None).unwrap();
    let all: Vec<String> = drain(open()).into_iter().flat_map(|(items, _)| items).collect();
    for limit in [0, 1, 7, 8, 100] {
        let batches = drain(FirstEvents::of(open(), Some(limit as u64)));
        let items: Vec<String> = batches.iter().flat_map(|(items, _)| items.clone()).collect();
        let counted = items.iter().filter(|item| !item.contains("Skipped")).count();
        assert_eq!(counted, limit);
        assert!(items.iter().eq(all.iter().take(items.len())));
        assert_eq!(batches.last().unwrap().1, Some(Position::END));
    }
    assert_eq!(drain(FirstEvents::of(open(), None)).len(), drain(open()).len());
}
