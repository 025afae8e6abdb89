//! Numbers and addresses of people, by their form: telephone, payment card, Octopus, identity card,
//! e-mail.

use super::HIDDEN;
use super::fold::fold;

/// Fewest digits that are hidden: a Hong Kong telephone or Octopus number.
const MIN_DIGITS: usize = 8;

/// Fewest digits between separators that still belong to one number: `9123 4567` is one, the parts
/// of `2026-11-21` and `12 34 56` are not.
const MIN_GROUP: usize = 3;

/// Digits of a payment card.
const CARD_DIGITS: std::ops::RangeInclusive<usize> = 13..=19;

/// `text` with all of them hidden.
pub(super) fn hide(text: &str) -> String {
    let printed: Vec<char> = text.chars().collect();
    let chars: Vec<char> = printed.iter().copied().map(fold).collect();
    let mut out = String::with_capacity(text.len());
    let mut at = 0;
    while at < chars.len() {
        let hidden = email(&chars, at)
            .or_else(|| identity_card(&chars, at))
            .or_else(|| payment_card(&chars, at))
            .or_else(|| number(&chars, at))
            .or_else(|| spaced(&chars, at));
        if let Some(end) = hidden {
            out.push_str(HIDDEN);
            at = end;
        } else {
            let end = at + skip(&chars, at);
            out.extend(&printed[at..end]);
            at = end;
        }
    }
    out
}

/// How far the next thing may start: an identity card number does not start in the middle of a
/// word, unless the word was printed against it.
fn skip(chars: &[char], at: usize) -> usize {
    let letters = run(chars, at, |c| c.is_ascii_alphabetic());
    for back in [2, 1] {
        if letters > back && bracketed(chars, at + letters - back).is_some() {
            return letters - back;
        }
    }
    letters.max(1)
}

fn run(chars: &[char], from: usize, belongs: impl Fn(char) -> bool) -> usize {
    chars[from.min(chars.len())..].iter().take_while(|c| belongs(**c)).count()
}

fn digits(chars: &[char], from: usize) -> usize {
    run(chars, from, |c| c.is_ascii_digit())
}

/// The end of an e-mail address that starts at `at`.
fn email(chars: &[char], at: usize) -> Option<usize> {
    // Letters of Latin, Greek and Cyrillic, but no Chinese word that stands before an address.
    let letter = |c: char| c.is_alphanumeric() && c < '\u{1100}';
    let local = run(chars, at, |c| letter(c) || "._%+-".contains(c));
    let sign = at + local;
    if local == 0 || chars.get(sign) != Some(&'@') {
        return None;
    }
    let len = run(chars, sign + 1, |c| letter(c) || c == '.' || c == '-');
    let host: String = chars[sign + 1..=sign + len].iter().collect();
    let host = host.trim_end_matches(['.', '-']);
    host.trim_start_matches('.').contains('.').then(|| sign + 1 + host.chars().count())
}

/// The end of an identity card number that starts at `at`: Hong Kong's `A123456(7)`, also without
/// brackets, and Macau's `1234567(8)`.
fn identity_card(chars: &[char], at: usize) -> Option<usize> {
    if digits(chars, at) == 7 {
        return check_digit(chars, at + 7);
    }
    if let Some(end) = bracketed(chars, at) {
        return Some(end);
    }
    let letters = run(chars, at, |c| c.is_ascii_alphabetic());
    if !(1..=2).contains(&letters) || digits(chars, at + letters) < 6 {
        return None;
    }
    let check = at + letters + 6;
    let plain = chars.get(check).is_some_and(|c| is_check(*c));
    let goes_on = chars.get(check + 1).is_some_and(char::is_ascii_alphanumeric);
    (plain && !goes_on).then_some(check + 1)
}

/// The end of `A123456(7)` at `at`, with a space before or behind its digits as well.
fn bracketed(chars: &[char], at: usize) -> Option<usize> {
    let letters = run(chars, at, |c| c.is_ascii_alphabetic());
    let gap = run(chars, at + letters, |c| c == ' ');
    let first = at + letters + gap;
    if !(1..=2).contains(&letters) || gap > 1 || digits(chars, first) != 6 {
        return None;
    }
    check_digit(chars, first + 6)
}

