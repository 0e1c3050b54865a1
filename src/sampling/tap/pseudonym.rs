//! Values that stand for others.

use std::fmt;

use hmac::{Hmac, KeyInit, Mac};
use sha2::Sha256;

use crate::event::is_timestamp;
use crate::json::Text;

/// Makes pseudonyms. Whoever has it can find out by trying what they stand for.
#[derive(Clone)]
pub struct PseudonymKey(Hmac<Sha256>);

impl fmt::Debug for PseudonymKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("PseudonymKey")
    }
}

impl PseudonymKey {
    /// From bytes of any number; 32 random ones are as good as it gets.
    pub fn new(key: &[u8]) -> PseudonymKey {
        PseudonymKey(Hmac::new_from_slice(key).unwrap_or_else(|_| unreachable!("HMAC takes any key")))
    }

    /// The pseudonym of a text, another one with as many characters, unless there is neither a letter nor a digit in it.
    pub fn text(&self, text: &Text) -> String {
        let mut random = self.random(b's', text.as_bytes());
        let text = text.to_string_lossy();
        let pseudonym = match () {
            // What stands behind a time may be anything, so only whole ones stay times.
            () if is_timestamp(text.as_bytes()) => time_like(&text, &mut random),
            () if is_hexadecimal(&text) => hexadecimal_like(&text, &mut random),
            () => text.chars().map(|c| like(c, &mut random)).collect(),
        };
        if pseudonym == text { with_another_character(&pseudonym) } else { pseudonym }
    }

    /// The pseudonym of a number, another one with as many digits and of the same size. `spelling` is as JSON has it.
    pub fn number(&self, spelling: &str) -> String {
        let mut random = self.random(b'n', spelling.as_bytes());
        let mantissa = spelling.find(['e', 'E']).unwrap_or(spelling.len());
        let (mantissa, exponent) = spelling.split_at(mantissa);
        let whole =
            mantissa.trim_start_matches('-').find('.').unwrap_or(mantissa.trim_start_matches('-').len());
        let mut pseudonym = String::new();
        let mut digits = 0;
        for c in mantissa.chars() {
            if !c.is_ascii_digit() {
                pseudonym.push(c);
                continue;
            }
            digits += 1;
            // A leading zero is no number, and would make another size of it.
            pseudonym.push(if digits == 1 && whole > 1 {
                random.char('1'..='9')
            } else {
                random.char('0'..='9')
            });
        }
        if pseudonym == mantissa {
            pseudonym = with_another_character(&pseudonym);
        }
        pseudonym + exponent
    }

    /// The same numbers for the same value, and none that tell anything without the key.
    fn random(&self, kind: u8, value: &[u8]) -> fastrand::Rng {
        let mut hash = self.0.clone();
        hash.update(&[kind]);
        hash.update(value);
        let hash = hash.finalize().into_bytes();
        let seed = hash.iter().take(8).fold(0, |seed, byte| seed << 8 | u64::from(*byte));
        fastrand::Rng::with_seed(seed)
    }
}

/// A character of the same class.
fn like(c: char, random: &mut fastrand::Rng) -> char {
    match c {
        '0'..='9' => random.char('0'..='9'),
        'A'..='Z' => random.char('A'..='Z'),
        _ if c.is_ascii_lowercase() || !c.is_ascii() => random.char('a'..='z'),
        _ => c,
    }
}

/// The first character that stands for something, replaced by the next of its class.
fn with_another_character(text: &str) -> String {
    let mut done = false;
    let next = |c: char| match c {
        _ if done || !c.is_ascii_alphanumeric() => c,
        _ => {
            done = true;
            match c {
                '9' => '1',
                'z' => 'a',
                'Z' => 'A',
                // Of hexadecimal digits too, of which `f` is the last letter.
                'f' => 'a',
                'F' => 'A',
                _ => char::from(c as u8 + 1),
            }
        }
    };
    text.chars().map(next).collect()
}

/// Another time in the same layout.
fn time_like(text: &str, random: &mut fastrand::Rng) -> String {
    let (year, month, day) = (random.u16(2000..2030), random.u8(1..=12), random.u8(1..=28));
    let (hour, minute, second) = (random.u8(0..24), random.u8(0..60), random.u8(0..60));
    let mut pseudonym = format!("{year}-{month:02}-{day:02}T{hour:02}:{minute:02}:{second:02}");
    // A fraction, and the zone as it is.
    let rest = &text[pseudonym.len()..];
    let fraction = rest.find(|c: char| c != '.' && !c.is_ascii_digit()).unwrap_or(rest.len());
    let (fraction, zone) = rest.split_at(fraction);
    pseudonym.extend(fraction.chars().map(|c| like(c, random)));
    pseudonym + zone
}

/// Fewer hexadecimal digits in a row may be anything.
const HEXADECIMAL_MIN: usize = 8;

