//! Whether a line can be a shop's name, and which part of it the name is.
//!
//! Not here: which of several such lines is the shop's (`merchant`).

use super::amount::Number;
use super::fold::holds;
use super::line::ReadLine;
use super::place::{is, is_address, is_bare_number, is_of, words};
use super::vocabulary::Label;

/// Letters that a name has at least; one ideograph says as much as two of them.
const NAME_LETTERS: usize = 3;
/// Digits from which on a word behind a name is its registration and not a part of it.
const REGISTRATION_DIGITS: usize = 4;
/// Words that only a company's name has.
pub(super) const COMPANY: &[&[&str]] = &[
    &["SDN", "BHD"],
    &["BHD"],
    &["S", "B"],
    &["SB"],
    &["PLT"],
    &["LTD"],
    &["LIMITED"],
    &["PTE"],
    &["LLC"],
    &["INC"],
    &["GMBH"],
    &["PT"],
    &["CV"],
    &["CONG", "TY"],
    &["TNHH"],
];
/// The same in scripts without blanks.
const COMPANY_SIGNS: &[&str] = &["有限公司", "股份公司", "株式会社", "合同会社", "บริษัท", "شركه"];
/// Words that are said to a guest.
const GREETINGS: &[&[&str]] = &[
    &["THANK"],
    &["THANKS"],
    &["TQ"],
    &["WELCOME"],
    &["SELAMAT"],
    &["TERIMA"],
    &["OPENING", "HOURS"],
    &["SHOPPING", "HOURS"],
    &["BUSINESS", "HOURS"],
];
const GREETING_SIGNS: &[&str] =
    &["歡迎", "欢迎", "多謝", "谢谢", "謝謝", "ยินดีต้อนรับ", "いらっしゃいませ"];
/// Words from which on a line no longer tells the name but the company's registration.
const REGISTERED: &[&str] = &[
    " COMPANY NO",
    " CO. NO",
    " CO NO",
    " REG. NO",
    " REG NO",
    " CO. REG",
    " CO REG",
    "(CO.",
    "(CO REG",
    " ROC NO",
    " GST",
];
/// Words of lines that say when it is open or where it is on the net.
const NO_NAMES: &[&str] = &["HRS", "WWW", "HTTP", "HTTPS"];
/// Words in front of whom the receipt is for, or who owns the place.
const OWNED: &[&str] = &["DIMILIKI OLEH", "DIMILIKI", "OWNED BY", "OPERATED BY", "OWN BY"];
const BUYER: &[&[&str]] = &[&["TO"], &["BILL", "TO"], &["SOLD", "TO"], &["ATTN"], &["M", "S"]];

/// Whether a line could be a name: words that are nothing else.
pub(super) fn could_name(line: &ReadLine<'_>) -> bool {
    let labelled = line.words.iter().any(|found| {
        let begins = line.folded.chars[..found.chars.start].iter().all(|c| !c.is_alphanumeric());
        let marked = line.folded.chars[found.chars.end..]
            .iter()
            .find(|c| !matches!(c, ' ' | '.' | ')'))
            .is_some_and(|c| matches!(c, ':' | '#') || c.is_ascii_digit());
        let alone = found.chars.end
            == line
                .folded
                .chars
                .iter()
                .rposition(|c| c.is_alphanumeric())
                .map_or(0, |last| last + 1);
        let title = found.word.title.is_some() && begins && alone;
        let label = found.word.label.is_some() && begins && (marked || alone);
        let other = matches!(found.word.label, Some(Label::Other | Label::Phone))
            && marked
            && !has_company(line);
        title || label || other
    });
    let tokens = words(line);
    let said = |list: &[&[&str]]| list.iter().any(|form| starts(&tokens, form));
    let text = &line.line.text;
    line.has_words()
        && !labelled
        && line.date.is_none()
        && !is_bare_number(&tokens)
        && letters(text) >= NAME_LETTERS
        && !text.contains('@')
        && !tokens.iter().any(|token| is_of(token, NO_NAMES))
        && (!is_address(line) && !line.numbers.iter().any(Number::is_money) || has_company(line))
        && !said(GREETINGS)
        && !said(BUYER)
        && !GREETING_SIGNS.iter().any(|sign| text.contains(sign))
}

/// Whether a company's form stands on a line.
pub(super) fn has_company(line: &ReadLine<'_>) -> bool {
    has(line, COMPANY) || COMPANY_SIGNS.iter().any(|sign| holds(&line.folded.chars, sign))
}

/// Whether one of `forms` stands on a line.
pub(super) fn has(line: &ReadLine<'_>, forms: &[&[&str]]) -> bool {
    let tokens = words(line);
    forms.iter().any(|form| (0..tokens.len()).any(|i| starts(&tokens[i..], form)))
}

/// Whether `tokens` begin with `form`.
pub(super) fn starts(tokens: &[&[char]], form: &[&str]) -> bool {
    tokens.len() >= form.len() && tokens.iter().zip(form).all(|(token, word)| is(token, word))
}

fn letters(text: &str) -> usize {
    let letters = text.chars().filter(|c| c.is_alphabetic());
    letters.map(|c| if c.is_ascii() { 1 } else { 2 }).sum()
}

/// The name on a line, without what is no part of it: marks, a running number before it, the
/// registration behind it.
pub(super) fn named<'p>(line: &ReadLine<'p>) -> &'p str {
    let mark = |c: char| {
        c.is_whitespace() || matches!(c, '*' | '=' | '-' | '_' | '#' | '"' | '\'' | '<' | '>')
    };
    let mut name = line.line.text.trim_matches(mark);
    for owner in OWNED {
        let same = name.get(..owner.len()).is_some_and(|start| start.eq_ignore_ascii_case(owner));
        if same {
            name = name[owner.len()..].trim_start_matches([':', ' ', '.']);
        }
    }
    let upper = name.to_ascii_uppercase();
    let registered =
        REGISTERED.iter().filter_map(|word| upper.find(word)).filter(|at| *at > 0).min();
    name = name[..registered.unwrap_or(name.len())].trim_end();
    let digits = |word: &str| word.chars().filter(char::is_ascii_digit).count();
    let numeral = |word: &str| {
        digits(word) >= REGISTRATION_DIGITS
            && word.chars().filter(|c| c.is_alphabetic()).count() <= 2
    };
    if let Some((first, rest)) = name.split_once(' ')
        && numeral(first)
        && !rest.trim().is_empty()
    {
        name = rest.trim_start();
    }
    if name.ends_with(')')
        && let Some(open) = name.rfind('(')
        && digits(&name[open..]) >= REGISTRATION_DIGITS
        && open > 0
    {
        name = name[..open].trim_end();
    }
    if let Some((rest, last)) = name.rsplit_once(' ')
        && numeral(last)
    {
        name = rest.trim_end();
    }
    name.trim_matches(mark)
}
