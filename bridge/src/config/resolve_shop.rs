//! From what was typed to what is meant: `[shop]`.

use jiff::civil::Time;
use pos_protocol::money::{Amount, Currency};
use toml::Spanned;

use super::raw::{RawShop, Text};
use super::resolved_shop::{Hours, Language, Shop};
use super::scope::{Scope, quoted};

const DEFAULT_NAME: &str = "Shop";
const DEFAULT_TIMEZONE: &str = "Asia/Hong_Kong";
/// When even a late kitchen is closed.
const DEFAULT_DAY_ENDS: Time = Time::constant(4, 0, 0, 0);

const LANGUAGES: [(&str, Language); 4] = [
    ("zh-HK", Language::ZhHk),
    ("zh-CN", Language::ZhCn),
    ("en", Language::En),
    ("id", Language::Id),
];

impl Scope<'_> {
    pub(super) fn shop(&mut self, raw: &RawShop) -> Option<Shop> {
        let name = match &raw.name {
            Some(name) if name.get_ref().trim().is_empty() => {
                self.wrong(name.span(), "a name", "\"\"", "it stands in every message");
                None
            }
            Some(name) => Some(name.get_ref().trim().to_owned()),
            None => Some(DEFAULT_NAME.to_owned()),
        };
        let timezone = self.timezone(&raw.timezone);
        let currency = self.currency(&raw.currency);
        let hint = "leave it out for \"zh-HK\"";
        let language = self.word(&raw.language, &LANGUAGES, Language::ZhHk, hint);
        let hours = raw.hours.as_ref().map(|typed| self.hours(typed));
        let day_ends = match &raw.day_ends {
            Some(typed) => self.time_of_day(typed),
            None => Some(DEFAULT_DAY_ENDS),
        };
        let float = match &raw.float {
            Some(typed) => self.float(typed),
            None => Some(Amount::zero(0)),
        };
        Some(Shop {
            name: name?,
            timezone: timezone?,
            currency: currency?,
            language: language?,
            hours: match hours {
                Some(hours) => Some(hours?),
                None => None,
            },
            day_ends: day_ends?,
            float: float?,
        })
    }

    fn timezone(&mut self, typed: &Text) -> Option<jiff::tz::TimeZone> {
        let name = typed.as_ref().map_or(DEFAULT_TIMEZONE, |typed| typed.get_ref());
        let zone = jiff::tz::TimeZone::get(name);
        if zone.is_err() {
            let at = typed.as_ref().map_or(0..0, Spanned::span);
            let hint = "use an IANA name: \"Asia/Hong_Kong\", \"Asia/Shanghai\", \"Asia/Jakarta\"";
            self.wrong(at, "a time zone this machine knows", quoted(name), hint);
        }
        zone.ok()
    }

    fn currency(&mut self, typed: &Text) -> Option<Currency> {
        let Some(typed) = typed else { return Some(Currency::HKD) };
        let currency = Currency::from_code(typed.get_ref());
        if currency.is_none() {
            let hint = "use the three capital letters: \"HKD\", \"CNY\", \"IDR\"";
            self.wrong(typed.span(), "an ISO 4217 currency", quoted(typed.get_ref()), hint);
        }
        currency
    }

    fn float(&mut self, typed: &Spanned<String>) -> Option<Amount> {
        let amount = Amount::parse(typed.get_ref()).filter(|amount| !amount.is_negative());
        if amount.is_none() {
            let hint = "what lies in each drawer before the first sale";
            let found = quoted(typed.get_ref());
            self.wrong(typed.span(), "an amount such as \"500.00\"", found, hint);
        }
        amount
    }

    pub(super) fn hours(&mut self, typed: &Spanned<String>) -> Option<Hours> {
        let parts = typed.get_ref().split_once('-');
        let hours = parts.and_then(|(from, to)| Some(Hours { from: time(from)?, to: time(to)? }));
        if hours.is_none() {
            let hint = "HH:MM-HH:MM, 24 hours; \"18:00-03:00\" passes midnight";
            let found = quoted(typed.get_ref());
            self.wrong(typed.span(), "opening hours such as \"11:00-22:30\"", found, hint);
        }
        hours
    }

    fn time_of_day(&mut self, typed: &Spanned<String>) -> Option<Time> {
        let time = time(typed.get_ref());
        if time.is_none() {
            let found = quoted(typed.get_ref());
            let hint = "HH:MM, 24 hours";
            self.wrong(typed.span(), "a time of day such as \"04:00\"", found, hint);
        }
        time
    }
}

/// `HH:MM`.
fn time(text: &str) -> Option<Time> {
    let (hour, minute) = text.split_once(':')?;
    let two_digits = |part: &str| {
        let good = part.len() == 2 && part.bytes().all(|b| b.is_ascii_digit());
        good.then(|| part.parse::<i8>().ok()).flatten()
    };
    Time::new(two_digits(hour)?, two_digits(minute)?, 0, 0).ok()
}

#[cfg(test)]
mod tests {
    use super::{Hours, time};

    #[test]
    fn a_time_is_two_digits_twice_within_the_day() {
        assert_eq!(time("23:59").map(|time| time.to_string()).as_deref(), Some("23:59:00"));
        for text in ["24:00", "12:60", "9:00", "09:0", "0900", "", ":", "+9:00", "０９:００"] {
            assert_eq!(time(text), None, "{text}");
        }
    }

    #[test]
    fn hours_may_pass_midnight_and_may_never_end() {
        for (from, to, open, closed) in [
            ("11:00", "22:30", &["11:00", "22:29"][..], &["10:59", "22:30", "00:00"][..]),
            ("18:00", "03:00", &["18:00", "23:59", "00:00", "02:59"], &["03:00", "17:59"]),
            ("00:00", "00:00", &["00:00", "12:00", "23:59"], &[]),
        ] {
            let at = |text: &&str| time(text).expect("a time");
            let hours = Hours { from: at(&from), to: at(&to) };
            assert!(open.iter().all(|text| hours.contains(at(text))), "{from}-{to}");
            assert!(!closed.iter().any(|text| hours.contains(at(text))), "{from}-{to}");
        }
    }
}
