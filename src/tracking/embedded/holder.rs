//! Who has locked the file.

use std::path::Path;

/// The lock of whoever writes, in the `-shm` file. Source: SQLite, "WAL-mode File Format", section 2.3.1.
const WRITE_LOCK: u64 = 120;

/// The process that writes to the store at `path`, as `process 4711 (sqlite3)`; `None` where the system does not tell
/// or nobody does any more.
pub(super) fn holder_of(path: &Path) -> Option<String> {
    #[cfg(target_os = "linux")]
    {
        use std::os::unix::fs::MetadataExt;

        let mut shared_memory = path.as_os_str().to_owned();
        shared_memory.push("-shm");
        let inode = std::fs::metadata(shared_memory).ok()?.ino();
        // Asking the file itself for its locks would mean to open it, and to close it again would drop our own locks.
        let process = process_with_lock(&std::fs::read_to_string("/proc/locks").ok()?, inode, WRITE_LOCK)?;
        let name = std::fs::read_to_string(format!("/proc/{process}/comm")).unwrap_or_default();
        Some(if name.is_empty() {
            format!("process {process}")
        } else {
            format!("process {process} ({})", name.trim_end())
        })
    }
    #[cfg(not(target_os = "linux"))]
    {
        let _ = (path, WRITE_LOCK);
        None
    }
}

/// The process that has `byte` of the file `inode` locked, from the text of `/proc/locks`, whose lines are
/// `NUMBER: POSIX ADVISORY WRITE PROCESS DEVICE:INODE FIRST LAST`.
#[cfg(target_os = "linux")]
fn process_with_lock(locks: &str, inode: u64, byte: u64) -> Option<u32> {
    locks.lines().find_map(|line| {
        let mut words = line.split_ascii_whitespace().skip_while(|word| *word != "WRITE").skip(1);
        let process = words.next()?.parse().ok()?;
        let file = words.next()?.rsplit(':').next()?.parse::<u64>().ok()?;
        let first = words.next()?.parse::<u64>().ok()?;
        // The last byte can be `EOF`.
        let last = words.next()?.parse().unwrap_or(u64::MAX);
        (file == inode && first <= byte && byte <= last).then_some(process)
    })
}

#[cfg(all(test, target_os = "linux"))]
mod tests {
    use super::*;

    const LOCKS: &str = "\
1: POSIX  ADVISORY  READ 4700 fd:00:77 120 120
2: POSIX  ADVISORY  WRITE 4701 fd:00:78 120 120
3: -> POSIX  ADVISORY  WRITE 4702 fd:00:77 121 121
4: FLOCK  ADVISORY  WRITE 4703 fd:00:99 0 EOF
5: POSIX  ADVISORY  WRITE 4711 fd:00:77 120 120
";

    #[test]
    fn the_process_that_locked_the_byte_is_found() {
        assert_eq!(process_with_lock(LOCKS, 77, 120), Some(4711));
        assert_eq!(process_with_lock(LOCKS, 99, 120), Some(4703));
        assert_eq!(process_with_lock(LOCKS, 76, 120), None);
        assert_eq!(process_with_lock("WRITE\nWRITE x", 77, 120), None);
    }
}
