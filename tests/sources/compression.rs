//! Compressed input, whole and damaged.

use super::common::{contents, gzip, items, items_in_steps, tiny, zstd};

const PLAIN: &[u8] = b"{\"id\":1}\n{\"id\":2}\n";

fn check(bytes: &[u8], expected: &[&str]) {
    assert_eq!(contents(bytes), expected);
    let stepped = items_in_steps(bytes, 1, tiny());
    assert_eq!(stepped, items(bytes), "byte by byte");
}

const BOTH: [&str; 2] = ["event {\"id\":1}", "event {\"id\":2}"];

#[test]
fn compression_is_recognised_by_content() {
    check(&gzip(PLAIN), &BOTH);
    check(&zstd(PLAIN), &BOTH);
    check(&gzip(&gzip(PLAIN)), &BOTH);
    check(&zstd(&gzip(PLAIN)), &BOTH);
    check(&[gzip(&PLAIN[..5]), gzip(&PLAIN[5..])].concat(), &BOTH);
    check(&[zstd(&PLAIN[..5]), zstd(&PLAIN[5..])].concat(), &BOTH);
    check(&gzip(&[gzip(&PLAIN[..5]), gzip(&PLAIN[5..])].concat()), &BOTH);
    check(&[gzip(PLAIN), vec![0; 100]].concat(), &BOTH);
    check(&gzip(b""), &[]);
    check(b"", &[]);
}

#[test]
fn truncated_data_gives_everything_before_the_end() {
    for (bytes, name) in [(gzip(PLAIN), "gzip"), (zstd(PLAIN), "zstd")] {
        for len in 5..bytes.len() {
            let items = contents(&bytes[..len]);
            let (last, before) = items.split_last().expect("at least the fault");
            assert_eq!(
                last,
                &format!("broken the {name} data ends too early; the file was cut off, fetch it again"),
                "{name}, {len} bytes"
            );
            assert!(BOTH.starts_with(&before.iter().map(String::as_str).collect::<Vec<_>>()), "{before:?}");
        }
    }
}

#[test]
fn members_behind_a_damaged_one_are_read() {
    let first = gzip(b"{\"id\":1}\n");
    for at in 10..first.len() {
        let mut damaged = first.clone();
        damaged[at] ^= 0x55;
        let bytes = [&damaged[..], &gzip(b"{\"id\":2}\n"), &gzip(b"{\"id\":3}\n")].concat();
        let items = contents(&bytes);
        assert!(
            items.iter().any(|item| item.starts_with("broken the gzip data is damaged")),
            "{at}: {items:?}"
        );
        assert!(
            items.ends_with(&["event {\"id\":2}".to_owned(), "event {\"id\":3}".to_owned()]),
            "{at}: {items:?}"
        );
    }
    let cut_off = [&first[..15], &gzip(b"{\"id\":2}\n")].concat();
    assert_eq!(contents(&cut_off).last().map(String::as_str), Some("event {\"id\":2}"));
    let nested = gzip(&[&first[..15], &gzip(b"{\"id\":2}\n")].concat());
    assert_eq!(contents(&nested).last().map(String::as_str), Some("event {\"id\":2}"));
}

#[test]
fn what_follows_compressed_data_is_reported() {
    check(
        &[gzip(PLAIN), b"{\"id\":3}".to_vec()].concat(),
        &[BOTH[0], BOTH[1], "broken what follows the gzip data is not gzip data; it is left out"],
    );
    let items = contents(&[zstd(PLAIN), b"{\"id\":3}".to_vec()].concat());
    assert!(items[2].starts_with("broken the zstd data is damaged"), "{items:?}");
}

#[test]
fn endless_nesting_is_refused() {
    let nested = (0..6).fold(PLAIN.to_vec(), |bytes, _| gzip(&bytes));
    check(&nested, &["broken compressed more than 4 times over; unpack the file first"]);
}
