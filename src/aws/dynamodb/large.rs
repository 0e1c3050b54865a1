//! Contents that do not fit into an item.

use xxhash_rust::xxh3::xxh3_128;

use super::item::{self, Address, Item, Pieces};
use crate::tracking::{Record, RecordKey};

/// Bytes of content in one item. DynamoDB allows items of 400 KB with names and keys (Developer Guide, quotas).
const PIECE_BYTES: usize = 350_000;

/// The items of a record: the pieces, which have to be there before the item of the record itself, and that item.
pub(super) fn items_of(record: &Record) -> (Vec<Item>, Item) {
    if record.content.len() <= PIECE_BYTES {
        return (Vec::new(), item::whole(record));
    }
    let digest = format!("{:032x}", xxh3_128(record.content.as_bytes()));
    let pieces: Vec<Item> = (0..)
        .zip(cut(&record.content))
        .map(|(number, piece)| item::piece(record, &digest, number, piece))
        .collect();
    let count = u32::try_from(pieces.len()).unwrap_or(u32::MAX);
    let head = item::in_pieces(record, &Pieces { count, digest });
    (pieces, head)
}

/// Where the pieces of a content are, in order.
pub(super) fn addresses(key: &RecordKey, pieces: &Pieces) -> Vec<Address> {
    (0..pieces.count).map(|piece| Address::of_piece(key, &pieces.digest, piece)).collect()
}

/// `text` in parts of at most [`PIECE_BYTES`], each of whole characters.
fn cut(text: &str) -> impl Iterator<Item = &str> {
    let mut rest = text;
    std::iter::from_fn(move || {
        let (piece, behind) = rest.split_at(rest.floor_char_boundary(PIECE_BYTES));
        rest = behind;
        (!piece.is_empty()).then_some(piece)
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pieces_make_the_whole_and_fit() {
        for (text, pieces) in [
            ("x".repeat(PIECE_BYTES), 1),
            ("x".repeat(PIECE_BYTES + 1), 2),
            ("\u{1f980}".repeat(PIECE_BYTES / 2), 2),
            (format!("x{}", "\u{e9}".repeat(PIECE_BYTES)), 3),
            (String::new(), 0),
        ] {
            let cut: Vec<&str> = cut(&text).collect();
            assert_eq!(cut.len(), pieces);
            assert!(cut.iter().all(|piece| piece.len() <= PIECE_BYTES));
            assert!(cut.concat() == text);
        }
    }
}
