//! From the text of a pattern to its alternatives, or to a refusal.

use std::cmp::Ordering;
use std::collections::{BTreeMap, BTreeSet};
use std::rc::Rc;

use ruleproof::json::{Member, Node, Text, Value, tree};

use super::address::AddressRange;
use super::matchers::{Bound, Comparable, Matcher, NumericRange, StringTest, WildcardToken};
use super::{Profile, complexity};

/// Why a pattern is refused.
#[derive(Debug)]
pub struct Refused(pub &'static str);

/// One alternative: every field with its list. Iteration is in the order in which fields are checked.
pub type Rule = BTreeMap<Path, Rc<[Matcher]>>;

/// A field's full path, keys joined with dots. Ordered by UTF-16 units.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Path(pub Vec<u8>);

impl PartialOrd for Path {
    fn partial_cmp(&self, other: &Path) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl Ord for Path {
    fn cmp(&self, other: &Path) -> Ordering {
        Text::cmp_utf16(&self.0, &other.0)
    }
}

const FIELDS_MAX: usize = 256;
const COMBINATIONS_MAX: usize = 1_000;
const COMPLEXITY_MAX: usize = 10;
const CHARACTERS_MAX: usize = 4_096;

const RESERVED_IN_OR: [&str; 24] = [
    "exactly",
    "equals-ignore-case",
    "prefix",
    "suffix",
    "anything-but",
    "exists",
    "wildcard",
    "numeric",
    "cidr",
    "=",
    "<",
    "<=",
    ">",
    ">=",
    "regex",
    "not-wildcard",
    "not-equals-ignore-case",
    "date-after",
    "date-on-or-after",
    "date-before",
    "date-on-or-before",
    "in-date-range",
    "ip-address-in-range",
    "ip-address-not-in-range",
];

/// The alternatives of `pattern`.
pub fn compile(pattern: &[u8], profile: Profile) -> Result<Vec<Rule>, Refused> {
    let root = tree::parse(pattern).map_err(|_| Refused("not JSON"))?;
    let members = root.as_object().ok_or(Refused("not an object"))?;
    match profile {
        Profile::Service => {
            if String::from_utf8_lossy(pattern).chars().count() > CHARACTERS_MAX {
                return Err(Refused("too long"));
            }
            let alternatives = Grammar { profile, or: OrSyntax::Alternatives }.pattern(members)?;
            if complexity::of(&alternatives) > COMPLEXITY_MAX {
                return Err(Refused("too complex"));
            }
            Ok(alternatives)
        }
        Profile::Engine => Grammar { profile, or: OrSyntax::Alternatives }
            .pattern(members)
            .or_else(|_| Grammar { profile, or: OrSyntax::PlainField }.pattern(members)),
    }
}

/// Whether any field path has an empty step, which decides if event members called `""` count.
pub fn empty_names(alternatives: &[Rule]) -> bool {
    let has_empty_step = |path: &Path| {
        let trailing = path.0.iter().rev().take_while(|byte| **byte == b'.').count();
        let kept = &path.0[..path.0.len() - trailing];
        path.0.is_empty() || !kept.is_empty() && kept.split(|byte| *byte == b'.').any(<[u8]>::is_empty)
    };
    alternatives.iter().flat_map(Rule::keys).any(has_empty_step)
}

/// How `$or` is read.
#[derive(Clone, Copy, PartialEq, Eq)]
enum OrSyntax {
    /// As a list of alternatives.
    Alternatives,
    /// As any other field: what event-ruler tries when the first way fails, with an older set of operators.
    PlainField,
}

#[derive(Clone, Copy)]
struct Grammar {
    profile: Profile,
    or: OrSyntax,
}

/// Where an object stands in the pattern.
#[derive(Clone)]
struct Surroundings<'a> {
    ancestors: Vec<&'a Text>,
    inside_or: bool,
}

impl Grammar {
    fn pattern(self, members: &[Member]) -> Result<Vec<Rule>, Refused> {
        let root = Surroundings { ancestors: Vec::new(), inside_or: false };
        let alternatives = self.object(members, &root, vec![Rule::new()])?;
        if alternatives.iter().any(|rule| rule.len() > FIELDS_MAX) {
            return Err(Refused("too many fields"));
        }
        Ok(alternatives)
    }

    /// Adds what an object demands to each of `rules`; every `$or` multiplies them.
    fn object(
        self,
        members: &[Member],
        around: &Surroundings<'_>,
        mut rules: Vec<Rule>,
    ) -> Result<Vec<Rule>, Refused> {
        if members.is_empty() {
            return Err(Refused("empty object"));
        }
        for member in members {
            let is_or = member.name.as_bytes() == b"$or" && self.or == OrSyntax::Alternatives;
            rules = if is_or {
                self.or_list(&member.value, around, &rules)?
            } else {
                self.member(member, around, rules)?
            };
        }
        Ok(rules)
    }

    fn or_list(self, list: &Node, around: &Surroundings<'_>, rules: &[Rule]) -> Result<Vec<Rule>, Refused> {
        let branches =
            list.as_array().filter(|list| list.len() >= 2).ok_or(Refused("`$or` wants two objects"))?;
        let inside = Surroundings { inside_or: true, ..around.clone() };
        let mut all = Vec::new();
        for branch in branches {
            let members = branch.as_object().ok_or(Refused("`$or` wants objects"))?;
            all.extend(self.object(members, &inside, rules.to_vec())?);
            if self.profile == Profile::Service && all.len() > COMBINATIONS_MAX {
                return Err(Refused("too many combinations of `$or`"));
            }
        }
        Ok(all)
    }

    fn member(
        self,
        member: &Member,
        around: &Surroundings<'_>,
        mut rules: Vec<Rule>,
    ) -> Result<Vec<Rule>, Refused> {
        if around.inside_or && is_reserved(&member.name) {
            return Err(Refused("an operator as a field name inside `$or`"));
        }
        match &member.value.value {
            Value::Object(members) => {
                let mut inside = around.clone();
                inside.ancestors.push(&member.name);
                self.object(members, &inside, rules)
            }
            Value::Array(elements) => {
                let path = path_of(&around.ancestors, &member.name);
                let matchers: Rc<[Matcher]> = self.list(elements)?.into();
                for rule in &mut rules {
                    // The last list of a path wins.
                    rule.insert(path.clone(), Rc::clone(&matchers));
                }
                Ok(rules)
            }
            _ => Err(Refused("neither an object nor a list")),
        }
    }

    fn list(self, elements: &[Node]) -> Result<Vec<Matcher>, Refused> {
        if elements.is_empty() {
            return Err(Refused("empty list"));
        }
        elements.iter().map(|element| self.element(element)).collect()
    }

    fn element(self, element: &Node) -> Result<Matcher, Refused> {
        Ok(match &element.value {
            Value::Null => Matcher::Null,
            Value::Bool(wanted) => Matcher::Bool(*wanted),
            Value::Number(spelling) => match Comparable::of(spelling) {
                Some(number) => Matcher::Numeric(NumericRange::equal_to(number)),
                None => Matcher::NumberSpelling(spelling.to_string()),
            },
            Value::String(text) => match text.as_str().and_then(AddressRange::one) {
                Some(address) => Matcher::Addresses(address),
                None => Matcher::Text(text.clone()),
            },
            Value::Array(_) => return Err(Refused("a list in a list")),
            Value::Object(members) => self.operator(one(members)?)?,
        })
    }

    fn operator(self, member: &Member) -> Result<Matcher, Refused> {
        let operand = &member.value;
        match member.name.as_bytes() {
            b"exactly" => Ok(Matcher::Text(string(operand)?.clone())),
            b"equals-ignore-case" => {
                Ok(Matcher::String(StringTest::EqualsIgnoreCase(replaced(string(operand)?))))
            }
            b"prefix" => affix(operand, StringTest::Prefix, StringTest::PrefixIgnoreCase),
            b"suffix" => affix(operand, StringTest::Suffix, StringTest::SuffixIgnoreCase),
            b"wildcard" => Ok(Matcher::String(StringTest::Wildcard(wildcard(string(operand)?)?))),
            b"exists" => match &operand.value {
                Value::Bool(true) => Ok(Matcher::Present),
                Value::Bool(false) => Ok(Matcher::Absent),
                _ => Err(Refused("`exists` wants a boolean")),
            },
            b"cidr" => {
                let text = string(operand)?.as_str().ok_or(Refused("not an address"))?;
                AddressRange::of_cidr(text).map(Matcher::Addresses).map_err(Refused)
            }
            b"numeric" => numeric(operand).map(Matcher::Numeric),
            b"anything-but" => self.anything_but(operand),
            _ => Err(Refused("unknown operator")),
        }
    }

    fn anything_but(self, operand: &Node) -> Result<Matcher, Refused> {
        let several = std::slice::from_ref(operand);
        match &operand.value {
            Value::String(_) => anything_but_strings(several),
            Value::Number(_) => anything_but_numbers(several),
            Value::Array(elements) => match elements.first().map(|first| &first.value) {
                Some(Value::String(_)) => anything_but_strings(elements),
                Some(Value::Number(_)) => anything_but_numbers(elements),
                _ => Err(Refused("`anything-but` wants strings or numbers")),
            },
            Value::Object(members) => self.anything_but_operator(one(members)?),
            _ => Err(Refused("`anything-but` wants strings or numbers")),
        }
    }

    fn anything_but_operator(self, member: &Member) -> Result<Matcher, Refused> {
        let old = self.or == OrSyntax::PlainField;
        let one_or_several = match &member.value.value {
            Value::Array(elements) => &elements[..],
            _ => std::slice::from_ref(&member.value),
        };
        if self.profile == Profile::Service && one_or_several.is_empty() {
            return Err(Refused("empty list inside `anything-but`"));
        }
        let affixes = |make: fn(String) -> StringTest| {
            if old && member.value.as_array().is_some() {
                return Err(Refused("a list that the older operators do not know"));
            }
            tests(one_or_several, |text| match replaced(text) {
                text if text.is_empty() => Err(Refused("empty prefix or suffix")),
                text => Ok(make(text)),
            })
        };
        match member.name.as_bytes() {
            b"prefix" => affixes(StringTest::Prefix),
            b"suffix" => affixes(StringTest::Suffix),
            b"equals-ignore-case" => {
                tests(one_or_several, |text| Ok(StringTest::EqualsIgnoreCase(replaced(text))))
            }
            b"wildcard" if !old => tests(one_or_several, |text| wildcard(text).map(StringTest::Wildcard)),
            _ => Err(Refused("unknown operator inside `anything-but`")),
        }
    }
}

fn is_reserved(name: &Text) -> bool {
    name.as_str().is_some_and(|name| RESERVED_IN_OR.contains(&name))
}

/// An empty name vanishes where it is the sole ancestor.
fn path_of(ancestors: &[&Text], name: &Text) -> Path {
    let parent = ancestors.iter().map(|name| name.as_bytes()).collect::<Vec<_>>().join(&b'.');
    Path(if parent.is_empty() { name.as_bytes().to_vec() } else { [&parent, name.as_bytes()].join(&b'.') })
}

fn one(members: &[Member]) -> Result<&Member, Refused> {
    match members {
        [member] => Ok(member),
        _ => Err(Refused("not exactly one operator")),
    }
}

fn string(node: &Node) -> Result<&Text, Refused> {
    match &node.value {
        Value::String(text) => Ok(text),
        _ => Err(Refused("not a string")),
    }
}

fn replaced(text: &Text) -> String {
    text.with_question_marks()
}

fn affix(
    operand: &Node,
    make: fn(String) -> StringTest,
    make_ignoring_case: fn(String) -> StringTest,
) -> Result<Matcher, Refused> {
    let test = match &operand.value {
        Value::Object(members) => {
            let member = one(members)?;
            if member.name.as_bytes() != b"equals-ignore-case" {
                return Err(Refused("unknown operator inside `prefix` or `suffix`"));
            }
            make_ignoring_case(replaced(string(&member.value)?))
        }
        _ => make(replaced(string(operand)?)),
    };
    Ok(Matcher::String(test))
}

fn wildcard(text: &Text) -> Result<Vec<WildcardToken>, Refused> {
    let text = replaced(text);
    let mut characters = text.chars();
    let mut tokens = Vec::new();
    while let Some(character) = characters.next() {
        tokens.push(match character {
            '*' if tokens.last() == Some(&WildcardToken::Star) => return Err(Refused("`**`")),
            '*' => WildcardToken::Star,
            '\\' => match characters.next() {
                Some(escaped @ ('*' | '\\')) => WildcardToken::Literal(escaped),
                _ => return Err(Refused("an escape that wildcards do not have")),
            },
            literal => WildcardToken::Literal(literal),
        });
    }
    Ok(tokens)
}

fn number(node: &Node) -> Result<Comparable, Refused> {
    match &node.value {
        Value::Number(spelling) => Comparable::of(spelling).ok_or(Refused("cannot compare number")),
        _ => Err(Refused("not a number")),
    }
}

fn numeric(operand: &Node) -> Result<NumericRange, Refused> {
    let elements = operand.as_array().ok_or(Refused("`numeric` wants a list"))?;
    let pairs: Vec<(Option<&str>, Comparable)> = elements
        .chunks(2)
        .map(|pair| match pair {
            [operator, bound] => Ok((operator.as_str(), number(bound)?)),
            _ => Err(Refused("a comparison without its number")),
        })
        .collect::<Result<_, _>>()?;
    let bound = |at: Comparable, included: bool| Some(Bound { at, included });
    let high = |operator: Option<&str>, at| match operator {
        Some("<") => Ok(bound(at, false)),
        Some("<=") => Ok(bound(at, true)),
        _ => Err(Refused("not an upper bound")),
    };
    let low = |operator: Option<&str>, at| match operator {
        Some(">") => Ok(bound(at, false)),
        Some(">=") => Ok(bound(at, true)),
        _ => Err(Refused("not a lower bound")),
    };
    match pairs[..] {
        [(Some("="), number)] => Ok(NumericRange::equal_to(number)),
        [(operator @ Some("<" | "<="), at)] => Ok(NumericRange { low: None, high: high(operator, at)? }),
        [(operator, at)] => Ok(NumericRange { low: low(operator, at)?, high: None }),
        [(above, bottom), (below, top)] => {
            let range = NumericRange { low: low(above, bottom)?, high: high(below, top)? };
            if bottom < top { Ok(range) } else { Err(Refused("bottom must be less than top")) }
        }
        _ => Err(Refused("too few or too many comparisons")),
    }
}

fn anything_but_strings(elements: &[Node]) -> Result<Matcher, Refused> {
    let strings: BTreeSet<String> =
        elements.iter().map(|element| string(element).map(replaced)).collect::<Result<_, _>>()?;
    Ok(Matcher::AnythingButStrings(strings))
}

fn anything_but_numbers(elements: &[Node]) -> Result<Matcher, Refused> {
    let numbers: BTreeSet<Comparable> = elements.iter().map(number).collect::<Result<_, _>>()?;
    Ok(Matcher::AnythingButNumbers(numbers))
}

fn tests(elements: &[Node], make: impl Fn(&Text) -> Result<StringTest, Refused>) -> Result<Matcher, Refused> {
    let tests: BTreeSet<StringTest> =
        elements.iter().map(|element| make(string(element)?)).collect::<Result<_, _>>()?;
    Ok(Matcher::AnythingBut(tests))
}
