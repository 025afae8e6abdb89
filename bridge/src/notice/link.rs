//! The address behind a card's button: a page of the shop's own system about one receipt.

use pos_protocol::event::Event;

/// An address with `{number}`, `{id}` or `{source}` in it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ReceiptLink(String);

impl ReceiptLink {
    /// What may stand in braces.
    pub const HOLES: [&'static str; 3] = ["{number}", "{id}", "{source}"];

    /// `pattern` where it is an `https://` address, or an `http://` one, with no other hole.
    pub fn parse(pattern: &str) -> Option<Self> {
        let mut filled = pattern.to_owned();
        for hole in Self::HOLES {
            filled = filled.replace(hole, "1");
        }
        let url = reqwest::Url::parse(&filled).ok()?;
        let fit = matches!(url.scheme(), "http" | "https")
            && !filled.contains(['{', '}'])
            && url.username().is_empty()
            && url.password().is_none();
        fit.then(|| Self(pattern.to_owned()))
    }

    /// The page about `event`; nothing where the page is found by a number that it has not.
    pub(super) fn of(&self, event: &Event) -> Option<String> {
        let number = event.receipt.as_ref().and_then(|receipt| receipt.number.as_deref());
        if number.is_none() && self.0.contains("{number}") {
            return None;
        }
        let url = self.0.replace("{number}", &encoded(number.unwrap_or_default()));
        let url = url.replace("{id}", &event.id.to_string());
        Some(url.replace("{source}", &encoded(&event.source)))
    }
}

/// `text` with everything percent-encoded that could mean something in an address.
fn encoded(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for byte in text.bytes() {
        if byte.is_ascii_alphanumeric() || b"-._~".contains(&byte) {
            out.push(byte as char);
        } else {
            out.push('%');
            for digit in [byte >> 4, byte & 15] {
                out.push(
                    char::from_digit(u32::from(digit), 16).unwrap_or('0').to_ascii_uppercase(),
                );
            }
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use pos_protocol::event::Kind;
    use serde_json::json;

    use super::ReceiptLink;
    use crate::notice::samples::{changed, event};

    #[test]
    fn a_button_leads_to_the_receipts_own_page() {
        let link = ReceiptLink::parse("https://pos.example/r?no={number}&till={source}");
        let link = link.expect("an address");
        let odd = changed(Kind::Sale, |event| event["receipt"]["number"] = json!("A 1/2&x茶"));
        let expected = "https://pos.example/r?no=A%201%2F2%26x%E8%8C%B6&till=counter-1";
        assert_eq!(link.of(&odd).as_deref(), Some(expected));
        assert_eq!(link.of(&event(Kind::NoSale)), None, "it has no number");
        let by_id = ReceiptLink::parse("https://pos.example/{id}").expect("an address");
        assert_eq!(
            by_id.of(&event(Kind::NoSale)).as_deref(),
            Some("https://pos.example/1a2b3c4d5e6f708192a3b4c5d6e7f809")
        );
    }

    #[test]
    fn what_no_phone_could_open_is_no_link() {
        for pattern in [
            "pos.example/{id}",
            "ftp://pos.example/{id}",
            "https://pos.example/{total}",
            "https://me:pw@pos.example/{id}",
            "javascript:alert(1)",
        ] {
            assert_eq!(ReceiptLink::parse(pattern), None, "{pattern}");
        }
    }
}
