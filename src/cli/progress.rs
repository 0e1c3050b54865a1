//! A progress bar, on a terminal only.

use std::io::{IsTerminal, stderr};

use indicatif::{ProgressBar, ProgressStyle};

use crate::sources::BytesRead;

/// Shows how far a run is. Without a terminal it shows nothing.
pub(super) struct Progress {
    bar: ProgressBar,
    bytes_read: BytesRead,
}

impl Progress {
    /// `bytes_total` is the size of what will be read, where it is known.
    pub(super) fn new(bytes_read: BytesRead, bytes_total: Option<u64>) -> Progress {
        if !stderr().is_terminal() {
            return Progress { bar: ProgressBar::hidden(), bytes_read };
        }
        let (bar, template) = match bytes_total {
            Some(total) => {
                (ProgressBar::new(total), "{bar:30} {percent:>3}%  {msg}, {bytes_per_sec}, {eta} left")
            }
            None => (ProgressBar::new_spinner(), "{spinner} {msg}, {bytes}, {bytes_per_sec}"),
        };
        let style = ProgressStyle::with_template(template).unwrap_or_else(|_| ProgressStyle::default_bar());
        bar.set_style(style);
        Progress { bar, bytes_read }
    }

    /// `read` events have been judged.
    pub(super) fn show(&self, read: u64) {
        if !self.bar.is_hidden() {
            self.bar.set_position(self.bytes_read.get());
            self.bar.set_message(format!("{read} events"));
        }
    }

    /// Leaves the terminal clean.
    pub(super) fn finish(&self) {
        self.bar.finish_and_clear();
    }
}
