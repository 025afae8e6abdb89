//! Whose receipt it is: the name at the top and the address, as printed.
//!
//! A name is what stands at the top and is neither a title nor an address nor a number. Where one
//! of several is a company's (`SDN BHD`, `有限公司`), that one: it is who answers for the paper.
//!
//! Not here: what the name means; slogans and the customer's name are left out as far as words can
//! tell.

use super::line::ReadLine;
use super::place::{is_address, is_of, words};
use super::trade_name::{COMPANY, could_name, has, has_company, named, starts};
use super::vocabulary::Label;
use crate::document::line::Line;
use crate::event::Receipt;
use crate::span::Span;

/// Lines at the top among which the name is looked for.
const HEAD_LINES: usize = 12;
/// Most lines that one address takes.
const ADDRESS_LINES: usize = 6;
/// Most lines that one name is wrapped over.
const NAME_LINES: usize = 3;

/// Words of a business that is nobody's company.
const BUSINESS: &[&[&str]] = &[&["ENTERPRISE"], &["TRADING"], &["COMPANY"], &["CO"]];
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

/// Finds name and address and notes where they stand.
pub(super) fn collect(
    lines: &[ReadLine<'_>],
    receipt: &mut Receipt,
    note: &mut impl FnMut(&str, Span, &str),
) {
    // The name stands above the first sum; what follows it is somebody's farewell.
    let above = lines.iter().position(|line| !line.roles.is_empty()).unwrap_or(lines.len());
    let head = &lines[..above.min(HEAD_LINES)];
    let head = &head[..head.iter().position(is_columns).unwrap_or(head.len())];
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
    let at = |line: Line<'_>, part: &str| {
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
fn is_short(tokens: &[&[char]], above: &ReadLine<'_>) -> bool {
    let form = |i: usize| COMPANY.iter().any(|form| starts(&tokens[i..], form));
    tokens.len() > 1 && form(1) && !has_company(above)
}

/// Whether a line heads the columns of the goods.
fn is_columns(line: &ReadLine<'_>) -> bool {
    words(line).iter().filter(|word| is_of(word, COLUMNS)).count() >= 2
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
        let (lines, _) = classify(&paper, None, None, &mut Diagnostics::default());
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
