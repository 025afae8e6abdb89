//! Takes people's data out of free text before it leaves the shop.
//!
//! It is for item names, labels and other text as printed, and errs on the side of hiding: any run
//! of 8 digits or more goes. It is never applied to receipt numbers, amounts, dates or quantities,
//! which have fields of their own.

use pos_protocol::event::Event;

/// What stands in place of what was taken out.
const HIDDEN: &str = "***";

/// Fewest digits that are hidden: a Hong Kong telephone or Octopus number.
const MIN_DIGITS: usize = 8;

/// Fewest digits between separators that still belong to one number: `9123 4567` is one, the parts
/// of `2026-11-21` and `12 34 56` are not.
const MIN_GROUP: usize = 3;

/// `text` with telephone, card, Octopus and HKID numbers and e-mail addresses hidden.
pub fn redact(text: &str) -> String {
    let chars: Vec<char> = text.chars().collect();
    let mut out = String::with_capacity(text.len());
    let mut at = 0;
    while at < chars.len() {
        let hidden = email(&chars, at).or_else(|| hkid(&chars, at)).or_else(|| number(&chars, at));
        if let Some(end) = hidden {
            out.push_str(HIDDEN);
            at = end;
        } else {
            // An identity card number does not start in the middle of a word.
            let end = at + run(&chars, at, is_letter).max(1);
            out.extend(&chars[at..end]);
            at = end;
        }
    }
    out
}

/// An event with its free text redacted. Numbers, amounts, dates and quantities have fields of
/// their own and stay.
pub fn redact_event(mut event: Event) -> Event {
    let hide = |text: &mut String| *text = redact(text);
    event.text.iter_mut().for_each(hide);
    if let Some(receipt) = &mut event.receipt {
        let named = [&mut receipt.merchant, &mut receipt.address, &mut receipt.cashier];
        named.into_iter().flatten().for_each(hide);
        for item in &mut receipt.items {
            hide(&mut item.name);
            item.modifiers.iter_mut().for_each(hide);
        }
        receipt.discounts.iter_mut().filter_map(|discount| discount.label.as_mut()).for_each(hide);
        receipt.taxes.iter_mut().filter_map(|tax| tax.label.as_mut()).for_each(hide);
        receipt.payments.iter_mut().filter_map(|payment| payment.label.as_mut()).for_each(hide);
    }
    event
}

/// ASCII digits and their full-width forms.
fn is_digit(c: char) -> bool {
    c.is_ascii_digit() || ('０'..='９').contains(&c)
}

fn is_letter(c: char) -> bool {
    c.is_ascii_alphabetic() || ('Ａ'..='Ｚ').contains(&c) || ('ａ'..='ｚ').contains(&c)
}

fn run(chars: &[char], from: usize, belongs: impl Fn(char) -> bool) -> usize {
    chars[from..].iter().take_while(|c| belongs(**c)).count()
}

/// The end of an e-mail address that starts at `at`.
fn email(chars: &[char], at: usize) -> Option<usize> {
    let local = run(chars, at, |c| is_letter(c) || is_digit(c) || "._%+-".contains(c));
    let sign = at + local;
    if local == 0 || !matches!(chars.get(sign), Some('@' | '＠')) {
        return None;
    }
    let host = &chars[sign + 1..];
    let len = run(host, 0, |c| is_letter(c) || is_digit(c) || c == '.' || c == '-');
    let host = host[..len].iter().collect::<String>();
    let host = host.trim_end_matches(['.', '-']);
    host.trim_start_matches('.').contains('.').then(|| sign + 1 + host.chars().count())
}

/// The end of a Hong Kong identity card number that starts at `at`: `A123456(7)`, also without
/// brackets.
fn hkid(chars: &[char], at: usize) -> Option<usize> {
    let letters = run(chars, at, is_letter);
    if !(1..=2).contains(&letters) || run(chars, at + letters, is_digit) < 6 {
        return None;
    }
    let is_check = |c: &char| is_digit(*c) || matches!(c, 'A' | 'a' | 'Ａ');
    let tail = &chars[at + letters + 6..];
    let bracketed = matches!(tail, ['(' | '（', check, ')' | '）', ..] if is_check(check));
    let plain = tail.first().is_some_and(is_check);
    let end = at + letters + 6 + if bracketed { 3 } else { usize::from(plain) };
    let goes_on = chars.get(end).is_some_and(|c| is_digit(*c) || is_letter(*c));
    ((bracketed || plain) && !goes_on).then_some(end)
}

/// The end of a telephone, card or Octopus number that starts at `at`, country code and check digit
/// in brackets included.
fn number(chars: &[char], at: usize) -> Option<usize> {
    let mut next = at;
    if matches!(chars[at], '+' | '＋') {
        next += 1;
    } else if !is_digit(chars[at]) && !matches!(chars[at], '(' | '（') {
        return None;
    }
    let bracket = matches!(chars.get(next), Some('(' | '（'));
    next += usize::from(bracket);
    let (mut digits, mut end) = (0, next);
    loop {
        let group = run(chars, next, is_digit);
        if group == 0 || digits > 0 && group < MIN_GROUP {
            break;
        }
        digits += group;
        end = next + group;
        let separator = run(chars, end, |c| " -\u{3000}()（）".contains(c));
        if !(1..=2).contains(&separator) {
            break;
        }
        next = end + separator;
    }
    if digits < MIN_DIGITS {
        return None;
    }
    if matches!(&chars[end..], ['(' | '（', check, ')' | '）', ..] if is_digit(*check)) {
        end += 3;
    }
    Some(end)
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
            ("９１２３４５６７", "***"),
            ("VISA 4111 1111 1111 1111", "VISA ***"),
            ("八達通 12345678(9) ok", "八達通 *** ok"),
            ("HKID A123456(7)", "HKID ***"),
            ("ab123456A,", "***,"),
            ("mail chan.tai-man@example.com.hk.", "mail ***."),
            ("a@b.c d@e.f", "*** ***"),
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
        fn no_run_of_eight_digits_survives_and_twice_is_once(text in "[0-9A-Za-z@.+() -]{0,60}") {
            let safe = redact(&text);
            let longest = safe.split(|c: char| !c.is_ascii_digit()).map(str::len).max();
            prop_assert!(longest.is_none_or(|len| len < 8), "{safe}");
            prop_assert_eq!(redact(&safe), safe.clone());
        }
    }
}
