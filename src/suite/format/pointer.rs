//! Changes of an event by JSON pointers (RFC 6901).

use super::problem::PointerFault;
use crate::document::{Member, Node, Value};
use crate::json::pointer::{PointerError, steps};
use crate::json::{DEPTH_MAX, Place, Text};

/// Where to go from the whole event, step by step; at least one step.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Pointer {
    written: String,
    steps: Vec<String>,
}

impl Pointer {
    /// The pointer that `text` spells.
    ///
    /// # Errors
    /// It does not start with a slash (so it is not empty either), has a bad escape, or more steps than an event
    /// has levels.
    pub fn parse(text: &str) -> Result<Pointer, PointerFault> {
        let steps = steps(text).map_err(|error| match error {
            PointerError::NoSlash => PointerFault::NoSlash,
            PointerError::BadEscape => PointerFault::BadEscape,
        })?;
        if steps.len() > DEPTH_MAX {
            return Err(PointerFault::TooDeep { levels_max: DEPTH_MAX });
        }
        Ok(Pointer { written: text.to_owned(), steps })
    }

    /// The pointer as it was written.
    pub fn as_str(&self) -> &str {
        &self.written
    }

    /// The steps with dots between them, as pattern conditions name fields.
    pub fn dotted(&self) -> String {
        self.steps.join(".")
    }

    /// The pointer of the first `len` steps, for messages.
    fn upto(&self, len: usize) -> String {
        let steps = self.steps[..len].iter().map(|step| step.replace('~', "~0").replace('/', "~1"));
        steps.fold(String::new(), |pointer, step| pointer + "/" + &step)
    }
}

/// Puts `value` where `pointer` leads, making the objects on the way that are missing. In a list, `-` and the
/// number behind the last one append.
///
/// # Errors
/// The way leads through a value that has no inside, or to no place of a list.
pub fn set(event: &mut Node, pointer: &Pointer, value: &Node) -> Result<(), PointerFault> {
    let mut at = event;
    for (index, step) in pointer.steps.iter().enumerate() {
        at = entered(at, step).map_err(|fault| located(fault, pointer, index))?;
    }
    *at = value.clone();
    Ok(())
}

/// Takes away what `pointer` leads to; of members of the same name all.
///
/// # Errors
/// There is nothing.
pub fn unset(event: &mut Node, pointer: &Pointer) -> Result<(), PointerFault> {
    let Some((last, way)) = pointer.steps.split_last() else { return Err(PointerFault::Nothing) };
    let mut at = event;
    for step in way {
        at = existing(at, step).ok_or(PointerFault::Nothing)?;
    }
    match &mut at.value {
        Value::Map(members) => {
            let before = members.len();
            members.retain(|member| member.name.as_bytes() != last.as_bytes());
            if members.len() < before { Ok(()) } else { Err(PointerFault::Nothing) }
        }
        Value::List(elements) => match index(last).filter(|index| *index < elements.len()) {
            Some(index) => {
                elements.remove(index);
                Ok(())
            }
            None => Err(PointerFault::Nothing),
        },
        _ => Err(PointerFault::Nothing),
    }
}

/// Why a step cannot be taken.
enum Blocked {
    Scalar(&'static str),
    List { len: usize },
}

fn located(blocked: Blocked, pointer: &Pointer, step: usize) -> PointerFault {
    let at = pointer.upto(step);
    match blocked {
        Blocked::Scalar(found) => PointerFault::ThroughScalar { at, found },
        Blocked::List { len } => PointerFault::NoElement { at, len },
    }
}

/// What `step` leads to, made if it is missing: an object as long as nobody says otherwise.
fn entered<'n>(node: &'n mut Node, step: &str) -> Result<&'n mut Node, Blocked> {
    let (kind, place) = (node.kind(), node.place);
    match &mut node.value {
        Value::Map(members) => {
            let last = members.iter().rposition(|member| member.name.as_bytes() == step.as_bytes());
            let at = last.unwrap_or_else(|| {
                members.push(made_member(step, place));
                members.len() - 1
            });
            Ok(&mut members[at].value)
        }
        Value::List(elements) => {
            let len = elements.len();
            let at = if step == "-" { Some(len) } else { index(step) };
            let at = at.filter(|at| *at <= len).ok_or(Blocked::List { len })?;
            if at == len {
                elements.push(Node::made(Value::Map(Vec::new()), place));
            }
            Ok(&mut elements[at])
        }
        _ => Err(Blocked::Scalar(kind)),
    }
}