/// The end of ` (7)` at `at`.
fn check_digit(chars: &[char], at: usize) -> Option<usize> {
    let at = at + usize::from(chars.get(at) == Some(&' '));
    match chars.get(at..)? {
        ['(', check, ')', ..] if is_check(*check) => Some(at + 3),
        _ => None,
    }
}

fn is_check(c: char) -> bool {
    c.is_ascii_digit() || c == 'A' || c == 'a'
}

/// The end of a payment card number that starts at `at`, in groups of any size: its checksum says
/// that they belong together.
fn payment_card(chars: &[char], at: usize) -> Option<usize> {
    let first_of_number = at == 0 || !chars[at - 1].is_ascii_digit();
    if !first_of_number || !matches!(chars[at], '2'..='6') {
        return None;
    }
    let (mut number, mut next, mut found) = (Vec::new(), at, None);
    loop {
        let group = digits(chars, next);
        if group < 2 || number.len() + group > *CARD_DIGITS.end() {
            return found;
        }
        number.extend(chars[next..next + group].iter().filter_map(|c| c.to_digit(10)));
        next += group;
        if CARD_DIGITS.contains(&number.len()) && passes_luhn(&number) {
            found = Some(next);
        }
        let separator = run(chars, next, |c| " -.\n".contains(c));
        if !(1..=3).contains(&separator) {
            return found;
        }
        next += separator;
    }
}

fn passes_luhn(digits: &[u32]) -> bool {
    let doubled = |(place, digit): (usize, &u32)| match (place % 2, digit * 2) {
        (0, _) => *digit,
        (_, twice) => twice / 10 + twice % 10,
    };
    digits.iter().rev().enumerate().map(doubled).sum::<u32>().is_multiple_of(10)
}

/// The end of a telephone, card or Octopus number that starts at `at`, country code and check digit
/// included.
fn number(chars: &[char], at: usize) -> Option<usize> {
    let mut next = at;
    match chars[at] {
        '+' => next += 1,
        c if c.is_ascii_digit() || c == '(' => {}
        _ => return None,
    }
    next += usize::from(chars.get(next) == Some(&'('));
    let (mut found, mut end) = (0, next);
    loop {
        let group = digits(chars, next);
        // Points part thousands too, but never groups of four.
        let after_point = next > end && chars[end..next].contains(&'.');
        if group == 0 || found > 0 && group < MIN_GROUP || after_point && group != 4 {
            break;
        }
        found += group;
        end = next + group;
        let separator = run(chars, end, |c| " -().".contains(c));
        if !(1..=2).contains(&separator) {
            break;
        }
        next = end + separator;
    }
    if found < MIN_DIGITS {
        return None;
    }
    // The check of an Octopus card, or of a mainland identity card.
    let tail = match chars.get(end..)? {
        ['(', check, ')', ..] if check.is_ascii_digit() => 3,
        ['-', check, rest @ ..] if check.is_ascii_digit() => {
            if rest.first().is_some_and(char::is_ascii_digit) { 0 } else { 2 }
        }
        ['X' | 'x', ..] if found == 17 => 1,
        _ => 0,
    };
    Some(end + tail)
}

/// The end of a number printed with a space behind each digit.
fn spaced(chars: &[char], at: usize) -> Option<usize> {
    let alone = |at: usize| digits(chars, at) == 1;
    let (mut found, mut next) = (0, at);
    while alone(next) && (found == 0 || chars[next - 1] == ' ') {
        found += 1;
        next += 2;
    }
    (found >= MIN_DIGITS).then(|| next - 1)
}

#[cfg(test)]
mod tests {
    use super::passes_luhn;

    #[test]
    fn the_checksum_is_luhns() {
        let digits = |text: &str| text.chars().filter_map(|c| c.to_digit(10)).collect::<Vec<_>>();
        for good in ["4111111111111111", "5555555555554444", "378282246310005"] {
            assert!(passes_luhn(&digits(good)), "{good}");
        }
        assert!(!passes_luhn(&digits("4111111111111112")));
    }
}
