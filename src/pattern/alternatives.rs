//! The conjunctions that a pattern stands for: one for each way through its `$or`s.
//!
//! A list per alternative instead of a tree of ANDs and ORs, because that is how the engine decides
//! duplicates (per full path the last one written wins, across `$or` branches too) and the order in which
//! `exists: false` sees other fields.

use std::collections::HashMap;
use std::sync::Arc;

use super::ir::{Alternative, Condition, FieldTests, PatternMember, PatternObject};
use super::path::FieldPath;
use crate::json::Text;

/// How many alternatives an object stands for; saturates.
pub(super) fn count(object: &PatternObject) -> usize {
    object.members.iter().fold(1, |product: usize, member| match member {
        PatternMember::Field { .. } => product,
        PatternMember::Object { object, .. } => product.saturating_mul(count(object)),
        PatternMember::Or { branches } => {
            product.saturating_mul(branches.iter().map(count).fold(0, usize::saturating_add))
        }
    })
}

/// How many fields an object writes, in all branches; saturates.
pub(super) fn fields_written(object: &PatternObject) -> usize {
    object.members.iter().fold(0, |sum: usize, member| {
        sum.saturating_add(match member {
            PatternMember::Field { .. } => 1,
            PatternMember::Object { object, .. } => fields_written(object),
            PatternMember::Or { branches } => {
                branches.iter().map(fields_written).fold(0, usize::saturating_add)
            }
        })
    })
}

/// All alternatives of a pattern. The caller has checked their [`count`].
pub(super) fn expand(root: &PatternObject) -> Vec<Alternative> {
    let mut expansion = Expansion { paths: Vec::new(), known: HashMap::new() };
    let written = expansion.object(root, &mut Vec::new(), vec![Fields::new()]);
    written.into_iter().map(|fields| expansion.finish(fields)).collect()
}

/// Index into [`Expansion::paths`], and the tests that were written last for it.
type Fields = HashMap<usize, Arc<FieldTests>>;

struct Expansion {
    paths: Vec<Arc<FieldPath>>,
    known: HashMap<Arc<FieldPath>, usize>,
}

impl Expansion {
    /// Adds what `object` demands to each alternative in `so_far`.
    fn object<'p>(
        &mut self,
        object: &'p PatternObject,
        above: &mut Vec<&'p Text>,
        so_far: Vec<Fields>,
    ) -> Vec<Fields> {
        object.members.iter().fold(so_far, |mut so_far, member| match member {
            PatternMember::Field { name, tests } => {
                let path = self.path(FieldPath::join(above.iter().copied(), name));
                for fields in &mut so_far {
                    fields.insert(path, Arc::clone(tests));
                }
                so_far
            }
            PatternMember::Object { name, object } => {
                above.push(name);
                let expanded = self.object(object, above, so_far);
                above.pop();
                expanded
            }
            PatternMember::Or { branches } => {
                branches.iter().flat_map(|branch| self.object(branch, above, so_far.clone())).collect()
            }
        })
    }

    fn path(&mut self, path: FieldPath) -> usize {
        if let Some(index) = self.known.get(&path) {
            return *index;
        }
        let path = Arc::new(path);
        self.paths.push(Arc::clone(&path));
        self.known.insert(path, self.paths.len() - 1);
        self.paths.len() - 1
    }

    fn finish(&self, fields: Fields) -> Alternative {
        let mut conditions: Vec<Condition> = fields
            .into_iter()
            .map(|(path, tests)| Condition { path: Arc::clone(&self.paths[path]), tests })
            .collect();
        conditions.sort_by(|a, b| a.path.cmp_checked(&b.path));
        Alternative { conditions }
    }
}
