//! Figures: durable writes, batched reads, size on disk.

use std::fs;
use std::path::Path;
use std::time::{Duration, Instant};

use crate::engines::{self, Engine, Record, Result};

/// Each figure is measured for at least this long.
const SPAN: Duration = Duration::from_secs(5);
const COMMIT_SIZES: [usize; 4] = [1, 10, 100, 1_000];
const READ_KEYS: usize = 100;
/// Records that lie in the file while it is read, and of which the size is told.
const FILLED: usize = 500_000;

/// The record at `number`, with a key as long and as ordered as a tracking store's, and about 300 bytes in all.
pub fn record(number: usize) -> Record {
    let key = format!("20261122T164500Z-3f9a01bc/event/{number:012}/outcome/001/00003/00000");
    let content = format!(
        r#"{{"status":"delivered","id":"6f1e5c0a-9d1f-4a53-b7a1-{number:012}","at_ms":1795365900123,"body":"{}"}}"#,
        "x".repeat(130)
    );
    (key, content)
}

/// Prints the tables for all engines; `folder` decides on which disk.
pub fn all(folder: &Path) -> Result<()> {
    println!("| engine | records in a commit | commits/s | durable records/s |");
    println!("| --- | --- | --- | --- |");
    for records in COMMIT_SIZES {
        for name in engines::NAMES {
            writes(name, folder, records)?;
        }
    }
    println!("\n| engine | records | MB on disk | bytes/record | s to open | batches of {READ_KEYS}/s | keys/s |");
    println!("| --- | --- | --- | --- | --- | --- | --- |");
    engines::NAMES.into_iter().try_for_each(|name| reads(name, folder))
}

fn writes(name: &str, folder: &Path, size: usize) -> Result<()> {
    let path = fresh(name, folder)?;
    let mut engine = engines::open(name, &path)?;
    let (mut commits, mut next) = (0, 0);
    let began = Instant::now();
    while began.elapsed() < SPAN {
        let records: Vec<Record> = (next..next + size).map(|number| record(scattered(number))).collect();
        engine.write(&records)?;
        (commits, next) = (commits + 1, next + size);
    }
    let seconds = began.elapsed().as_secs_f64();
    assert_eq!(engine.count()?, next, "{name} lost records");
    println!("| {name} | {size} | {:.0} | {:.0} |", f64::from(commits) / seconds, next as f64 / seconds);
    Ok(())
}

/// Facts about events in flight come in no order, within a window that moves on.
fn scattered(number: usize) -> usize {
    const WINDOW: usize = 16_384;
    number / WINDOW * WINDOW + number * 7_919 % WINDOW
}

fn reads(name: &str, folder: &Path) -> Result<()> {
    let path = fresh(name, folder)?;
    fill(engines::open(name, &path)?.as_mut())?;
    let began = Instant::now();
    let mut engine = engines::open(name, &path)?;
    let opening = began.elapsed().as_secs_f64();
    let (mut batches, began) = (0, Instant::now());
    while began.elapsed() < SPAN {
        // Half of the keys do not exist yet, as for a poller's.
        let keys: Vec<String> = (0..READ_KEYS)
            .map(|n| record((batches * 104_729 + n * 7_919) % FILLED + (n % 2) * FILLED).0)
            .collect();
        assert_eq!(engine.read(&keys)?, READ_KEYS / 2, "{name} reads wrong");
        batches += 1;
    }
    let per_second = batches as f64 / began.elapsed().as_secs_f64();
    drop(engine);
    let bytes = size_on_disk(&path)?;
    println!(
        "| {name} | {FILLED} | {:.0} | {} | {opening:.3} | {per_second:.0} | {:.0} |",
        bytes as f64 / 1e6,
        bytes / FILLED as u64,
        per_second * READ_KEYS as f64
    );
    Ok(())
}

fn fill(engine: &mut dyn Engine) -> Result<()> {
    for first in (0..FILLED).step_by(1_000) {
        engine.write(&(first..first + 1_000).map(record).collect::<Vec<_>>())?;
    }
    Ok(())
}

/// A path at which nothing is.
pub fn fresh(name: &str, folder: &Path) -> Result<std::path::PathBuf> {
    let home = folder.join(name);
    if home.exists() {
        fs::remove_dir_all(&home)?;
    }
    fs::create_dir_all(&home)?;
    Ok(home.join("records"))
}

/// Bytes of all files that the engine keeps there.
fn size_on_disk(path: &Path) -> Result<u64> {
    fn below(path: &Path) -> std::io::Result<u64> {
        if !path.is_dir() {
            use std::os::unix::fs::MetadataExt;
            return Ok(fs::metadata(path)?.blocks() * 512);
        }
        fs::read_dir(path)?.map(|entry| below(&entry?.path())).sum()
    }
    Ok(below(path.parent().ok_or("no folder")?)?)
}
