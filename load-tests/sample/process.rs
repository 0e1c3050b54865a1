//! What Linux says of another process.

use std::fs;

/// Processor and memory of a process so far.
#[derive(Debug, Clone, Copy, Default)]
pub struct Usage {
    /// Seconds of processor, of all threads, the kernel's part included.
    pub cpu_s: f64,
    /// Seconds that threads waited for a core while they could have run.
    pub waited_s: f64,
    /// The most memory that was resident at a time, in MB of a million bytes.
    pub peak_mb: f64,
}

impl Usage {
    /// Of a process whose threads all live.
    pub fn of(process: u32) -> Usage {
        let mut usage = Usage { peak_mb: peak_mb(process), ..Usage::default() };
        for task in fs::read_dir(format!("/proc/{process}/task")).unwrap() {
            // Nanoseconds run, nanoseconds waited, times it ran.
            let text = fs::read_to_string(task.unwrap().path().join("schedstat")).unwrap();
            let mut fields = text.split_whitespace().map(|field| field.parse::<f64>().unwrap() / 1e9);
            usage.cpu_s += fields.next().unwrap();
            usage.waited_s += fields.next().unwrap();
        }
        usage
    }

    /// What came after `earlier`; the peak is that of the whole.
    pub fn since(self, earlier: Usage) -> Usage {
        Usage {
            cpu_s: self.cpu_s - earlier.cpu_s,
            waited_s: self.waited_s - earlier.waited_s,
            peak_mb: self.peak_mb,
        }
    }
}

fn peak_mb(process: u32) -> f64 {
    let text = fs::read_to_string(format!("/proc/{process}/status")).unwrap();
    let line = text.lines().find_map(|line| line.strip_prefix("VmHWM:")).unwrap();
    let kib: f64 = line.trim().trim_end_matches(" kB").parse().unwrap();
    kib * 1.024 / 1_000.0
}
