//! Reads the elements of a field's list: bare values and operators.

use super::address::{AddressRange, AddressRangeFault, IpAddress};
use super::field_test::{AnythingBut, ExactNumber, ExactString, FieldTest, Scalar};
use super::fold::FoldedText;
use super::limits::Profile;
use super::numeric::{Bound, NumericRange};
use super::parse::{OrForm, Parser};
use super::problem::PatternProblemKind as Kind;
use super::wildcard::{Wildcard, WildcardFault};
use crate::json::{Member, Node, Text, Value, number};

impl Parser<'_> {
    /// One element of a field's list; `None` with a note if it is no test.
    pub(super) fn field_test(&mut self, element: &Node) -> Option<FieldTest> {
        Some(match &element.value {
            Value::Null => FieldTest::Equals(Scalar::Null),
            Value::Bool(wanted) => FieldTest::Equals(Scalar::Bool(*wanted)),
            Value::Number(spelling) => FieldTest::Equals(Scalar::Number(exact_number(spelling))),
            Value::String(text) => {
                let address = IpAddress::parse(text.as_bytes()).map(AddressRange::single);
                FieldTest::Equals(Scalar::String(ExactString { text: text.clone(), address }))
            }
            Value::Array(_) => {
                self.note(Kind::NestedList, &element.span);
                return None;
            }
            Value::Object(members) => {
                let operator = self.only_member(members, element)?;
                return self.at_member(&operator.name, |p| p.operator(operator));
            }
        })
    }

    fn only_member<'n>(&mut self, members: &'n [Member], object: &Node) -> Option<&'n Member> {
        if let [only] = members {
            return Some(only);
        }
        self.note(Kind::NotOneOperator { members: members.len() }, &object.span);
        None
    }

    fn operator(&mut self, member: &Member) -> Option<FieldTest> {
        let operand = &member.value;
        Some(match member.name.as_str() {
            Some("exactly") => FieldTest::Exactly(self.string(operand, "exactly")?),
            Some("equals-ignore-case") => {
                FieldTest::EqualsIgnoreCase(FoldedText::new(self.string(operand, "equals-ignore-case")?))
            }
            Some("prefix") => match &operand.value {
                Value::Object(_) => FieldTest::PrefixIgnoreCase(self.ignore_case(operand, "prefix")?),
                _ => FieldTest::Prefix(self.string_or_ignore_case(operand, "prefix")?),
            },
            Some("suffix") => match &operand.value {
                Value::Object(_) => FieldTest::SuffixIgnoreCase(self.ignore_case(operand, "suffix")?),
                _ => FieldTest::Suffix(self.string_or_ignore_case(operand, "suffix")?),
            },
            Some("wildcard") => {
                let text = self.string(operand, "wildcard")?;
                FieldTest::Wildcard(self.wildcard(text, operand)?)
            }
            Some("exists") => match operand.value {
                Value::Bool(true) => FieldTest::Present,
                Value::Bool(false) => FieldTest::Absent,
                _ => return self.bad_operand("exists", "true or false", operand),
            },
            Some("cidr") => self.cidr(operand)?,
            Some("numeric") => FieldTest::Numeric(self.numeric(operand)?),
            Some("anything-but") => FieldTest::AnythingBut(self.anything_but(operand)?),
            _ => {
                self.note(
                    Kind::UnknownOperator { name: member.name.to_string(), inside: None },
                    &member.name_span,
                );
                return None;
            }
        })
    }

    fn bad_operand<T>(&mut self, operator: &'static str, expected: &'static str, found: &Node) -> Option<T> {
        let found_kind = found.value.kind().to_owned();
        self.note(Kind::BadOperand { operator, expected, found: found_kind }, &found.span);
        None
    }

    fn string(&mut self, operand: &Node, operator: &'static str) -> Option<Text> {
        match &operand.value {
            Value::String(text) => Some(text.clone()),
            _ => self.bad_operand(operator, "a string", operand),
        }
    }

    fn string_or_ignore_case(&mut self, operand: &Node, operator: &'static str) -> Option<Text> {
        match &operand.value {
            Value::String(text) => Some(text.clone()),
            _ => self.bad_operand(operator, "a string or {\"equals-ignore-case\": string}", operand),
        }
    }

    /// The operand `{"equals-ignore-case": string}` of `outer`.
    fn ignore_case(&mut self, operand: &Node, outer: &'static str) -> Option<FoldedText> {
        let member = self.only_member(operand.as_object()?, operand)?;
        if member.name.as_bytes() != b"equals-ignore-case" {
            let name = member.name.to_string();
            self.note(Kind::UnknownOperator { name, inside: Some(outer) }, &member.name_span);
            return None;
        }
        let text = self.at_member(&member.name, |p| p.string(&member.value, "equals-ignore-case"))?;
        Some(FoldedText::new(text))
    }

    fn wildcard(&mut self, text: Text, operand: &Node) -> Option<Wildcard> {
        let fault = match Wildcard::parse(text) {
            Ok(wildcard) => return Some(wildcard),
            Err(WildcardFault::ConsecutiveStars) => Kind::ConsecutiveStars,
            Err(WildcardFault::BadEscape) => Kind::BadWildcardEscape,
        };
        self.note(fault, &operand.span);
        None
    }

    fn cidr(&mut self, operand: &Node) -> Option<FieldTest> {
        let source = self.string(operand, "cidr")?;
        let fault = match AddressRange::parse(source.as_bytes()) {
            Ok(range) => return Some(FieldTest::Cidr { range, source }),
            Err(AddressRangeFault::NoAddress) => Kind::BadAddress,
            Err(AddressRangeFault::NoMask) => Kind::BadMask,
            Err(AddressRangeFault::MaskTooLong { bits_max }) => Kind::MaskTooLong { bits_max },
        };
        self.note(fault, &operand.span);
        None
    }

    fn numeric(&mut self, operand: &Node) -> Option<NumericRange> {
        const FORMS: &str = "[\"=\", n], [\"<\", n], [\">=\", n] or [\">\", low, \"<=\", high]";
        let Some(parts) = operand.as_array() else { return self.bad_operand("numeric", FORMS, operand) };
        let words: Vec<Option<&str>> = parts.iter().step_by(2).map(Node::as_str).collect();
        match (&words[..], parts.len()) {
            ([Some("=")], 2) => {
                let only = self.bound(&parts[1], true)?;
                Some(NumericRange { lower: Some(only.clone()), upper: Some(only) })
            }
            ([Some(word @ ("<" | "<="))], 2) => {
                Some(NumericRange { lower: None, upper: Some(self.bound(&parts[1], *word == "<=")?) })
            }
            ([Some(word @ (">" | ">="))], 2) => {
                Some(NumericRange { lower: Some(self.bound(&parts[1], *word == ">=")?), upper: None })
            }
            ([Some(low @ (">" | ">=")), Some(high @ ("<" | "<="))], 4) => {
                let lower = self.bound(&parts[1], *low == ">=");
                let upper = self.bound(&parts[3], *high == "<=");
                self.range(lower?, upper?, operand)
            }
            _ => self.bad_operand("numeric", FORMS, operand),
        }
    }

    fn range(&mut self, lower: Bound, upper: Bound, operand: &Node) -> Option<NumericRange> {
        if lower.value < upper.value {
            return Some(NumericRange { lower: Some(lower), upper: Some(upper) });
        }
        self.note(Kind::EmptyRange, &operand.span);
        None
    }

    fn bound(&mut self, node: &Node, inclusive: bool) -> Option<Bound> {
        let number = self.comparable_number(node, "numeric")?;
        Some(Bound { value: number.value?, spelling: number.spelling, inclusive })
    }

    /// A number that can be compared by value.
    fn comparable_number(&mut self, node: &Node, operator: &'static str) -> Option<ExactNumber> {
        let Value::Number(spelling) = &node.value else {
            return self.bad_operand(operator, "a number", node);
        };
        let number = exact_number(spelling);
        if number.value.is_none() {
            self.note(Kind::NumberNotComparable { spelling: spelling.to_string() }, &node.span);
            return None;
        }
        Some(number)
    }

    fn anything_but(&mut self, operand: &Node) -> Option<AnythingBut> {
        match &operand.value {
            Value::String(text) => Some(AnythingBut::Strings(vec![text.clone()])),
            Value::Number(_) => {
                Some(AnythingBut::Numbers(vec![self.comparable_number(operand, "anything-but")?]))
            }
            Value::Array(elements) => self.anything_but_list(elements, operand),
            Value::Object(members) => {
                let member = self.only_member(members, operand)?;
                self.at_member(&member.name, |p| p.anything_but_operator(member))
            }
            _ => self.bad_operand(
                "anything-but",
                "a string, a number, a list of either, or an operator",
                operand,
            ),
        }
    }

    fn anything_but_list(&mut self, elements: &[Node], operand: &Node) -> Option<AnythingBut> {
        const WANTED: &str = "a list of strings or a list of numbers";
        match elements.first().map(|first| &first.value) {
            Some(Value::String(_)) => {
                Some(AnythingBut::Strings(self.strings(elements, "anything-but", WANTED)?))
            }
            Some(Value::Number(_)) => {
                let numbers = elements.iter().map(|element| self.comparable_number(element, "anything-but"));
                Some(AnythingBut::Numbers(all(numbers)?))
            }
            Some(_) => self.bad_operand("anything-but", WANTED, &elements[0]),
            None => {
                self.note(Kind::EmptyList, &operand.span);
                None
            }
        }
    }

    fn anything_but_operator(&mut self, member: &Member) -> Option<AnythingBut> {
        let operand = &member.value;
        match member.name.as_str() {
            Some("prefix") => Some(AnythingBut::Prefixes(self.affixes(operand, "prefix")?)),
            Some("suffix") => Some(AnythingBut::Suffixes(self.affixes(operand, "suffix")?)),
            Some("equals-ignore-case") => {
                let texts = self.one_or_more(operand, "equals-ignore-case")?;
                Some(AnythingBut::EqualsIgnoreCase(texts.into_iter().map(FoldedText::new).collect()))
            }
            Some("wildcard") if self.or_form == OrForm::Alternatives => {
                let texts = self.one_or_more(operand, "wildcard")?;
                Some(AnythingBut::Wildcards(all(texts.into_iter().map(|text| self.wildcard(text, operand)))?))
            }
            _ => {
                let name = member.name.to_string();
                self.note(Kind::UnknownOperator { name, inside: Some("anything-but") }, &member.name_span);
                None
            }
        }
    }

    /// Non-empty strings. The engine's second try takes a single one only.
    fn affixes(&mut self, operand: &Node, operator: &'static str) -> Option<Vec<Text>> {
        if self.or_form == OrForm::OrdinaryField && operand.as_array().is_some() {
            return self.bad_operand(operator, "a string", operand);
        }
        let texts = self.one_or_more(operand, operator)?;
        if texts.iter().any(|text| text.as_bytes().is_empty()) {
            let expected = "non-empty strings inside `anything-but`";
            self.note(
                Kind::BadOperand { operator, expected, found: "an empty string".to_owned() },
                &operand.span,
            );
            return None;
        }
        Some(texts)
    }

    /// A string, or a list of strings. The service fails on an empty list, the engine takes it.
    fn one_or_more(&mut self, operand: &Node, operator: &'static str) -> Option<Vec<Text>> {
        match &operand.value {
            Value::String(text) => Some(vec![text.clone()]),
            Value::Array(elements) if elements.is_empty() && self.limits.profile == Profile::Service => {
                self.note(Kind::EmptyList, &operand.span);
                None
            }
            Value::Array(elements) => self.strings(elements, operator, "a string or a list of strings"),
            _ => self.bad_operand(operator, "a string or a list of strings", operand),
        }
    }

    fn strings(
        &mut self,
        elements: &[Node],
        operator: &'static str,
        expected: &'static str,
    ) -> Option<Vec<Text>> {
        all(elements.iter().map(|element| match &element.value {
            Value::String(text) => Some(text.clone()),
            _ => self.bad_operand(operator, expected, element),
        }))
    }
}

/// Runs through everything, so that every problem is noted, before giving up.
fn all<T>(items: impl Iterator<Item = Option<T>>) -> Option<Vec<T>> {
    let items: Vec<Option<T>> = items.collect();
    items.into_iter().collect()
}

fn exact_number(spelling: &str) -> ExactNumber {
    ExactNumber { spelling: spelling.into(), value: number::comparable(spelling) }
}
