//! Addresses of resources: `module.shop[0].aws_cloudwatch_event_rule.big["a"]`.

/// The address without the keys of `count` and `for_each`, as the configuration has it.
pub(super) fn without_keys(address: &str) -> String {
    let mut bare = String::with_capacity(address.len());
    let mut rest = address;
    while let Some(open) = rest.find('[') {
        bare.push_str(&rest[..open]);
        rest = &rest[open + key_len(&rest[open..])..];
    }
    bare.push_str(rest);
    bare
}

/// The modules around a resource, with their keys: `module.shop[0].`, or nothing.
pub(super) fn module_of<'a>(address: &'a str, resource_type: &str) -> &'a str {
    let at = address.rfind(&format!("{resource_type}.")).unwrap_or(0);
    &address[..at]
}

/// The key of the resource itself: `["a"]`, or nothing.
pub(super) fn key_of<'a>(address: &'a str, resource_type: &str) -> &'a str {
    let resource = &address[module_of(address, resource_type).len()..];
    resource.find('[').map_or("", |open| &resource[open..])
}

/// What serves as name where a rule's own is not known: the address without the type, of the characters that
/// names have.
pub(in crate::rules) fn as_name(address: &str, resource_type: &str) -> String {
    let short = address.replace(&format!("{resource_type}."), "");
    let mut name = String::with_capacity(short.len());
    for c in short.chars() {
        match c {
            c if c.is_ascii_alphanumeric() || "._-".contains(c) => name.push(c),
            _ if name.ends_with('-') => {}
            _ => name.push('-'),
        }
    }
    name.trim_matches('-').to_owned()
}

/// The length of the key that `text` starts with; keys in quotes may hold brackets.
fn key_len(text: &str) -> usize {
    let mut in_quotes = false;
    let mut escaped = false;
    for (at, byte) in text.bytes().enumerate() {
        match byte {
            _ if escaped => escaped = false,
            b'\\' => escaped = true,
            b'"' => in_quotes = !in_quotes,
            b']' if !in_quotes => return at + 1,
            _ => {}
        }
    }
    text.len()
}

#[cfg(test)]
mod tests {
    use super::*;

    const RULE: &str = "aws_cloudwatch_event_rule";

    #[test]
    fn addresses_come_apart() {
        let address = r#"module.shop["x]y"].aws_cloudwatch_event_rule.big["a b"]"#;
        assert_eq!(without_keys(address), "module.shop.aws_cloudwatch_event_rule.big");
        assert_eq!(module_of(address, RULE), r#"module.shop["x]y"]."#);
        assert_eq!(key_of(address, RULE), r#"["a b"]"#);
        assert_eq!(as_name(address, RULE), "module.shop-x-y-.big-a-b");
        assert_eq!(as_name("aws_cloudwatch_event_rule.big[0]", RULE), "big-0");
        assert_eq!(without_keys("a[\"b"), "a");
        assert_eq!(module_of("aws_cloudwatch_event_rule.big", RULE), "");
    }
}