fn made_member(name: &str, place: Place) -> Member {
    let value = Node::made(Value::Map(Vec::new()), place);
    Member { name: Text::from(name), name_place: place, name_doubt: None, value }
}

fn existing<'n>(node: &'n mut Node, step: &str) -> Option<&'n mut Node> {
    match &mut node.value {
        Value::Map(members) => {
            let last = members.iter().rposition(|member| member.name.as_bytes() == step.as_bytes());
            last.map(|at| &mut members[at].value)
        }
        Value::List(elements) => index(step).and_then(|at| elements.get_mut(at)),
        _ => None,
    }
}

/// The number that `step` is: digits without a leading zero.
fn index(step: &str) -> Option<usize> {
    let is_plain = step == "0" || !step.starts_with('0') && step.bytes().all(|byte| byte.is_ascii_digit());
    step.parse().ok().filter(|_| is_plain)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::document::SourceFile;

    fn tree(json: &str) -> Node {
        let source = SourceFile { path: std::path::Path::new("x.json").into(), text: json.to_owned() };
        source.documents().unwrap().remove(0)
    }

    fn changed(event: &str, pointer: &str, value: Option<&str>) -> Result<String, String> {
        let mut event = tree(event);
        let pointer = Pointer::parse(pointer).map_err(|fault| fault.to_string())?;
        let done = match value {
            Some(value) => set(&mut event, &pointer, &tree(value)),
            None => unset(&mut event, &pointer),
        };
        done.map(|()| event.to_json()).map_err(|fault| fault.to_string())
    }

    #[test]
    fn set_replaces_makes_parents_and_appends() {
        for (event, pointer, value, expected) in [
            (r#"{"a":1,"b":2}"#, "/a", "1.0", r#"{"a":1.0,"b":2}"#),
            (r#"{}"#, "/a/b~1c/d~0", "null", r#"{"a":{"b/c":{"d~":null}}}"#),
            (r#"{"a":[1,2]}"#, "/a/1", "{}", r#"{"a":[1,{}]}"#),
            (r#"{"a":[1]}"#, "/a/-", "2", r#"{"a":[1,2]}"#),
            (r#"{"a":[1]}"#, "/a/1/x", "2", r#"{"a":[1,{"x":2}]}"#),
            (r#"{"a":1,"a":2}"#, "/a", "3", r#"{"a":1,"a":3}"#),
            (r#"{"":{}}"#, "//", "1", r#"{"":{"":1}}"#),
        ] {
            assert_eq!(changed(event, pointer, Some(value)).as_deref(), Ok(expected), "{pointer}");
        }
    }

    #[test]
    fn unset_takes_away_what_is_there() {
        assert_eq!(changed(r#"{"a":1,"b":2,"a":3}"#, "/a", None).as_deref(), Ok(r#"{"b":2}"#));
        assert_eq!(changed(r#"{"a":[1,2,3]}"#, "/a/1", None).as_deref(), Ok(r#"{"a":[1,3]}"#));
        for pointer in ["/b", "/a/3", "/a/01", "/a/-", "/a/0/x", "/b/c"] {
            let message = changed(r#"{"a":[1,2,3]}"#, pointer, None).unwrap_err();
            assert_eq!(message, "leads to nothing that could be taken away", "{pointer}");
        }
    }

    #[test]
    fn a_pointer_that_leads_astray_says_where() {
        for (pointer, message) in [
            ("", "has to start with `/`"),
            ("a", "has to start with `/`"),
            ("/a~2", "has a `~` that is neither `~0` (for `~`) nor `~1` (for `/`)"),
            ("/a~", "has a `~` that is neither `~0` (for `~`) nor `~1` (for `/`)"),
            ("/text/x", "leads through a string at `/text`"),
            ("/no/x", "leads through nothing at `/no`"),
            (
                "/list/2",
                "needs a place in the list at `/list`, which has 1: a number up to that, or `-` for the end",
            ),
            (
                "/list/x",
                "needs a place in the list at `/list`, which has 1: a number up to that, or `-` for the end",
            ),
            (&"/a".repeat(1_001), "has more than 1000 levels"),
        ] {
            let event = r#"{"text":"t","no":null,"list":[1]}"#;
            assert_eq!(changed(event, pointer, Some("1")).unwrap_err(), message, "{pointer}");
        }
    }
}
