//! Figures: durable writes, batched reads, size on disk.

use std::fs;
use std::path::Path;
use std::time::{Duration, Instant};

use crate::engines::{self, Engine, Record, Result};

/// Each figure is measured this often and each time for so long, in turns, and the middle one is shown: neighbours
/// come and go.
const ROUNDS: usize = 5;
const SPAN: Duration = Duration::from_secs(3);
const COMMIT_SIZES: [usize; 4] = [1, 10, 100, 1_000];
const READ_KEYS: usize = 100;
/// Events about which a poller asks.
const IN_FLIGHT: usize = 20_000;
/// Records that lie in the file while it is read, and of which the size is told.
const FILLED: usize = 500_000;

/// The record at `number`, with a key as long and as ordered as a tracking store's, and about 300 bytes in all.
pub fn record(number: usize) -> Record {
    let key = format!("20261122T164500Z-3f9a01bc/outcome/{number:012}/001/00003/00000");
    let content = format!(
        r#"{{"status":"delivered","id":"6f1e5c0a-9d1f-4a53-b7a1-{number:012}","at_ms":1795365900123,"body":"{}"}}"#,
        "x".repeat(130)
    );
    (key, content)
}

/// Prints the tables for all engines; `folder` decides on which disk.
pub fn all(folder: &Path) -> Result<()> {
    println!("| records in a commit | engine | commits/s | durable records/s | CPU us/record | KB written/record |");
    println!("| --- | --- | --- | --- | --- | --- |");
    for records in COMMIT_SIZES {
        for (name, mut rounds) in in_turns(|name| writes(name, folder, records))? {
            let figures = middle(&mut rounds, |figures| figures.commits_per_second);
            println!(
                "| {records} | {name} | {:.0} | {:.0} | {:.1} | {:.2} |",
                figures.commits_per_second,
                figures.commits_per_second * records as f64,
                figures.cpu_us,
                figures.written_kb,
            );
        }
    }
    println!("\n| engine | records | MB on disk | bytes/record | ms to open | batches of {READ_KEYS}/s | keys/s | CPU us/key |");
    println!("| --- | --- | --- | --- | --- | --- | --- | --- |");
    for (name, mut rounds) in in_turns(|name| reads(name, folder))? {
        let figures = middle(&mut rounds, |figures| figures.batches_per_second);
        println!(
            "| {name} | {FILLED} | {:.0} | {} | {:.0} | {:.0} | {:.0} | {:.1} |",
            figures.bytes as f64 / 1e6,
            figures.bytes / FILLED as u64,
            figures.opening_ms,
            figures.batches_per_second,
            figures.batches_per_second * READ_KEYS as f64,
            figures.cpu_us,
        );
    }
    Ok(())
}

fn in_turns<T>(mut measure: impl FnMut(&str) -> Result<T>) -> Result<Vec<(&'static str, Vec<T>)>> {
    let mut figures: Vec<(&str, Vec<T>)> = engines::NAMES.into_iter().map(|name| (name, Vec::new())).collect();
    for _ in 0..ROUNDS {
        for (name, rounds) in &mut figures {
            rounds.push(measure(name)?);
        }
    }
    Ok(figures)
}

fn middle<T>(rounds: &mut [T], by: impl Fn(&T) -> f64) -> &T {
    rounds.sort_by(|a, b| by(a).total_cmp(&by(b)));
    &rounds[rounds.len() / 2]
}

struct Writes {
    commits_per_second: f64,
    cpu_us: f64,
    written_kb: f64,
}

fn writes(name: &str, folder: &Path, size: usize) -> Result<Writes> {
    let path = fresh(name, folder)?;
    let mut engine = engines::open(name, &path)?;
    let (mut commits, mut next) = (0, 0);
    let (began, cpu, written) = (Instant::now(), cpu_us()?, bytes_written()?);
    while began.elapsed() < SPAN {
        let records: Vec<Record> = (next..next + size).map(|number| record(scattered(number))).collect();
        engine.write(&records)?;
        (commits, next) = (commits + 1, next + size);
    }
    let commits_per_second = f64::from(commits) / began.elapsed().as_secs_f64();
    let figures = Writes {
        commits_per_second,
        cpu_us: (cpu_us()? - cpu) / next as f64,
        written_kb: (bytes_written()? - written) / 1e3 / next as f64,
    };
    assert_eq!(engine.count()?, next, "{name} lost records");
    Ok(figures)
}

/// Time that all threads of this process had on a processor, which hardly depends on what else runs.
fn cpu_us() -> Result<f64> {
    let text = fs::read_to_string("/proc/self/stat")?;
    let behind_name = text.rsplit(')').next().ok_or("no name")?;
    let ticks: Vec<f64> =
        behind_name.split_ascii_whitespace().skip(11).take(2).map(str::parse).collect::<std::result::Result<_, _>>()?;
    // Ticks of 10 ms on every Linux.
    Ok(ticks.iter().sum::<f64>() * 1e4)
}

/// Bytes that this process gave the system for its disks.
fn bytes_written() -> Result<f64> {
    let text = fs::read_to_string("/proc/self/io")?;
    let line = text.lines().find_map(|line| line.strip_prefix("write_bytes: ")).ok_or("no write_bytes")?;
    Ok(line.parse()?)
}

/// Facts about events in flight come in no order, within a window that moves on.
fn scattered(number: usize) -> usize {
    const WINDOW: usize = 16_384;
    number / WINDOW * WINDOW + number * 7_919 % WINDOW
}

struct Reads {
    bytes: u64,
    opening_ms: f64,
    batches_per_second: f64,
    cpu_us: f64,
}

fn reads(name: &str, folder: &Path) -> Result<Reads> {
    let path = fresh(name, folder)?;
    fill(engines::open(name, &path)?.as_mut())?;
    let began = Instant::now();
    let mut engine = engines::open(name, &path)?;
    let opening_ms = began.elapsed().as_secs_f64() * 1e3;
    let (mut batches, began, cpu) = (0, Instant::now(), cpu_us()?);
    while began.elapsed() < SPAN {
        // Those in flight: in a window that moves on. Half of the keys do not exist yet, as for a poller's.
        let first = batches * 50 % (FILLED - IN_FLIGHT);
        let keys: Vec<String> =
            (0..READ_KEYS).map(|n| record(first + n * 7_919 % IN_FLIGHT + (n % 2) * FILLED).0).collect();
        assert_eq!(engine.read(&keys)?, READ_KEYS / 2, "{name} reads wrong");
        batches += 1;
    }
    let batches_per_second = batches as f64 / began.elapsed().as_secs_f64();
    let cpu_us = (cpu_us()? - cpu) / (batches * READ_KEYS) as f64;
    drop(engine);
    Ok(Reads { bytes: size_on_disk(&path)?, opening_ms, batches_per_second, cpu_us })
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