/// Whether it is an id of hexadecimal digits, with hyphens in it or not.
fn is_hexadecimal(text: &str) -> bool {
    let is_run = |run: &str| {
        run.len() >= HEXADECIMAL_MIN
            && run.bytes().any(|byte| byte.is_ascii_alphabetic())
            && run.bytes().any(|byte| byte.is_ascii_digit())
    };
    text.bytes().all(|byte| byte == b'-' || byte.is_ascii_hexdigit()) && text.split('-').any(is_run)
}

fn hexadecimal_like(text: &str, random: &mut fastrand::Rng) -> String {
    let digit = |c: char| match c {
        '-' => c,
        _ => {
            let digit = char::from_digit(random.u32(0..16), 16).unwrap_or('0');
            if c.is_ascii_uppercase() { digit.to_ascii_uppercase() } else { digit }
        }
    };
    text.chars().map(digit).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn class(c: char) -> char {
        match c {
            '0'..='9' => '0',
            'a'..='z' => 'a',
            'A'..='Z' => 'A',
            _ if !c.is_ascii() => 'a',
            _ => c,
        }
    }

    #[test]
    fn pseudonyms_of_texts_look_alike_and_are_others() {
        let key = PseudonymKey::new(b"a key");
        for text in [
            "Ada",
            "ada@shop.example",
            "A-2026-1001",
            "x",
            "7",
            "Müller, Jörg",
            "arn:aws:sqs:eu:1:q",
            "日本",
            "a b\n",
        ] {
            let pseudonym = key.text(&text.into());
            assert_ne!(pseudonym, text);
            assert_eq!(
                pseudonym.chars().map(class).collect::<String>(),
                text.chars().map(class).collect::<String>()
            );
            assert_eq!(pseudonym, key.text(&text.into()), "the same value has the same pseudonym");
        }
        // Nothing in it stands for anything.
        assert_eq!(key.text(&"".into()), "");
        assert_eq!(key.text(&"--".into()), "--");
    }

    #[test]
    fn ids_and_times_stay_what_they_are() {
        let key = PseudonymKey::new(&[7; 32]);
        let id = key.text(&"6a7e8feb-b491-4cf7-a9f1-bf3703467718".into());
        assert!(is_hexadecimal(&id) && id.len() == 36 && id.matches('-').count() == 4, "{id}");
        assert!(is_hexadecimal("0-DEADBEE5") && !is_hexadecimal("12345678") && !is_hexadecimal("deadbeef-1"));
        for time in ["2026-03-04T05:06:07Z", "2026-03-04T05:06:07.123456+02:00"] {
            let pseudonym = key.text(&time.into());
            assert_eq!(pseudonym.len(), time.len());
            assert!(crate::event::milliseconds_since_1970(&pseudonym).is_some(), "{pseudonym}");
        }
    }

    #[test]
    fn what_follows_a_time_does_not_stay() {
        let key = PseudonymKey::new(b"a key");
        for text in [
            "2026-03-04T05:06:07Z login ada",
            "2026-03-04T05:06:07 ada",
            "2026-03-04T05:06:07Zada",
            "2026-03-04T05:06:07.ada",
            "2026-03-04T05:06:07.5+ada01",
        ] {
            let pseudonym = key.text(&text.into());
            assert!(!pseudonym.contains("ada"), "{text}: {pseudonym}");
            assert_eq!(pseudonym.len(), text.len());
        }
    }

    #[test]
    fn pseudonyms_of_numbers_are_numbers_of_the_same_size() {
        let key = PseudonymKey::new(b"a key");
        for number in
            ["0", "1", "-7", "1200", "27.30", "-0.5", "1e3", "1.25E-7", "123456789012345678901", "9"]
        {
            let pseudonym = key.number(number);
            assert_ne!(pseudonym, number);
            assert_eq!(pseudonym.len(), number.len());
            assert!(
                pseudonym.parse::<f64>().is_ok() && serde_json::from_str::<f64>(&pseudonym).is_ok(),
                "{pseudonym}"
            );
        }
    }

    #[test]
    fn another_key_gives_other_pseudonyms_and_no_value_ever_stays() {
        let (one, other) = (PseudonymKey::new(b"1"), PseudonymKey::new(b"2"));
        assert_ne!(one.text(&"Ada Lovelace".into()), other.text(&"Ada Lovelace".into()));
        for number in 0..2_000 {
            let text = format!("{number}");
            assert_ne!(one.text(&text.as_str().into()), text);
            assert_ne!(one.number(&text), text);
            let hexadecimal = format!("{:08x}", 0xa000_0000_u32 + number);
            assert_ne!(one.text(&hexadecimal.as_str().into()), hexadecimal);
        }
    }

    #[test]
    fn keys_are_not_printed() {
        assert_eq!(format!("{:?}", PseudonymKey::new(b"secret")), "PseudonymKey");
    }
}
