//! What every message names its event by.
//!
//! A rule under test stays as it is, so its bodies need not hold anything that tells events apart, and a broken body
//! in a dead-letter queue may hold anything at all. But an entry of `PutEvents` may carry an X-Ray trace header, which
//! EventBridge hands on to queues, dead-letter queues included, as the system attribute `AWSTraceHeader`. The 24
//! hexadecimal digits of its trace id are ours to choose.

use xxhash_rust::xxh3::xxh3_64;

use crate::tracking::{Attempt, EventNumber, RunId};

/// Bits of a run's hash in a token.
const RUN_BITS: u32 = 40;

/// Which run a token is of: 40 bits of its name's hash.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct RunMark {
    hash: u64,
    started_s: u64,
}

/// An event of a run, in one attempt.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Sending {
    /// The event.
    pub event: EventNumber,
    /// Which time it is sent.
    pub attempt: Attempt,
}

/// What a trace header says to us.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Token {
    /// An event of this run.
    Ours(Sending),
    /// It is not of this run: another one's, or whatever else traces.
    Foreign,
}

impl RunMark {
    /// The mark of a run.
    pub fn of(run: RunId) -> RunMark {
        RunMark {
            hash: xxh3_64(run.to_string().as_bytes()) >> (u64::BITS - RUN_BITS),
            started_s: run.started_s(),
        }
    }

    /// The trace header of an event: `Root=1-69f1c2a0-<run: 10><attempt: 2><event: 12>`, all hexadecimal.
    pub fn trace_header(self, sending: Sending) -> String {
        let Sending { event, attempt } = sending;
        // The first eight digits are a time in seconds; X-Ray takes those of the last 30 days.
        let started = self.started_s & u64::from(u32::MAX);
        format!("Root=1-{started:08x}-{:010x}{:02x}{:012x}", self.hash, attempt.get(), event.get())
    }

    /// What a trace header says; EventBridge may have added members.
    pub fn read(self, trace_header: &str) -> Token {
        self.sending(trace_header).map_or(Token::Foreign, Token::Ours)
    }

    fn sending(self, trace_header: &str) -> Option<Sending> {
        let root = trace_header.split(';').find_map(|member| member.trim().strip_prefix("Root=1-"))?;
        let (_, id) = root.split_once('-')?;
        let id = id.get(..24).filter(|id| id.bytes().all(|byte| byte.is_ascii_hexdigit()))?;
        let number = |digits: &str| u64::from_str_radix(digits, 16).ok();
        let hash = number(&id[..10])?;
        let attempt = Attempt::new(u8::from_str_radix(&id[10..12], 16).ok()?)?;
        let event = EventNumber::new(number(&id[12..])?)?;
        (hash == self.hash).then_some(Sending { event, attempt })
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    proptest! {
        #[test]
        fn headers_read_back(tag: u32, event in 0..=EventNumber::MAX.get(), attempt in 1..=u8::MAX) {
            let mark = RunMark::of(RunId::new(1_795_365_900, tag));
            let sending = Sending {
                event: EventNumber::new(event).unwrap(),
                attempt: Attempt::new(attempt).unwrap(),
            };
            let header = mark.trace_header(sending);
            prop_assert_eq!(mark.read(&header), Token::Ours(sending));
            prop_assert_eq!(mark.read(&format!("Self=1-2;{header};Parent=53995c3f42cd8ad8;Sampled=1")), Token::Ours(sending));
            let other = RunMark::of(RunId::new(1_795_365_900, tag.wrapping_add(1)));
            prop_assert_eq!(other.read(&header), Token::Foreign);
        }

        #[test]
        fn any_text_is_read(text in ".{0,60}") {
            prop_assert_eq!(RunMark::of(RunId::new(0, 0)).read(&text), Token::Foreign);
        }
    }

    #[test]
    fn a_header_is_one_that_x_ray_takes() {
        let mark = RunMark::of(RunId::new(1_795_365_900, 1));
        let sending = Sending { event: EventNumber::new(255).unwrap(), attempt: Attempt::FIRST };
        let header = mark.trace_header(sending);
        assert!(header.starts_with("Root=1-6b03"), "{header}");
        assert!(header.ends_with("010000000000ff"), "{header}");
        assert_eq!(header.len(), "Root=1-5759e988-bd862e3fe1be46a994272793".len());
    }
}
