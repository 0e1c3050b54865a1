//! From a pattern's text to its rules, or a refusal.

use std::collections::BTreeMap;
use std::rc::Rc;

use ruleproof::json::{Member, Node, Value, tree};
use ruleproof::pattern::Profile;

use super::event::scalar;
use super::test::{Scalar, Test};
use super::{address, number};
use crate::units::{Units, decode, of, with_question_marks};

/// One conjunction: tests by dotted path, in the order of the paths' UTF-16 units.
pub type Rule = BTreeMap<Units, Rc<Vec<Test>>>;

/// Why there are no rules.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Refused {
    /// The pattern is not valid.
    Invalid,
    /// The pattern stands for more rules than the model wants to write down.
    TooManyRules,
}

use Refused::Invalid;

/// More than the service allows, less than the engine's profile does.
const RULES_MAX: usize = 1_500;

/// Names that cannot be fields inside `$or`.
const RESERVED: &str = "exactly equals-ignore-case prefix suffix anything-but exists wildcard numeric cidr \
    = < <= > >= regex not-wildcard not-equals-ignore-case date-after date-on-or-after date-before \
    date-on-or-before in-date-range ip-address-in-range ip-address-not-in-range";

/// Reads a pattern. Limits on length and wildcard complexity are not looked at.
pub fn compile(text: &[u8], profile: Profile) -> Result<Vec<Rule>, Refused> {
    let root = tree::parse(text).map_err(|_| Invalid)?;
    let text = std::str::from_utf8(&text[..root.span.end]).expect("what was parsed is UTF-8");
    let with_or = Compiler { text, profile, or: Or::Alternatives }.pattern(&root);
    match (with_or, profile) {
        // The engine takes `$or` for a field name where it does not work as `$or`.
        (Err(Invalid), Profile::Engine) => Compiler { text, profile, or: Or::Field }.pattern(&root),
        (outcome, _) => outcome,
    }
}

/// Whether a pattern with this path sees members named `""`.
pub(super) fn asks_for_empty_names(path: &Units) -> bool {
    let mut steps: Vec<&[u16]> = path.split(|unit| *unit == u16::from(b'.')).collect();
    if path.is_empty() {
        return true;
    }
    while steps.last().is_some_and(|step| step.is_empty()) {
        steps.pop();
    }
    steps.iter().any(|step| step.is_empty())
}

#[derive(Clone, Copy, PartialEq)]
enum Or {
    Alternatives,
    /// The engine's second try, which also knows fewer forms of `anything-but`.
    Field,
}

struct Compiler<'t> {
    text: &'t str,
    profile: Profile,
    or: Or,
}

