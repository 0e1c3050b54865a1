//! Queries of partitions, and pages merged from several of them.

use aws_sdk_dynamodb::types::AttributeValue;
use futures_util::future::try_join_all;

use super::item::{Address, Item, PARTITION, SORT};
use super::table::DynamoDbTable;
use crate::calls::CallError;

const QUERY: &str = "Query";

/// Which attributes are wanted.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Wanted {
    All,
    Keys,
}

/// The beginning of a partition, or of several.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Items {
    /// In the order of their sort keys.
    pub(super) items: Vec<(Address, Item)>,
    pub(super) more: bool,
}

impl DynamoDbTable {
    /// The first items of `partition` behind `after`, about `limit` of them and at least one if there is one.
    pub(super) async fn query(
        &self,
        partition: &str,
        after: Option<&str>,
        limit: usize,
        wanted: Wanted,
    ) -> Result<Items, CallError> {
        let mut found = Items { items: Vec::new(), more: true };
        let mut after = after.map(str::to_owned);
        // An answer can be empty and yet not the last.
        while found.items.is_empty() && found.more {
            let (items, next) = self
                .policy
                .call(QUERY, || self.query_once(partition, after.as_deref(), limit, wanted))
                .await?;
            found = Items { items, more: next.is_some() };
            after = next;
        }
        Ok(found)
    }

    async fn query_once(
        &self,
        partition: &str,
        after: Option<&str>,
        limit: usize,
        wanted: Wanted,
    ) -> Result<(Vec<(Address, Item)>, Option<String>), CallError> {
        let at = |sort: &str| Address { partition: partition.to_owned(), sort: sort.to_owned() }.into_item();
        let mut call = self
            .client
            .query()
            .table_name(&self.name)
            .consistent_read(true)
            .key_condition_expression("#partition = :partition")
            .expression_attribute_names("#partition", PARTITION)
            .expression_attribute_values(":partition", AttributeValue::S(partition.to_owned()))
            .set_exclusive_start_key(after.map(at))
            .limit(i32::try_from(limit).unwrap_or(i32::MAX));
        if wanted == Wanted::Keys {
            call = call.projection_expression("#partition, #sort").expression_attribute_names("#sort", SORT);
        }
        let answer = call.send().await.map_err(|error| self.reach.failed(QUERY, error))?;
        let next = answer.last_evaluated_key.as_ref().and_then(Address::read);
        let items = answer.items.unwrap_or_default().into_iter().map(|item| {
            let address = Address::read(&item).ok_or_else(|| self.reach.lacks(QUERY, "key"))?;
            Ok((address, item))
        });
        Ok((items.collect::<Result<_, _>>()?, next.map(|address| address.sort)))
    }

    /// The first items of all `partitions` behind `after` in the order of their sort keys, at most `limit`.
    pub(super) async fn query_merged(
        &self,
        partitions: &[String],
        after: Option<&str>,
        limit: usize,
    ) -> Result<Items, CallError> {
        // Events are dealt out evenly.
        let each = limit.div_ceil(partitions.len().max(1));
        let queries = partitions.iter().map(|partition| self.query(partition, after, each, Wanted::All));
        Ok(merged(try_join_all(queries).await?, limit))
    }
}

/// The beginnings of several partitions as the beginning of all of them.
fn merged(parts: Vec<Items>, limit: usize) -> Items {
    // Behind the end of a part that goes on, something of that part may be missing.
    let known_to = parts
        .iter()
        .filter(|part| part.more)
        .filter_map(|part| part.items.last())
        .map(|(address, _)| address.sort.clone())
        .min();
    let mut items: Vec<(Address, Item)> = parts.into_iter().flat_map(|part| part.items).collect();
    items.sort_by(|(a, _), (b, _)| a.sort.cmp(&b.sort));
    let known = known_to
        .as_ref()
        .map_or(items.len(), |known_to| items.partition_point(|(address, _)| address.sort <= *known_to));
    let more = known_to.is_some() || known > limit;
    items.truncate(known.min(limit));
    Items { items, more }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn part(sorts: &[&str], more: bool) -> Items {
        let at = |sort: &&str| (Address { partition: String::new(), sort: (*sort).to_owned() }, Item::new());
        Items { items: sorts.iter().map(at).collect(), more }
    }

    #[test]
    fn nothing_is_left_out_where_a_part_goes_on() {
        let cases: [(&[Items], usize, Items); 5] = [
            (&[part(&["a", "d"], true), part(&["b", "c", "e"], false)], 9, part(&["a", "b", "c", "d"], true)),
            (&[part(&["a", "d"], false), part(&["b", "c"], false)], 9, part(&["a", "b", "c", "d"], false)),
            (&[part(&["a", "d"], false), part(&["b", "c"], false)], 4, part(&["a", "b", "c", "d"], false)),
            (&[part(&["a", "d"], false), part(&["b", "c"], false)], 3, part(&["a", "b", "c"], true)),
            (&[part(&[], false), part(&[], false)], 3, part(&[], false)),
        ];
        for (parts, limit, expected) in cases {
            assert_eq!(merged(parts.to_vec(), limit), expected);
        }
    }
}
