//! StatsD over UDP, with labels as the tags of DogStatsD, which Telegraf, Vector, the CloudWatch agent and
//! `statsd_exporter` read too.

use std::fmt::Write as _;
use std::io;
use std::net::{SocketAddr, UdpSocket};

use super::super::snapshot::{Sample, Snapshot};
use super::exporter::{EmitProblem, Exporter, Moment};
use super::flat::{Number, scalars};

/// What fits into an Ethernet frame with room for tunnels, as StatsD's own documentation advises.
const PACKET_BYTES_MAX: usize = 1_432;

/// Sends differences to a StatsD server.
#[derive(Debug)]
pub struct StatsD {
    socket: UdpSocket,
    sent: Snapshot,
}

/// Lines that go together, and the number of samples that are sent when they are.
#[derive(Debug, Default)]
struct Packet {
    text: String,
    through: usize,
}

impl Packet {
    fn takes(&self, line: &str) -> bool {
        self.text.is_empty() || self.text.len() + 1 + line.len() <= PACKET_BYTES_MAX
    }
}

impl StatsD {
    /// An exporter to `server`. UDP makes no connection, so that nothing need listen there yet.
    ///
    /// # Errors
    /// The system gives no socket, or has no way to that address.
    pub fn to(server: SocketAddr) -> io::Result<StatsD> {
        let any = if server.is_ipv4() { "0.0.0.0:0" } else { "[::]:0" };
        let socket = UdpSocket::bind(any)?;
        socket.connect(server)?;
        // A full buffer is a failure like others, not a reason to wait.
        socket.set_nonblocking(true)?;
        Ok(StatsD { socket, sent: Snapshot::default() })
    }
}

impl Exporter for StatsD {
    fn name(&self) -> &'static str {
        "statsd"
    }

    fn emit(&mut self, snapshot: &Snapshot, _: Moment) -> Result<(), EmitProblem> {
        let news = snapshot.since(&self.sent);
        let mut through = 0;
        let mut failed = None;
        for packet in packets(&news) {
            if let Err(error) = self.socket.send(packet.text.as_bytes()) {
                failed = Some(EmitProblem(format!("StatsD: {error}")));
                break;
            }
            through = packet.through;
        }
        let through = if failed.is_none() { snapshot.samples().len() } else { through };
        self.sent = snapshot.first(through).or_else(&self.sent);
        failed.map_or(Ok(()), Err)
    }
}

fn packets(news: &Snapshot) -> Vec<Packet> {
    let mut packets = vec![Packet::default()];
    for (at, sample) in news.samples().iter().enumerate() {
        for line in lines(sample) {
            if let Some(full) = packets.last_mut().filter(|packet| !packet.takes(&line)) {
                // A sample with lines in the next packet too is not sent before that is.
                full.through = full.through.min(at);
                packets.push(Packet::default());
            }
            if let Some(packet) = packets.last_mut() {
                if !packet.text.is_empty() {
                    packet.text.push('\n');
                }
                packet.text.push_str(&line);
                packet.through = at + 1;
            }
        }
    }
    packets.retain(|packet| !packet.text.is_empty());
    packets
}

fn lines(sample: &Sample) -> Vec<String> {
    let tags: Vec<String> = sample.labels().map(|(name, value)| format!("{name}:{}", tag(value))).collect();
    let line = |scalar: super::flat::Scalar| {
        let mut line = scalar.name;
        // Writing to a string does not fail.
        let _ = match scalar.number {
            Number::Count(count) => write!(line, ":{count}|c"),
            Number::Sum(sum) => write!(line, ":{sum}|c"),
            // A sign would make it a change to the last value.
            Number::Level(level) => write!(line, ":{}|g", level.max(0.0)),
        };
        if !tags.is_empty() {
            let _ = write!(line, "|#{}", tags.join(","));
        }
        line
    };
    scalars(sample).into_iter().map(line).collect()
}

