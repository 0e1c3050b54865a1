//! What Linux says of this process.

use std::fs;

/// Ticks of a second in `/proc`, on every Linux that Rust runs on (USER_HZ).
const TICKS: f64 = 100.0;

/// Seconds of processor so far, of all threads, the kernel's part included.
pub fn cpu_seconds() -> f64 {
    let text = fs::read_to_string("/proc/self/stat").unwrap();
    // Behind the name, which may have blanks: `utime` and `stime` are fields 14 and 15 of all, 12 and 13 of these.
    let (_, fields) = text.rsplit_once(") ").unwrap();
    let fields: Vec<f64> = fields.split(' ').skip(11).take(2).map(|field| field.parse().unwrap()).collect();
    fields.iter().sum::<f64>() / TICKS
}

/// The most memory that was resident at a time, in MB of a million bytes.
pub fn peak_resident_mb() -> f64 {
    let text = fs::read_to_string("/proc/self/status").unwrap();
    let line = text.lines().find_map(|line| line.strip_prefix("VmHWM:")).unwrap();
    let kib: f64 = line.trim().trim_end_matches(" kB").parse().unwrap();
    kib * 1.024 / 1_000.0
}
