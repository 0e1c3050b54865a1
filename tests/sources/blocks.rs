//! However the bytes come in and however the batches are cut, the items are the same.

use ruleproof::sources::SourceLimits;

use super::common::{data, gzip, items, items_in_steps};

fn mixed() -> Vec<Vec<u8>> {
    let array = [&b"[\n"[..], &data("firehose_newline.json").replace_newlines(), b"\n]\n"].concat();
    let everything = [
        data("firehose_newline.json"),
        b"\xef\xbb\xbf{\"broken\":\n\n{\"id\":\"x\"y\",\"z\":{}}\r\n".to_vec(),
        data("firehose_concatenated.json"),
        b"{\"cut\":\"off{\"id\":1}hello {\"id\":2}\n".to_vec(),
        array,
        data("cloudtrail_log.json"),
        data("sqs_receive_message.json"),
        data("v2_with_metadata.json"),
        data("logs_subscription_lambda.json"),
        b"42 \"text\" nonsense\n[{\"a\":1},{\"a\":\"x\"y},{\"a\":3}]{\"Records\":[".to_vec(),
        data("put_events_entries.json"),
    ];
    let export = [data("logs_export_000000.txt"), b"  more\n2026-03-04T05:06:04.000Z {\"id\":".to_vec()];
    vec![everything.concat(), export.concat(), gzip(&everything.concat())]
}

trait Commas {
    fn replace_newlines(&self) -> Vec<u8>;
}

impl Commas for Vec<u8> {
    /// The lines with commas between them.
    fn replace_newlines(&self) -> Vec<u8> {
        self.trim_ascii_end()
            .iter()
            .flat_map(|byte| if *byte == b'\n' { &b",\n"[..] } else { std::slice::from_ref(byte) })
            .copied()
            .collect()
    }
}

#[test]
fn items_do_not_depend_on_blocks_or_batches() {
    for text in mixed() {
        let expected = items(&text);
        assert!(expected.len() >= 4);
        for block_bytes in [1, 2, 3, 7, 64, 1000] {
            for batch_bytes_target in [1, 100, 5000] {
                for batch_items_max in [1, 3, 1000] {
                    let limits = SourceLimits {
                        batch_bytes_target,
                        batch_items_max,
                        block_bytes,
                        ..SourceLimits::default()
                    };
                    let actual = items_in_steps(&text, block_bytes, limits.clone());
                    assert_eq!(actual, expected, "{limits:?}");
                }
            }
        }
    }
}
