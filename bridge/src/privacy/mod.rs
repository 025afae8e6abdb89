//! Decides what of an event may leave the shop, in one place.
//!
//! [`let_through`] is the only way from an event to a message: it drops what the robot's level does
//! not name and takes people's data out of the free text that is left. [`redact_event`] does the
//! second half alone, for the `events` verb, logs and pages.
//!
//! Free text is item names, labels and other words as printed. Redaction errs on the side of hiding
//! there: any run of 8 digits goes. It is never applied to receipt numbers, amounts, dates or
//! quantities, which have fields of their own. It cannot know a name that no label announces:
//! `docs/PRIVACY.md` says what is not found.

mod fold;
mod hidden;
mod labels;
mod level;
mod numbers;
#[cfg(test)]
pub(crate) mod seeds;

pub use hidden::hidden;
pub use level::{let_through, redact_event};

/// What stands in place of what was taken out.
const HIDDEN: &str = "***";

/// `text` with telephone, card, Octopus and identity card numbers, e-mail addresses and names behind
/// a label hidden, and without characters that nobody sees.
pub fn redact(text: &str) -> String {
    let text = fold::visible(text);
    numbers::hide(&labels::hide(&text))
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::redact;

    #[test]
    fn peoples_numbers_and_addresses_are_hidden() {
        for (text, safe) in [
            ("Call 9123 4567 please", "Call *** please"),
            ("電話91234567多謝", "電話***多謝"),
            ("+852 9123-4567", "***"),
            ("(852)91234567", "***"),
            ("+86 138 0013 8000.", "***."),
            ("0812.3456.7890", "***"),
            ("9 1 2 3 4 5 6 7", "***"),
            ("９１２３４５６７", "***"),
            ("٩١٢٣٤٥٦٧", "***"),
            ("9123\u{200B}45\u{202E}67", "***"),
            ("9123\u{2011}4567", "***"),
            ("VISA 4111 1111 1111 1111", "VISA ***"),
            ("VISA 41 11.11 11-11 11 11.11", "VISA ***"),
            ("八達通 12345678(9) ok", "八達通 *** ok"),
            ("Octopus 12345678-9", "Octopus ***"),
            ("HKID A123456(7)", "HKID ***"),
            ("HKIDA123456(7)", "HKI***"),
            ("身份證 WX 123456 (A)", "身份證 ***"),
            ("ab123456A,", "***,"),
            ("BIR 1234567(8)", "BIR ***"),
            ("11010519491231002X", "***"),
            ("mail chan.tai-man@example.com.hk.", "mail ***."),
            ("a@b.c d＠e.f", "*** ***"),
        ] {
            assert_eq!(redact(text), safe, "{text}");
        }
    }

    #[test]
    fn goods_quantities_dates_and_times_stay() {
        for text in [
            "奶茶 2 x 18.00",
            "Coke 330ml",
            "2026-11-21 12:01:22",
            "1234567",
            "12 34 56 78",
            "12.345.678",
            "2 18.00 36.00 1 5.00 5.00",
            "COVID19 kit",
            "A12345",
            "3M tape @ 5.00",
            "#1001",
            "7-11",
        ] {
            assert_eq!(redact(text), text);
        }
    }

    proptest! {
        #[test]
        fn no_run_of_eight_digits_survives_and_twice_is_once(
            text in "([0-9A-Za-z@.+() -]|會員|Member|: |\n){0,40}",
        ) {
            let safe = redact(&text);
            let longest = safe.split(|c: char| !c.is_ascii_digit()).map(str::len).max();
            prop_assert!(longest.is_none_or(|len| len < 8), "{safe}");
            prop_assert_eq!(redact(&safe), safe.clone());
        }

        #[test]
        fn whatever_is_printed_is_redacted_without_a_fault(text in any::<String>()) {
            let safe = redact(&text);
            prop_assert_eq!(redact(&safe), safe.clone());
        }
    }
}
