//! What somebody sent: the fields of a form or of a query, decoded.
//!
//! It judges no value, and believes nothing: a form comes out of `guard` alone.

use std::collections::BTreeMap;
use std::fmt;

/// Most fields of one form: a settings page with every kind of event.
const MAX_FIELDS: usize = 512;

/// Fields by name. Of a name that stands there twice all values are kept, in their order.
#[derive(Clone, Default, PartialEq, Eq)]
pub(super) struct Fields(BTreeMap<String, Vec<String>>);

/// No value: passwords, webhooks and secrets are typed into forms.
impl fmt::Debug for Fields {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_map().entries(self.0.keys().map(|name| (name, "***"))).finish()
    }
}

impl Fields {
    /// Reads `application/x-www-form-urlencoded`; `None` where it is none, or too much.
    pub(super) fn parse(text: &[u8]) -> Option<Self> {
        let mut fields = Self::default();
        let pairs = text.split(|byte| *byte == b'&').filter(|pair| !pair.is_empty());
        for (count, pair) in pairs.enumerate() {
            if count == MAX_FIELDS {
                return None;
            }
            let split = pair.iter().position(|byte| *byte == b'=');
            let (key, value) =
                split.map_or((pair, &[][..]), |split| (&pair[..split], &pair[split + 1..]));
            fields.0.entry(decoded(key)?).or_default().push(decoded(value)?);
        }
        Some(fields)
    }

    /// The first value of a field, without blanks around it; `None` where that is nothing.
    pub(super) fn text(&self, name: &str) -> Option<&str> {
        let first = self.0.get(name)?.first()?.trim();
        (!first.is_empty()).then_some(first)
    }

    /// The first value of a field as it was typed.
    pub(super) fn raw(&self, name: &str) -> Option<&str> {
        self.0.get(name)?.first().map(String::as_str)
    }

    /// All values of a field: the boxes that were ticked.
    pub(super) fn all(&self, name: &str) -> impl Iterator<Item = &str> {
        self.0.get(name).into_iter().flatten().map(String::as_str)
    }
}

/// Without `+` and `%XX`; `None` where that is no text.
fn decoded(text: &[u8]) -> Option<String> {
    let mut bytes = Vec::with_capacity(text.len());
    let mut rest = text.iter();
    while let Some(byte) = rest.next() {
        bytes.push(match byte {
            b'+' => b' ',
            b'%' => {
                let mut digit = || (*rest.next()? as char).to_digit(16);
                u8::try_from(digit()? * 16 + digit()?).ok()?
            }
            other => *other,
        });
    }
    String::from_utf8(bytes).ok().filter(|text| !text.contains('\0'))
}

/// `text` as it may stand in a query.
pub(super) fn encoded(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for byte in text.bytes() {
        if byte.is_ascii_alphanumeric() || b"-_.~".contains(&byte) {
            out.push(byte as char);
        } else {
            out.push('%');
            out.push_str(&crate::hex::hex(&[byte]));
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::{Fields, MAX_FIELDS, encoded};

    #[test]
    fn fields_are_decoded_and_trimmed() {
        let fields =
            Fields::parse(b"q=%E8%8C%B6+2&kind=sale&kind=refund&empty=+&bare").expect("good");
        assert_eq!(fields.text("q"), Some("茶 2"));
        assert_eq!(fields.all("kind").collect::<Vec<_>>(), ["sale", "refund"]);
        assert_eq!((fields.text("empty"), fields.raw("empty")), (None, Some(" ")));
        assert_eq!((fields.text("bare"), fields.text("missing")), (None, None));
    }

    #[test]
    fn a_form_shows_its_names_and_none_of_its_values() {
        let fields = Fields::parse(b"password=hunter22&url=token").expect("good");
        assert_eq!(format!("{fields:?}"), r#"{"password": "***", "url": "***"}"#);
    }

    #[test]
    fn what_is_no_form_is_refused() {
        for wrong in [&b"a=%"[..], b"a=%2", b"a=%zz", b"a=%ff", b"a=%00", b"%ff=1"] {
            assert_eq!(Fields::parse(wrong), None, "{wrong:?}");
        }
        assert_eq!(Fields::parse("a&".repeat(MAX_FIELDS + 1).as_bytes()), None);
    }

    proptest! {
        #[test]
        fn what_is_encoded_comes_back(text in "[^\0]{0,40}") {
            let query = format!("a={}", encoded(&text));
            prop_assert!(query.is_ascii() && query.matches('&').count() == 0);
            let fields = Fields::parse(query.as_bytes()).expect("our own");
            prop_assert_eq!(fields.raw("a"), Some(text.as_str()));
        }

        #[test]
        fn any_bytes_are_read_without_a_fault(bytes in prop::collection::vec(any::<u8>(), 0..64)) {
            let _any = Fields::parse(&bytes);
        }
    }
}
