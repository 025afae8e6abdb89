//! From what was typed to what is meant: who is mentioned, and by which robot.
//!
//! Whether a person is in the group is not looked at: DingTalk does not tell.

use toml::Spanned;

use super::raw::{RawMention, Texts};
use super::resolved::Mention;
use super::scope::{Scope, quoted};

/// Most people that one message mentions, says DingTalk.
const MAX_PEOPLE: usize = 50;
/// Longest user id, in bytes: longer than DingTalk's own.
const MAX_USER_ID_BYTES: usize = 64;
/// Digits of a mobile number without its country: from the shortest abroad to the longest.
const MOBILE_DIGITS: std::ops::RangeInclusive<usize> = 5..=15;

impl Scope<'_> {
    /// A robot's `mention = [{ ... }]`.
    pub(super) fn mentions(
        &mut self,
        typed: Option<&Spanned<Vec<Spanned<RawMention>>>>,
    ) -> Option<Vec<Mention>> {
        let Some(typed) = typed else { return Some(Vec::new()) };
        let all: Vec<Option<Mention>> =
            typed.get_ref().iter().map(|one| self.mention(one.get_ref(), one.span())).collect();
        let all: Option<Vec<Mention>> = all.into_iter().collect();
        let people = all.iter().flatten().map(|one| one.mobiles.len() + one.user_ids.len()).sum();
        self.few_enough(typed.span(), people)?;
        all
    }

    fn mention(&mut self, raw: &RawMention, place: std::ops::Range<usize>) -> Option<Mention> {
        let Some(notices) = raw.notices.as_ref().filter(|typed| !typed.get_ref().is_empty()) else {
            let hint = "say when these people are mentioned: notices = [\"refund\", \"no_sale\"]";
            self.wrong(place, "at least one of `notices`", "none", hint);
            return None;
        };
        let wanted = self.wanted(notices);
        let mobiles = self.people(&raw.mobiles, Self::mobile);
        let user_ids = self.people(&raw.user_ids, Self::user_id);
        let all = raw.all.as_ref().is_some_and(|all| *all.get_ref());
        let ((kinds, findings), mobiles, user_ids) = (wanted?, mobiles?, user_ids?);
        if !all && mobiles.is_empty() && user_ids.is_empty() {
            let hint = "mobiles = [\"+852-91234567\"], user_ids = [\"...\"] or all = true";
            self.wrong(place, "somebody to mention", "nobody", hint);
            return None;
        }
        Some(Mention { kinds, findings, mobiles, user_ids, all })
    }

    /// `[admin] mention`: one number or a list of them.
    pub(super) fn admin_mention(
        &mut self,
        typed: Option<&Spanned<toml::Value>>,
    ) -> Option<Vec<String>> {
        let Some(typed) = typed else { return Some(Vec::new()) };
        let texts: Option<Vec<&str>> = match typed.get_ref() {
            toml::Value::String(one) => Some(vec![one]),
            toml::Value::Array(list) => list.iter().map(toml::Value::as_str).collect(),
            _ => None,
        };
        let Some(texts) = texts else {
            let found = format!("a value of type {}", typed.get_ref().type_str());
            self.wrong(typed.span(), "a phone number or a list of them", found, "in quotes");
            return None;
        };
        self.few_enough(typed.span(), texts.len())?;
        let all: Vec<Option<String>> =
            texts.into_iter().map(|text| self.mobile(text, typed.span())).collect();
        all.into_iter().collect()
    }

    pub(super) fn few_enough(&mut self, at: std::ops::Range<usize>, people: usize) -> Option<()> {
        if people > MAX_PEOPLE {
            let expected = format!("at most {MAX_PEOPLE} people");
            let hint = "DingTalk mentions no more in one message; `all = true` mentions everybody";
            self.wrong(at, expected, people.to_string(), hint);
            return None;
        }
        Some(())
    }

    pub(super) fn people(
        &mut self,
        typed: &Texts,
        judge: impl Fn(&mut Self, &str, std::ops::Range<usize>) -> Option<String>,
    ) -> Option<Vec<String>> {
        let Some(typed) = typed else { return Some(Vec::new()) };
        let all: Vec<Option<String>> =
            typed.get_ref().iter().map(|one| judge(self, one.get_ref(), one.span())).collect();
        all.into_iter().collect()
    }

    pub(super) fn mobile(&mut self, text: &str, at: std::ops::Range<usize>) -> Option<String> {
        if is_mobile(text) {
            return Some(text.to_owned());
        }
        let expected = "a mobile number as DingTalk takes it";
        let hint = "digits alone in mainland China, else the country, a dash and digits: \"+852-91234567\"";
        self.wrong(at, expected, quoted(text), hint);
        None
    }

    pub(super) fn user_id(&mut self, text: &str, at: std::ops::Range<usize>) -> Option<String> {
        if is_user_id(text) {
            return Some(text.to_owned());
        }
        let hint = "as the organisation's address book shows it, without @";
        self.wrong(at, "a DingTalk user id", quoted(text), hint);
        None
    }
}

/// Digits, or `+CC-digits`. `+85291234567` is answered with ok and mentions nobody.
pub(crate) fn is_mobile(text: &str) -> bool {
    let digits = |part: &str| part.bytes().all(|b| b.is_ascii_digit());
    let number = match text.strip_prefix('+') {
        Some(abroad) => match abroad.split_once('-') {
            Some((country, number)) if (1..=3).contains(&country.len()) && digits(country) => {
                number
            }
            _ => return false,
        },
        None => text,
    };
    MOBILE_DIGITS.contains(&number.len()) && digits(number)
}

/// Whether it can be a user id of an organisation's address book.
pub(crate) fn is_user_id(text: &str) -> bool {
    let plain = |c: char| !c.is_whitespace() && !c.is_control() && c != '@';
    !text.is_empty() && text.len() <= MAX_USER_ID_BYTES && text.chars().all(plain)
}

#[cfg(test)]
mod tests {
    use super::is_mobile;

    #[test]
    fn a_number_is_taken_in_the_two_forms_that_ring_a_phone() {
        for text in ["13800138000", "+852-91234567", "+1-4155550100"] {
            assert!(is_mobile(text), "{text}");
        }
        for text in [
            "",
            "9123",
            "+85291234567",
            "+852 91234567",
            "9123 4567",
            "+-91234567",
            "+8520-91234567",
            "+852-",
            "@13800138000",
            "１３８００１３８０００",
        ] {
            assert!(!is_mobile(text), "{text}");
        }
    }
}
