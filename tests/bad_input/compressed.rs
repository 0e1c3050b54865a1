//! Compressed files that are cut off or damaged.

use std::io::Write;

use super::replayed::{GOOD, faults, replay};
use super::session::{Session, TWO_RULES};

/// Events that do not compress well, so that a cut somewhere in the middle lies in the middle of the events.
fn events(count: u32) -> String {
    let mut state = 1_u64;
    let mut next = || {
        state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        state
    };
    (0..count).map(|_| format!("{{\"source\":\"a\",\"id\":\"{:016x}{:016x}\"}}\n", next(), next())).collect()
}

fn gzip(text: &str) -> Vec<u8> {
    let mut encoder = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::default());
    encoder.write_all(text.as_bytes()).unwrap();
    encoder.finish().unwrap()
}

fn zstd(text: &str) -> Vec<u8> {
    zstd::encode_all(text.as_bytes(), 3).unwrap()
}

/// Cuts `whole` in the middle; about half of the events must be judged, and one fault says why not more.
fn cut_in_the_middle(name: &str, whole: &[u8], reason: &str) {
    assert_eq!(replay(name, whole).counts(), (0, [20_000, 20_000, 0, 0]), "{name}");
    let ran = replay(name, &whole[..whole.len() / 2]);
    let (code, [read, delivered, unmatched, errored]) = ran.counts();
    assert_eq!((code, unmatched, errored), (0, 0, 1), "{name}");
    // Zstd works in blocks of 128 KiB; those that are whole are read.
    assert!((7_000..11_000).contains(&delivered), "{name}: {delivered} of {read}");
    let faults = faults(&ran);
    assert_eq!(faults[0].code, "SOURCE_BROKEN");
    assert!(faults[0].reason.contains(reason), "{faults:?}");
    let line = faults[0].first_at.strip_prefix(&format!("{name}:")).unwrap().parse::<u64>().unwrap();
    assert!((delivered..=delivered + 1).contains(&line), "after {delivered} events, {faults:?}");
}

#[test]
fn truncated_gzip() {
    cut_in_the_middle(
        "e.ndjson.gz",
        &gzip(&events(20_000)),
        "the gzip data ends too early; the file was cut off",
    );
}

#[test]
fn truncated_zstd() {
    cut_in_the_middle(
        "e.ndjson.zst",
        &zstd(&events(20_000)),
        "the zstd data ends too early; the file was cut off",
    );
}

#[test]
fn a_file_that_is_cut_off_leaves_the_next_files_alone() {
    let whole = gzip(&events(1_000));
    let session = Session::new();
    session.file("rules.yaml", TWO_RULES);
    session.file("in/1.gz", &whole[..whole.len() - 9]).file("in/2.gz", &whole).file("in/3.json", GOOD);
    let ran = session.run(&["replay", "--format", "json", "--rules", "rules.yaml", "--events", "in"]);
    let (code, [_, delivered, unmatched, errored]) = ran.counts();
    assert_eq!((code, unmatched, errored), (0, 0, 1));
    assert!((1_001..=2_001).contains(&delivered), "{delivered}");
    assert!(faults(&ran)[0].first_at.starts_with("in/1.gz:"), "{:?}", faults(&ran));
}

#[test]
fn damaged_data_and_headers_alone() {
    let mut damaged = gzip(&events(20_000));
    let middle = damaged.len() / 2;
    damaged[middle..middle + 100].fill(0xff);
    let ran = replay("e.gz", &damaged);
    let (code, [_, delivered, _, errored]) = ran.counts();
    assert_eq!(code, 0);
    assert!(delivered > 5_000 && errored >= 1, "{ran:?}");
    for (name, bytes) in [("e.gz", &damaged[..5]), ("e.zst", &zstd(&events(10))[..6])] {
        let ran = replay(name, bytes);
        assert_eq!(ran.counts(), (2, [1, 0, 0, 1]), "{name}");
        assert_eq!(faults(&ran)[0].first_at, format!("{name}:1"));
    }
}