/// The value without what has a meaning in a line.
fn tag(value: &str) -> String {
    value.replace(|c: char| c.is_control() || matches!(c, '|' | ',' | '#'), "_")
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::super::super::registry::Registry;
    use super::super::super::table::{EVENTS, JUDGE_SECONDS, LAG, RULE_MATCHES};
    use super::*;

    fn receiver() -> (UdpSocket, StatsD) {
        let receiver = UdpSocket::bind("127.0.0.1:0").unwrap();
        receiver.set_read_timeout(Some(Duration::from_millis(500))).unwrap();
        let statsd = StatsD::to(receiver.local_addr().unwrap()).unwrap();
        (receiver, statsd)
    }

    fn received(receiver: &UdpSocket) -> Vec<String> {
        let mut packet = [0; 65_536];
        std::iter::from_fn(|| receiver.recv(&mut packet).ok().map(|bytes| packet[..bytes].to_vec()))
            .map(|bytes| String::from_utf8(bytes).unwrap())
            .collect()
    }

    fn emit(statsd: &mut StatsD, registry: &Registry) -> Result<(), EmitProblem> {
        statsd.emit(&registry.snapshot(), Moment::now())
    }

    #[test]
    fn lines_are_differences_with_tags_that_cannot_break_out() {
        let (receiver, mut statsd) = receiver();
        let registry = Registry::default();
        registry.series(&RULE_MATCHES, ["a|b,c#d\ne:f"]).add(3);
        registry.series(&LAG, []).set(1.5);
        registry.series(&JUDGE_SECONDS, []).record(Duration::from_millis(10));
        emit(&mut statsd, &registry).unwrap();
        let lines: Vec<String> = received(&receiver)
            .iter()
            .flat_map(|p| p.lines().map(str::to_owned).collect::<Vec<_>>())
            .collect();
        assert!(
            lines.contains(&"ruleproof_rule_matches_total:3|c|#rule:a_b_c_d_e:f".to_owned()),
            "{lines:?}"
        );
        assert!(lines.contains(&"ruleproof_lag_seconds:1.5|g".to_owned()), "{lines:?}");
        assert!(lines.contains(&"ruleproof_judge_seconds_count:1|c".to_owned()), "{lines:?}");
        assert!(lines.contains(&"ruleproof_judge_seconds_sum:0.01|c".to_owned()), "{lines:?}");
        registry.series(&RULE_MATCHES, ["a|b,c#d\ne:f"]).add(2);
        emit(&mut statsd, &registry).unwrap();
        let again = received(&receiver).join("\n");
        assert!(again.contains("matches_total:2|c") && !again.contains("judge"), "{again}");
    }

    #[test]
    fn packets_fit_into_a_frame_and_sums_are_exact() {
        let registry = Registry::default();
        for rule in 0..800 {
            let name = format!("{rule}-{}", "ü".repeat(rule % 120));
            registry.series(&RULE_MATCHES, [&name]).add(rule as u64 + 1);
        }
        let packets = packets(&registry.snapshot());
        assert!(packets.len() > 20 && packets.iter().all(|packet| packet.text.len() <= PACKET_BYTES_MAX));
        assert_eq!(packets.last().unwrap().through, 800);
        let sum: u64 = packets
            .iter()
            .flat_map(|packet| packet.text.lines())
            .map(|line| line.split_once(':').unwrap().1.split_once('|').unwrap().0.parse::<u64>().unwrap())
            .sum();
        assert_eq!(sum, (1..=800).sum::<u64>());
    }

    #[test]
    fn a_refusal_is_a_failure_and_what_was_not_sent_comes_with_the_next_emission() {
        let (receiver, mut statsd) = receiver();
        let registry = Registry::default();
        let address = receiver.local_addr().unwrap();
        drop(receiver);
        registry.series(&EVENTS, ["delivered"]).add(1);
        // The first packet is lost, as UDP's are; its refusal comes with the next send.
        let _ = emit(&mut statsd, &registry);
        std::thread::sleep(Duration::from_millis(50));
        registry.series(&EVENTS, ["delivered"]).add(5);
        assert!(emit(&mut statsd, &registry).is_err());
        let receiver = UdpSocket::bind(address).unwrap();
        receiver.set_read_timeout(Some(Duration::from_millis(500))).unwrap();
        emit(&mut statsd, &registry).unwrap();
        assert!(received(&receiver).join("\n").contains("events_total:5|c"));
    }
}
