//! `application/x-www-form-urlencoded`: one field of a form, as bytes.
//!
//! It decodes nothing else than what is asked for.

use super::json::{Fault, Malformed};

/// The field `name` of `body`; nothing where it has none. A field that stands there twice is refused.
pub(super) fn field(body: &[u8], name: &[u8]) -> Result<Option<Vec<u8>>, Malformed> {
    let (mut found, mut at) = (None, 0);
    for pair in body.split(|byte| *byte == b'&') {
        let split = pair.iter().position(|byte| *byte == b'=');
        let (key, value) =
            split.map_or((pair, &[][..]), |split| (&pair[..split], &pair[split + 1..]));
        if decoded(key, at)? == name {
            let start = at + (key.len() + 1).min(pair.len());
            if found.replace(decoded(value, start)?).is_some() {
                return Err(Malformed { fault: Fault::KeyTwice, offset: at });
            }
        }
        at += pair.len() + 1;
    }
    Ok(found)
}

/// Without `+` and `%XX`. `at`: where `text` begins in the body.
fn decoded(text: &[u8], at: usize) -> Result<Vec<u8>, Malformed> {
    let mut bytes = Vec::with_capacity(text.len());
    let mut rest = text.iter().enumerate();
    while let Some((place, byte)) = rest.next() {
        bytes.push(match byte {
            b'+' => b' ',
            b'%' => {
                let digits = [rest.next(), rest.next()].map(|digit| Some(*digit?.1 as char));
                let value = |digit: Option<char>| digit?.to_digit(16);
                let byte = value(digits[0]).zip(value(digits[1])).map(|(a, b)| (a * 16 + b) as u8);
                byte.ok_or(Malformed { fault: Fault::Syntax, offset: at + place })?
            }
            other => *other,
        });
    }
    Ok(bytes)
}

#[cfg(test)]
mod tests {
    use super::field;
    use crate::inbound::json::{Fault, Malformed};

    #[test]
    fn a_field_is_decoded_and_stands_there_once() {
        let body = b"a=1&payload=%7B%22n%22%3A%22caf%C3%A9+x%22%7D&b";
        let found = field(body, b"payload").expect("a form").expect("a field");
        assert_eq!(found, "{\"n\":\"café x\"}".as_bytes());
        assert_eq!(field(body, b"b"), Ok(Some(Vec::new())));
        assert_eq!(field(body, b"c"), Ok(None));
        let twice = Malformed { fault: Fault::KeyTwice, offset: 4 };
        assert_eq!(field(b"p=1&p=2", b"p"), Err(twice));
        for (bad, offset) in [(&b"p=%4"[..], 2), (b"p=a%GG", 3), (b"%=1", 0)] {
            assert_eq!(field(bad, b"p"), Err(Malformed { fault: Fault::Syntax, offset }));
        }
    }
}
