//! Whose receipt it is: the name at the top and the address, as printed.
//!
//! A name is what stands at the top and is neither a title nor an address nor a number. Where one
//! of several is a company's (`SDN BHD`, `有限公司`), that one: it is who answers for the paper.
//!
//! Not here: what the name means; slogans and the customer's name are left out as far as words can
//! tell.

use super::amount::Number;
use super::line::ReadLine;
use super::place::{is_address, is_bare_number, words};
use super::vocabulary::Label;
use crate::document::line::Line;
use crate::event::Receipt;
use crate::span::Span;

/// Letters that a name has at least; one ideograph says as much as two of them.
const NAME_LETTERS: usize = 3;
/// Lines at the top among which the name is looked for.
const HEAD_LINES: usize = 12;
/// Most lines that one address takes.
const ADDRESS_LINES: usize = 6;
/// Most lines that one name is wrapped over.
const NAME_LINES: usize = 3;
/// Digits from which on a word behind a name is its registration and not a part of it.
const REGISTRATION_DIGITS: usize = 4;

/// Words that only a company's name has.
const COMPANY: &[&[&str]] = &[
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
/// Words of a business that is nobody's company.
const BUSINESS: &[&[&str]] = &[&["ENTERPRISE"], &["TRADING"], &["COMPANY"], &["CO"]];
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
/// Words over the columns of the goods.
const COLUMNS: &[&str] = &[
    "QTY",
    "PRICE",
    "AMOUNT",
    "AMT",
    "DESC",
    "DESCRIPTION",
    "ITEM",
    "ITEMS",
    "DISC",
    "SUBTOTAL",
    "RM",
    "CODE",
    "TAXCODE",
    "QUANTITY",
    "UOM",
];
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
/// Words in front of whom the receipt is for, or who owns the place.
const OWNED: &[&str] = &["DIMILIKI OLEH", "DIMILIKI", "OWNED BY", "OPERATED BY", "OWN BY"];
const BUYER: &[&[&str]] = &[&["TO"], &["BILL", "TO"], &["SOLD", "TO"], &["ATTN"], &["M", "S"]];

/// Finds name and address and notes where they stand.
pub(super) fn collect(
    lines: &[ReadLine<'_>],
    receipt: &mut Receipt,
    note: &mut impl FnMut(&str, Span, &str),
) {
    // The name stands above the first sum; what follows it is somebody's farewell.
    let above = lines.iter().position(|line| !line.roles.is_empty()).unwrap_or(lines.len());
    let columns = lines.iter().position(is_columns).unwrap_or(lines.len());
    let head = &lines[..above.min(HEAD_LINES).min(columns)];
    let mut below = 0;
    if let Some((from, to, rule)) = name(head) {
        let parts: Vec<&str> = lines[from..=to].iter().map(named).collect();
        let name = parts.join(" ");
        if !name.is_empty() {
            receipt.merchant = Some(name);
            note("merchant", span(&lines[from..=to], &parts), rule);
            below = to + 1;
        }
    }
    let head = below..head.len().max(below);
    let found = address(lines, head).or_else(|| address(lines, above..lines.len()));
    if let Some((from, to)) = found {
        let parts: Vec<&str> = lines[from..to].iter().map(|line| line.line.text.trim()).collect();
        receipt.address = Some(parts.join(" "));
        note("address", span(&lines[from..to], &parts), "place words");
    }
}

/// From the first of `parts` to the end of the last.
fn span(lines: &[ReadLine<'_>], parts: &[&str]) -> Span {
    let at = |line: &Line, part: &str| {
        let start = line.text.find(part).unwrap_or(0);
        line.span(start..start + part.len())
    };
    let spans: Vec<Span> =
        lines.iter().zip(parts).map(|(line, part)| at(line.line, part)).collect();
    let start = spans.first().map_or(0, |span| span.start);
    Span::new(start, spans.last().map_or(start, |span| span.end.max(start)))
}

/// The lines of the name, first and last, and why they.
fn name(head: &[ReadLine<'_>]) -> Option<(usize, usize, &'static str)> {
    // Below the first label of the sale only a company is still looked for.
    let labelled = head.iter().position(is_labelled).unwrap_or(head.len());
    let elsewhere = |line: &ReadLine<'_>| is_address(line) && !has_company(line);
    let place = head.iter().position(elsewhere).unwrap_or(head.len());
    // Below its address stand other people's names, unless nothing stands above it.
    let above = head[..place].iter().any(could_name);
    let top = &head[..if above { place } else { head.len() }.min(labelled)];
    let company = |line: &ReadLine<'_>| could_name(line) && has_company(line);
    let business = |line: &ReadLine<'_>| could_name(line) && has(line, BUSINESS);
    let found = top.iter().position(company).map(|at| (at, "company"));
    let found = found.or_else(|| {
        // A company's name may stand below the sign over the door and its address.
        let near = head.iter().take(HEAD_LINES / 2).position(company);
        near.map(|at| (at, "company"))
    });
    let found = found.or_else(|| top.iter().position(business).map(|at| (at, "business")));
    let found = found.or_else(|| largest(top).map(|at| (at, "first words")));
    let (at, rule) = found?;
    let (from, to) = wrapped(head, at);
    Some((from, to, rule))
}

/// Whether a line tells the sale's number, time, till or table.
fn is_labelled(line: &ReadLine<'_>) -> bool {
    let first = line.words.first().filter(|found| {
        let told = matches!(
            found.word.label,
            Some(
                Label::Number
                    | Label::Order
                    | Label::Cashier
                    | Label::Terminal
                    | Label::Table
                    | Label::Date
                    | Label::PrintTime
            )
        );
        told && line.folded.chars[..found.chars.start].iter().all(|c| !c.is_alphanumeric())
    });
    first.is_some_and(|found| {
        let after = line.folded.chars[found.chars.end..].iter().find(|c| !matches!(c, ' ' | '.'));
        after.is_some_and(|c| matches!(c, ':' | '#') || c.is_ascii_digit())
    })
}

/// The first line that could be a name, or the first enlarged one where any is.
fn largest(top: &[ReadLine<'_>]) -> Option<usize> {
    let size = |line: &ReadLine<'_>| {
        line.line.styles().map(|(_, style)| style.width.max(style.height)).max().unwrap_or(1)
    };
    let names = || top.iter().enumerate().filter(|(_, line)| could_name(line));
    let largest = names().map(|(_, line)| size(line)).max()?;
    names().find(|(_, line)| size(line) == largest).map(|(at, _)| at)
}

/// The name's lines around `at`: a form alone, an open parenthesis or an `&` joins two.
fn wrapped(head: &[ReadLine<'_>], at: usize) -> (usize, usize) {
    let text = |i: usize| named(&head[i]);
    let (mut from, mut to) = (at, at);
    while from > 0 && to - from + 1 < NAME_LINES && could_name(&head[from - 1]) {
        let above = text(from - 1);
        let tokens = words(&head[from]);
        let form = |forms: &[&[&str]]| forms.iter().any(|form| starts(&tokens, form));
        let continued = text(from).starts_with(['&', '(']) || is_short(&tokens, &head[from - 1]);
        let closes = text(from).matches(')').count() > text(from).matches('(').count();
        if !(form(COMPANY)
            || form(BUSINESS)
            || closes
            || continued
            || above.ends_with(['&', '-', ',']))
        {
            break;
        }
        from -= 1;
    }
    while to + 1 < head.len() && to - from + 1 < NAME_LINES && could_name(&head[to + 1]) {
        let open = text(to).matches('(').count() > text(to).matches(')').count();
        let tokens = words(&head[to + 1]);
        let form =
            COMPANY.iter().any(|form| starts(&tokens, form) && tokens.len() <= form.len() + 1);
        if !(open || form || text(to).ends_with('&')) {
            break;
        }
        to += 1;
    }
    (from, to)
}

/// Whether a company's form has but one word before it: the rest of its name stands above.
fn is_short(tokens: &[String], above: &ReadLine<'_>) -> bool {
    let form = |i: usize| COMPANY.iter().any(|form| starts(&tokens[i..], form));
    tokens.len() > 1 && form(1) && !has_company(above)
}

/// Whether a line heads the columns of the goods.
fn is_columns(line: &ReadLine<'_>) -> bool {
    words(line).iter().filter(|word| COLUMNS.contains(&word.as_str())).count() >= 2
}

/// Whether a line could be a name: words that are nothing else.
fn could_name(line: &ReadLine<'_>) -> bool {
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
        && !tokens.iter().any(|token| token == "HRS")
        && !tokens.iter().any(|token| token == "WWW" || token == "HTTP" || token == "HTTPS")
        && (!is_address(line) && !line.numbers.iter().any(Number::is_money) || has_company(line))
        && !said(GREETINGS)
        && !said(BUYER)
        && !GREETING_SIGNS.iter().any(|sign| text.contains(sign))
}

fn letters(text: &str) -> usize {
    let letters = text.chars().filter(|c| c.is_alphabetic());
    letters.map(|c| if c.is_ascii() { 1 } else { 2 }).sum()
}

fn has_company(line: &ReadLine<'_>) -> bool {
    let text: String = line.folded.chars.iter().collect();
    has(line, COMPANY) || COMPANY_SIGNS.iter().any(|sign| text.contains(sign))
}

fn has(line: &ReadLine<'_>, forms: &[&[&str]]) -> bool {
    let tokens = words(line);
    forms.iter().any(|form| (0..tokens.len()).any(|i| starts(&tokens[i..], form)))
}

fn starts(tokens: &[String], form: &[&str]) -> bool {
    tokens.len() >= form.len() && tokens.iter().zip(form).all(|(token, word)| token == word)
}

/// The name on a line, without what is no part of it: marks, a running number before it, the
/// registration behind it.
fn named<'p>(line: &ReadLine<'p>) -> &'p str {
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

/// The first lines among `range` that are an address, up to what is none.
fn address(lines: &[ReadLine<'_>], range: core::ops::Range<usize>) -> Option<(usize, usize)> {
    let from = range.clone().find(|i| lines.get(*i).is_some_and(is_address))?;
    let mut to = from + 1;
    while to < range.end.min(from + ADDRESS_LINES) {
        let line = &lines[to];
        let place = is_address(line)
            || (could_name(line) && lines.get(to + 1).is_some_and(is_address))
            || (could_name(line)
                && line.numbers.is_empty()
                && lines[to - 1].line.text.trim_end().ends_with(','));
        if !place {
            break;
        }
        to += 1;
    }
    Some((from, to))
}

#[cfg(test)]
mod tests {
    use super::collect;
    use crate::diagnostic::Diagnostics;
    use crate::document::paper::Paper;
    use crate::event::Receipt;
    use crate::reading::line::classify;

    fn read(text: &str) -> (String, String) {
        let paper = Paper::plain(text);
        let lines = classify(&paper, None, &mut Diagnostics::default());
        let mut receipt = Receipt::default();
        collect(&lines, &mut receipt, &mut |_, _, _| {});
        (receipt.merchant.unwrap_or_default(), receipt.address.unwrap_or_default())
    }

    #[test]
    fn the_company_goes_before_the_sign_over_its_door() {
        for (text, want) in [
            ("BLUE DOOR\nSEA FOODS SDN BHD (123456-A)\nTOTAL 1.00", "SEA FOODS SDN BHD"),
            ("TAX INVOICE\nSEA FOODS TRADING\nTOTAL 1.00", "SEA FOODS TRADING"),
            ("SEA FOODS CAFE\nTel: 2345 6789\nTOTAL 1.00", "SEA FOODS CAFE"),
            ("海味有限公司\n收據\n合計 1.00", "海味有限公司"),
            ("#000123 SEA FOODS S/B\nTOTAL 1.00", "SEA FOODS S/B"),
            ("OWNED BY: SEA FOODS BHD 654321-X\nTOTAL 1.00", "SEA FOODS BHD"),
        ] {
            assert_eq!(read(text).0, want, "{text}");
        }
    }

    #[test]
    fn a_name_may_be_wrapped() {
        for (text, want) in [
            ("SEA FOODS AND\nFRUIT (NORTH\nSIDE) SDN BHD", "FRUIT (NORTH SIDE) SDN BHD"),
            ("SEA FOODS NORTH\nSDN BHD", "SEA FOODS NORTH SDN BHD"),
            ("SEA FOODS &\nFRUIT", "SEA FOODS & FRUIT"),
        ] {
            assert_eq!(read(text).0, want, "{text}");
        }
    }

    #[test]
    fn titles_greetings_and_numbers_are_no_names() {
        for head in [
            "WELCOME",
            "歡迎光臨",
            "TAX INVOICE",
            "3180303",
            "(162761-M)",
            "www.sea.example",
            "Receipt No: 12",
        ] {
            assert_eq!(
                read(&format!("{head}\nSEA FOODS\nTOTAL 1.00")).0,
                if head.starts_with("Rec") { "" } else { "SEA FOODS" },
                "{head}"
            );
        }
        assert_eq!(read("Order No: 7\nTable: 3\n2 x Noodles").0, "");
    }

    #[test]
    fn an_address_is_told_by_its_words_and_may_stand_at_the_foot() {
        let (_, above) =
            read("SEA FOODS\nNO. 3, JALAN LAUT 2,\n43300 SERI LAUT\nTEL: 03-1234\nTOTAL 1.00");
        assert_eq!(above, "NO. 3, JALAN LAUT 2, 43300 SERI LAUT");
        let (name, below) =
            read("海味茶室\n合計 1.00\n多謝惠顧\n電話: 2345 6789\n旺角海邊街8號3樓");
        assert_eq!((name.as_str(), below.as_str()), ("海味茶室", "旺角海邊街8號3樓"));
    }
}
