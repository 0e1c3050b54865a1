//! Writes events on a schedule, and notes when it could not.

use std::process::ChildStdin;
use std::thread;
use std::time::{Duration, Instant};

use tokio::net::unix::pipe::Sender;

use crate::workload::Workload;

/// How often what is due is written.
const TICK: Duration = Duration::from_millis(1);
/// What it was like to write.
#[derive(Debug, Default)]
pub struct Produced {
    pub events: u64,
    pub bytes: u64,
    pub took: Duration,
    /// Times that the pipe was full, how long in all, and how long at a time at most.
    pub stalls: u64,
    pub stalled: Duration,
    pub longest_stall: Duration,
    /// How late an event was written at most, for whatever reason.
    pub latest: Duration,
}

/// How events are written.
#[derive(Debug, Clone, Copy)]
pub struct Schedule {
    /// Events a second; as many as possible without.
    pub rate: Option<u32>,
    /// Events that are put together for a write, at most.
    pub events_a_write: u64,
    pub length: Duration,
}

/// Writes events. The pipe is left open.
pub async fn produce(workload: &Workload, out: ChildStdin, schedule: Schedule) -> (Sender, Produced) {
    let Schedule { rate, events_a_write, length } = schedule;
    // Without blocking, so that it shows when the pipe is full.
    let pipe = Sender::from_owned_fd(out.into()).unwrap();
    pipe.writable().await.unwrap();
    let mut produced = Produced::default();
    let mut buffer = Vec::new();
    let begin = Instant::now();
    loop {
        let now = begin.elapsed().min(length);
        let due = rate.map_or(u64::MAX, |rate| (now.as_secs_f64() * f64::from(rate)) as u64);
        if produced.events < due && (rate.is_some() || now < length) {
            let until = due.min(produced.events + events_a_write);
            buffer.clear();
            workload.write(produced.events..until, &mut buffer);
            write(&pipe, &buffer, &mut produced).await;
            produced.events = until;
            if let Some(rate) = rate {
                let scheduled = Duration::from_secs_f64(until as f64 / f64::from(rate));
                produced.latest = produced.latest.max(begin.elapsed().saturating_sub(scheduled));
            }
        } else if now == length {
            break;
        } else {
            thread::sleep(TICK);
        }
    }
    produced.took = begin.elapsed();
    (pipe, produced)
}

async fn write(pipe: &Sender, mut bytes: &[u8], produced: &mut Produced) {
    produced.bytes += bytes.len() as u64;
    let mut full_since = None;
    while !bytes.is_empty() {
        match pipe.try_write(bytes) {
            Ok(count) => bytes = &bytes[count..],
            Err(error) if error.kind() == std::io::ErrorKind::WouldBlock => {
                full_since.get_or_insert_with(Instant::now);
                pipe.writable().await.unwrap();
            }
            Err(error) => panic!("{error}"),
        }
    }
    if let Some(since) = full_since {
        let stall = since.elapsed();
        produced.stalls += 1;
        produced.stalled += stall;
        produced.longest_stall = produced.longest_stall.max(stall);
    }
}
