//! Values that a plan leaves open until it is applied.

use crate::rules::open_value::open_value;
use crate::rules::parameters::Given;
use crate::rules::tree::{Member, Node, Value};

/// `values` with what `after_unknown` marks as open. The two have one shape; `true` marks a value and all that
/// lies in it. `path` is the address of the whole: open values are given as `ADDRESS.attribute[0].nested`.
pub(super) fn with_unknowns(values: &Node, after_unknown: &Node, path: &str, given: &Given<'_>) -> Node {
    match &after_unknown.value {
        Value::Bool(true) => open_value(path, after_unknown.place, given),
        Value::Map(_) => {
            let mut members: Vec<Member> = values.members().to_vec();
            for member in after_unknown.members() {
                member_with_unknowns(&mut members, member, path, given);
            }
            Node { value: Value::Map(members), place: values.place, spelling: None }
        }
        Value::List(marks) => {
            let mut elements = values.elements().unwrap_or_default().to_vec();
            for (index, mark) in marks.iter().enumerate() {
                let path = format!("{path}[{index}]");
                match elements.get_mut(index) {
                    Some(element) => *element = with_unknowns(element, mark, &path, given),
                    None if marks_any(mark) => {
                        elements.push(with_unknowns(&nothing(mark), mark, &path, given));
                    }
                    None => {}
                }
            }
            Node { value: Value::List(elements), place: values.place, spelling: None }
        }
        _ => values.clone(),
    }
}

fn member_with_unknowns(members: &mut Vec<Member>, mark: &Member, path: &str, given: &Given<'_>) {
    if !marks_any(&mark.value) {
        return;
    }
    let path = format!("{path}.{}", mark.name);
    match members.iter_mut().rev().find(|member| member.name == mark.name) {
        Some(member) => member.value = with_unknowns(&member.value, &mark.value, &path, given),
        None => {
            let value = with_unknowns(&nothing(&mark.value), &mark.value, &path, given);
            members.push(Member { value, ..mark.clone() });
        }
    }
}

/// Whether anything in `mark` is open.
fn marks_any(mark: &Node) -> bool {
    match &mark.value {
        Value::Bool(marked) => *marked,
        Value::List(marks) => marks.iter().any(marks_any),
        Value::Map(members) => members.iter().any(|member| marks_any(&member.value)),
        _ => false,
    }
}

fn nothing(mark: &Node) -> Node {
    Node::made(Value::Null, mark.place)
}
