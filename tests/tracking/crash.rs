//! kill -9 in the middle of writing: whatever was told durable is there afterwards.

use std::env;
use std::io::{BufRead, BufReader, Write};
use std::path::Path;
use std::process::{Command, Stdio};
use std::sync::Mutex;
use std::time::{Duration, Instant};

use futures_util::future::join_all;
use ruleproof::tracking::{EmbeddedStore, Record, Slot, SlotKind, TrackingStore};

use crate::contract;
use crate::samples::{event, record, run};

const KILLS: u64 = 20;
/// Tasks of the child, each of which has one write under way.
const TASKS: u64 = 8;
/// Records in one write; so that a write that was torn would show.
const RECORDS: u64 = 3;

const FILE: &str = "RULEPROOF_TEST_FILE";
const FIRST: &str = "RULEPROOF_TEST_FIRST";

fn of_write(write: u64) -> Vec<Record> {
    let said = |n: u64| {
        let event = event(write * RECORDS + n);
        record(run(1), Slot::Planned(event), &format!(r#"{{"write":{write},"text":"{}"}}"#, "x".repeat(300)))
    };
    (0..RECORDS).map(said).collect()
}

#[test]
#[ignore = "the child of the test below, which kills it"]
fn writes_until_killed() {
    let number = |name| env::var(name).unwrap().parse::<u64>().unwrap();
    let store = EmbeddedStore::open(Path::new(&env::var_os(FILE).unwrap())).unwrap();
    let next = Mutex::new(number(FIRST));
    let task = async |_| {
        loop {
            let write = {
                let mut next = next.lock().unwrap();
                *next += 1;
                *next - 1
            };
            store.write(of_write(write)).await.unwrap();
            // In one piece, and past the harness, which would keep it back.
            std::io::stdout().write_all(format!("durable {write}.\n").as_bytes()).unwrap();
            std::io::stdout().flush().unwrap();
        }
    };
    let runtime = tokio::runtime::Builder::new_current_thread().build().unwrap();
    let _: Vec<()> = runtime.block_on(join_all((0..TASKS).map(task)));
}

/// The writes that a child told durable before it was killed, `span` after its first one.
fn told_durable_until_killed(file: &Path, first: u64, span: Duration) -> Vec<u64> {
    let mut child = Command::new(env::current_exe().unwrap())
        .args(["--exact", "crash::writes_until_killed", "--ignored", "--nocapture"])
        .env(FILE, file)
        .env(FIRST, first.to_string())
        .stdout(Stdio::piped())
        .spawn()
        .unwrap();
    let mut lines = BufReader::new(child.stdout.take().unwrap()).lines();
    let number = |line: String| line.strip_prefix("durable ")?.strip_suffix('.')?.parse::<u64>().ok();
    let mut told = Vec::new();
    let mut began = None;
    while began.is_none_or(|began: Instant| began.elapsed() < span) {
        let line = lines.next().expect("the child ended by itself").unwrap();
        told.extend(number(line));
        began = began.or_else(|| (!told.is_empty()).then(Instant::now));
    }
    child.kill().unwrap();
    child.wait().unwrap();
    told.extend(lines.filter_map(|line| number(line.ok()?)));
    told
}

#[test]
fn what_was_told_durable_survives_kill_9() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("tracking.db");
    let runtime = tokio::runtime::Builder::new_current_thread().build().unwrap();
    let (mut told, mut first) = (Vec::new(), 0);
    for kill in 0..KILLS {
        // From at once to some commits and a checkpoint later.
        let span = Duration::from_micros(kill * kill * 397 + kill * 31);
        let durable = told_durable_until_killed(&file, first, span);
        assert!(!durable.is_empty(), "kill {kill}");
        told.extend(durable);

        let store = EmbeddedStore::open(&file).unwrap();
        let found = runtime.block_on(contract::scan(&store, run(1), SlotKind::Planned, 1_000));
        let writes: Vec<u64> =
            found.iter().map(|record| record.key.slot.event().unwrap().get() / RECORDS).collect();
        for write in &told {
            assert!(writes.contains(write), "kill {kill}: write {write} was told durable and is gone");
        }
        for of_one in writes.chunk_by(|a, b| a == b) {
            assert_eq!(of_one.len() as u64, RECORDS, "kill {kill}: a part of write {}", of_one[0]);
        }
        let whole = found
            .iter()
            .all(|record| of_write(record.key.slot.event().unwrap().get() / RECORDS).contains(record));
        assert!(whole, "kill {kill}: a record has changed");
        first = writes.last().unwrap() + 1;
    }
}
