//! kill -9 in the middle of writing, over and over on one file: whatever was said to be durable must be there.

use std::env;
use std::io::{BufRead, BufReader, Write};
use std::path::Path;
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

use crate::engines::{self, Record, Result};
use crate::measure::{fresh, record};

const COMMIT_SIZE: usize = 50;

/// Kills each engine so many times and tells what was found afterwards.
pub fn all(folder: &Path, kills: usize) -> Result<()> {
    println!("| engine | kills | records told durable | records lost | s to open again, longest |");
    println!("| --- | --- | --- | --- | --- |");
    for name in engines::NAMES {
        let path = fresh(name, folder)?;
        let (mut told, mut lost, mut longest) = (0, 0, Duration::ZERO);
        for kill in 0..kills {
            let millis = 40 + (kill * 7_919 % 463) as u64;
            told = written_until_killed(name, &path, Duration::from_millis(millis))?.max(told);
            let began = Instant::now();
            let mut engine = engines::open(name, &path)?;
            longest = longest.max(began.elapsed());
            let keys: Vec<String> = (0..told).map(|number| record(number).0).collect();
            lost += told - engine.read(&keys)?;
        }
        println!("| {name} | {kills} | {told} | {lost} | {:.3} |", longest.as_secs_f64());
    }
    Ok(())
}

/// How many records the child had said to be durable when it was killed after `span`.
fn written_until_killed(name: &str, path: &Path, span: Duration) -> Result<usize> {
    let mut child = Command::new(env::current_exe()?)
        .args(["write-until-killed", name])
        .arg(path)
        .stdout(Stdio::piped())
        .spawn()?;
    std::thread::sleep(span);
    child.kill()?;
    child.wait()?;
    let lines = BufReader::new(child.stdout.take().ok_or("no output")?).lines();
    // The last line can be torn.
    let told = lines.map_while(|line| line.ok()?.strip_suffix('.')?.parse().ok()).last();
    Ok(told.unwrap_or(0))
}

/// The child: goes on behind what is there, one line for each commit that returned.
pub fn write_until_killed(name: &str, path: &Path) -> Result<()> {
    let mut engine = engines::open(name, path)?;
    let mut next = engine.count()?;
    let mut out = std::io::stdout();
    loop {
        let records: Vec<Record> = (next..next + COMMIT_SIZE).map(record).collect();
        engine.write(&records)?;
        next += COMMIT_SIZE;
        writeln!(out, "{next}.")?;
        out.flush()?;
    }
}