impl Compiler<'_> {
    fn pattern(&self, root: &Node) -> Result<Vec<Rule>, Refused> {
        let Value::Object(members) = &root.value else { return Err(Invalid) };
        let rules = self.object(members, &mut Vec::new(), vec![Rule::new()], false)?;
        let too_many = self.profile == Profile::Service && rules.len() > 1_000;
        let too_wide = rules.iter().any(|rule| rule.len() > 256);
        if too_many || too_wide { Err(Invalid) } else { Ok(rules) }
    }

    fn object(
        &self,
        members: &[Member],
        above: &mut Vec<Units>,
        mut rules: Vec<Rule>,
        inside_or: bool,
    ) -> Result<Vec<Rule>, Refused> {
        if members.is_empty() {
            return Err(Invalid);
        }
        for member in members {
            let name = decode(&self.text[member.name_span.start + 1..member.name_span.end - 1]);
            if self.or == Or::Alternatives && name == of("$or") {
                rules = self.branches(&member.value, above, &rules)?;
                continue;
            }
            if inside_or && is_reserved(&name) {
                return Err(Invalid);
            }
            match &member.value.value {
                Value::Object(members) => {
                    above.push(name);
                    rules = self.object(members, above, rules, inside_or)?;
                    above.pop();
                }
                Value::Array(elements) => {
                    let path = join(above, name);
                    let tests = Rc::new(self.tests(elements)?);
                    rules.iter_mut().for_each(|rule| drop(rule.insert(path.clone(), Rc::clone(&tests))));
                }
                _ => return Err(Invalid),
            }
        }
        Ok(rules)
    }

    fn branches(&self, value: &Node, above: &mut Vec<Units>, rules: &[Rule]) -> Result<Vec<Rule>, Refused> {
        let branches = value.as_array().filter(|branches| branches.len() >= 2).ok_or(Invalid)?;
        let mut all = Vec::new();
        for branch in branches {
            let members = branch.as_object().ok_or(Invalid)?;
            all.extend(self.object(members, above, rules.to_vec(), true)?);
            if all.len() > RULES_MAX {
                return Err(Refused::TooManyRules);
            }
        }
        Ok(all)
    }

    fn tests(&self, elements: &[Node]) -> Result<Vec<Test>, Refused> {
        if elements.is_empty() {
            return Err(Invalid);
        }
        elements
            .iter()
            .map(|element| match &element.value {
                Value::Object(members) => self.operator(members),
                Value::Array(_) => Err(Invalid),
                _ => Ok(Test::Bare(self.scalar(element))),
            })
            .collect()
    }

    fn operator(&self, members: &[Member]) -> Result<Test, Refused> {
        let (name, operand) = self.only(members)?;
        Ok(match name.as_str() {
            "exactly" => Test::Exactly(self.string(operand)?),
            "equals-ignore-case" => Test::EqualsIgnoreCase(self.string(operand)?),
            "prefix" => match operand.as_object() {
                Some(members) => Test::PrefixIgnoreCase(self.ignore_case(members)?),
                None => Test::Prefix(self.string(operand)?),
            },
            "suffix" => match operand.as_object() {
                Some(members) => Test::SuffixIgnoreCase(self.ignore_case(members)?),
                None => Test::Suffix(self.string(operand)?),
            },
            "wildcard" => wildcard(&self.string(operand)?)?,
            "exists" => match operand.value {
                Value::Bool(true) => Test::Exists,
                Value::Bool(false) => Test::Absent,
                _ => return Err(Invalid),
            },
            "cidr" => Test::Cidr(address::range(&self.string(operand)?).ok_or(Invalid)?),
            "numeric" => self.numeric(operand)?,
            "anything-but" => self.anything_but(operand)?,
            _ => return Err(Invalid),
        })
    }

    fn numeric(&self, operand: &Node) -> Result<Test, Refused> {
        let parts = operand.as_array().ok_or(Invalid)?;
        let words: Vec<&str> = parts.iter().step_by(2).map(|word| word.as_str().unwrap_or("")).collect();
        let number = |index: usize| self.number(&parts[index]);
        match (&words[..], parts.len()) {
            (["="], 2) => Ok(Test::Numeric(Some((number(1)?, true)), Some((number(1)?, true)))),
            ([word @ ("<" | "<=")], 2) => Ok(Test::Numeric(None, Some((number(1)?, *word == "<=")))),
            ([word @ (">" | ">=")], 2) => Ok(Test::Numeric(Some((number(1)?, *word == ">=")), None)),
            ([low @ (">" | ">="), high @ ("<" | "<=")], 4) if number(1)? < number(3)? => {
                Ok(Test::Numeric(Some((number(1)?, *low == ">=")), Some((number(3)?, *high == "<="))))
            }
            _ => Err(Invalid),
        }
    }

    fn anything_but(&self, operand: &Node) -> Result<Test, Refused> {
        if let Value::Object(members) = &operand.value {
            return self.anything_but_operator(members);
        }
        let items = items(operand);
        if items.is_empty() {
            return Err(Invalid);
        }
        match items[0].value {
            Value::String(_) => {
                Ok(Test::ButStrings(items.iter().map(|item| self.string(item)).collect::<Result<_, _>>()?))
            }
            _ => Ok(Test::ButNumbers(items.iter().map(|item| self.number(item)).collect::<Result<_, _>>()?)),
        }
    }

    fn anything_but_operator(&self, members: &[Member]) -> Result<Test, Refused> {
        let (name, operand) = self.only(members)?;
        if self.or == Or::Field && name != "equals-ignore-case" && operand.as_array().is_some() {
            return Err(Invalid);
        }
        let make: fn(Units) -> Result<Test, Refused> = match name.as_str() {
            "prefix" => |text| if text.is_empty() { Err(Invalid) } else { Ok(Test::Prefix(text)) },
            "suffix" => |text| if text.is_empty() { Err(Invalid) } else { Ok(Test::Suffix(text)) },
            "equals-ignore-case" => |text| Ok(Test::EqualsIgnoreCase(text)),
            "wildcard" if self.or == Or::Alternatives => |text| wildcard(&text),
            _ => return Err(Invalid),
        };
        let items = items(operand);
        if items.is_empty() && self.profile == Profile::Service {
            return Err(Invalid);
        }
        Ok(Test::But(items.iter().map(|item| make(self.string(item)?)).collect::<Result<_, _>>()?))
    }

    fn ignore_case(&self, members: &[Member]) -> Result<Units, Refused> {
        match self.only(members)? {
            (name, operand) if name == "equals-ignore-case" => self.string(operand),
            _ => Err(Invalid),
        }
    }

    /// Name and value of an object's only member.
    fn only<'n>(&self, members: &'n [Member]) -> Result<(String, &'n Node), Refused> {
        let [member] = members else { return Err(Invalid) };
        let name = decode(&self.text[member.name_span.start + 1..member.name_span.end - 1]);
        Ok((String::from_utf16_lossy(&name), &member.value))
    }

    fn scalar(&self, node: &Node) -> Scalar {
        scalar(&self.text[node.span.clone()])
    }

    fn string(&self, node: &Node) -> Result<Units, Refused> {
        match node.value {
            Value::String(_) => match self.scalar(node) {
                Scalar::String(units) => Ok(units),
                _ => Err(Invalid),
            },
            _ => Err(Invalid),
        }
    }

    /// A number that can be compared.
    fn number(&self, node: &Node) -> Result<f64, Refused> {
        match node.value {
            Value::Number(_) => number::comparable(&self.text[node.span.clone()]).ok_or(Invalid),
            _ => Err(Invalid),
        }
    }
}

fn is_reserved(name: &[u16]) -> bool {
    let name = String::from_utf16_lossy(name);
    RESERVED.split_whitespace().any(|reserved| name == reserved)
}

/// The elements of a list, or a value that stands alone.
fn items(operand: &Node) -> &[Node] {
    operand.as_array().unwrap_or(std::slice::from_ref(operand))
}

fn join(above: &[Units], name: Units) -> Units {
    let ancestors = above.join(&u16::from(b'.'));
    if ancestors.is_empty() { name } else { [ancestors, vec![u16::from(b'.')], name].concat() }
}

fn wildcard(text: &[u16]) -> Result<Test, Refused> {
    const STAR: u16 = b'*' as u16;
    const BACKSLASH: u16 = b'\\' as u16;
    let text = with_question_marks(text);
    let mut tokens = Vec::new();
    let mut units = text.iter();
    while let Some(unit) = units.next() {
        tokens.push(match *unit {
            BACKSLASH => match units.next() {
                Some(&escaped @ (STAR | BACKSLASH)) => Some(escaped),
                _ => return Err(Invalid),
            },
            STAR if tokens.last() == Some(&None) => return Err(Invalid),
            STAR => None,
            other => Some(other),
        });
    }
    Ok(Test::Wildcard(tokens))
}
