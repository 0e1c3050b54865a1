//! One run of the binary beside a producer.

use std::fs::File;
use std::io::{BufRead, BufReader, Read};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::thread;
use std::time::{Duration, Instant};

use serde_json::Value;

use crate::metrics::{Series, scrape, sum};
use crate::process::Usage;
use crate::producer::{Produced, Schedule, produce};
use crate::workload::Workload;

/// How often monitoring asks for metrics.
const SCRAPE_INTERVAL: Duration = Duration::from_secs(1);
/// How long all that was written may take to be counted.
const LAST_COUNT_WAIT: Duration = Duration::from_secs(30);

pub struct Setting {
    pub name: &'static str,
    pub schedule: Schedule,
    /// The part of them that is judged.
    pub share: f64,
    pub results: Results,
}

/// Where result lines go.
#[derive(Debug, Clone, Copy)]
pub enum Results {
    None,
    /// Into a pipe from which so many lines are taken a second.
    Slow {
        lines_per_s: u32,
    },
}

pub struct Outcome {
    pub produced: Produced,
    /// From the first event to the last one counted.
    pub usage: Usage,
    pub counted_after: Duration,
    pub scrapes: u64,
    /// As Prometheus saw it when all was counted.
    pub series: Series,
    pub embedded: PathBuf,
    pub summary: Value,
}

pub fn run(binary: &Path, core: u32, workload: &Workload, setting: &Setting) -> Outcome {
    let embedded = workload.folder.path().join(format!("{}.emf", setting.name.replace('/', " ")));
    let fifo = workload.folder.path().join("results");
    let mut command = Command::new("taskset");
    command.args(["-c", &core.to_string()]).arg(binary).args(["sample", "--events", "-", "--format", "json"]);
    command.args(["--metrics-listen", "127.0.0.1:0", "--metrics-interval", "1s"]);
    command.arg("--metrics-emf").arg(&embedded).arg("--rules").arg(workload.rules());
    command.args(["--rate", &setting.share.to_string()]);
    if let Results::Slow { lines_per_s } = setting.results {
        assert!(Command::new("mkfifo").arg(&fifo).status().unwrap().success());
        command.arg("--results").arg(&fifo);
        let fifo = fifo.clone();
        thread::spawn(move || read_slowly(&fifo, lines_per_s));
    }
    command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped());
    let mut child = command.spawn().unwrap();
    let address = address(&mut child);
    let outcome = beside(child, &address, workload, setting, embedded);
    let _ = std::fs::remove_file(&fifo);
    outcome
}

fn beside(
    mut child: Child,
    address: &str,
    workload: &Workload,
    setting: &Setting,
    embedded: PathBuf,
) -> Outcome {
    let before = Usage::of(child.id());
    let scraper = Scraper::start(address);
    let runtime = tokio::runtime::Builder::new_current_thread().enable_io().build().unwrap();
    let input = child.stdin.take().unwrap();
    let (pipe, produced) = runtime.block_on(produce(workload, input, setting.schedule));
    let scrapes = scraper.stop();
    let ended = Instant::now();
    let series = loop {
        let series = scrape(address);
        if sum(&series, "ruleproof_events_read_total") >= produced.events as f64
            || ended.elapsed() > LAST_COUNT_WAIT
        {
            break series;
        }
        thread::sleep(Duration::from_millis(20));
    };
    let counted_after = ended.elapsed();
    let usage = Usage::of(child.id()).since(before);
    drop(pipe);
    let output = child.wait_with_output().unwrap();
    assert!(output.status.success(), "{output:?}");
    let summary = serde_json::from_slice(&output.stdout).unwrap();
    Outcome { produced, usage, counted_after, scrapes, series, embedded, summary }
}

/// Where the binary says that it listens.
fn address(child: &mut Child) -> String {
    let mut lines = BufReader::new(child.stderr.take().unwrap()).lines();
    let address = lines.find_map(|line| Some(line.unwrap().split_once("http://")?.1.trim().to_owned()));
    // Whatever else it says.
    thread::spawn(move || lines.for_each(|line| eprintln!("{}", line.unwrap())));
    address.expect("the address of the metrics")
}

fn read_slowly(fifo: &Path, lines_per_s: u32) {
    let (mut file, begin) = (File::open(fifo).unwrap(), Instant::now());
    let (mut lines, mut buffer) = (0_u64, vec![0; 4 << 10]);
    loop {
        let count = file.read(&mut buffer).unwrap();
        if count == 0 {
            return;
        }
        lines += buffer[..count].iter().filter(|byte| **byte == b'\n').count() as u64;
        let scheduled = Duration::from_secs_f64(lines as f64 / f64::from(lines_per_s));
        thread::sleep(scheduled.saturating_sub(begin.elapsed()));
    }
}

/// Asks for metrics now and then.
struct Scraper {
    stop: Arc<AtomicBool>,
    thread: thread::JoinHandle<u64>,
}

impl Scraper {
    fn start(address: &str) -> Scraper {
        let (stop, address) = (Arc::new(AtomicBool::new(false)), address.to_owned());
        let (stopped, count) = (Arc::clone(&stop), AtomicU64::new(0));
        let thread = thread::spawn(move || {
            while !stopped.load(Ordering::Relaxed) {
                scrape(&address);
                count.fetch_add(1, Ordering::Relaxed);
                thread::park_timeout(SCRAPE_INTERVAL);
            }
            count.into_inner()
        });
        Scraper { stop, thread }
    }

    fn stop(self) -> u64 {
        self.stop.store(true, Ordering::Relaxed);
        self.thread.thread().unpark();
        self.thread.join().unwrap()
    }
}
