//! X and Z reports: the figures of a shift or a day, as printed.
//!
//! A figure is a label with an amount or a count behind it, or below it on narrow paper and on
//! tills without a computer. The first of a kind counts: what follows are the same figures again,
//! by department or clerk.
//!
//! Not here: adding them up; that is the bookkeeper's check on the receipts.

use super::amount::Number;
use super::figures::{Figure, figure};
use super::kind;
use super::line::ReadLine;
use super::vocabulary::Role;
use crate::event::{Kind, Method, Report, ReportType, Tax, Tender};
use crate::money::{Amount, Currency, currency_digits};
use crate::span::Span;

/// Words of reports that reset nothing, where neither X nor Z is printed.
const INTERIM: &[&str] =
    &["PARTIAL", "INTERIM", "班結", "班结", "交班", "交更", "点検", "SHIFT", "SO FAR"];

/// Reads the figures of a report; notes where each stands.
pub(super) fn read(
    lines: &[ReadLine<'_>],
    currency: Option<Currency>,
    note: &mut impl FnMut(String, Span, &str),
) -> Report {
    let titled = lines.iter().position(|line| kind::title(line) == Some(Kind::ShiftReport));
    let (report_type, number) = titled.map_or((ReportType::Z, None), |at| head(&lines[at]));
    let mut report = Report {
        report_type,
        number: number.map(ToOwned::to_owned),
        gross: None,
        net: None,
        tenders: Vec::new(),
        taxes: Vec::new(),
        refunds: None,
        voids: None,
        no_sales: None,
        receipts: None,
    };
    let digits = currency.map(currency_digits);
    for (at, line) in lines.iter().enumerate() {
        if Some(at) == titled || line.date.is_some() {
            continue;
        }
        let Some((what, word)) = of_line(line) else { continue };
        let below = lines.get(at + 1).filter(|below| below.is_bare() && below.numbers.len() == 1);
        let Some((value, holder)) = value(line, what, below) else { continue };
        let span = holder.line.span(holder.folded.bytes(value.chars.clone()));
        let amount = digits.and_then(|digits| value.value.rescale(digits)).unwrap_or(value.value);
        let label = label(line);
        if let Some(field) = take(what, amount, count(line, value), label, &mut report) {
            note(format!("report.{field}"), span, word);
        }
    }
    if report.number.is_none() {
        report.number = sequence(lines);
    }
    report
}

/// X or Z, and the number behind it.
fn head<'p>(line: &ReadLine<'p>) -> (ReportType, Option<&'p str>) {
    let chars = &line.folded.chars;
    let letter = |letter: char| {
        (0..chars.len()).any(|i| {
            chars[i] == letter
                && !line.folded.before(i).is_ascii_alphabetic()
                && !line.folded.char(i + 1).is_ascii_alphabetic()
        })
    };
    let text: String = chars.iter().collect();
    let interim = INTERIM.iter().any(|word| text.contains(word));
    let report_type = match (letter('X'), letter('Z')) {
        (true, false) => ReportType::X,
        (false, true) => ReportType::Z,
        _ if interim => ReportType::X,
        _ => ReportType::Z,
    };
    let last =
        line.line.text.split_whitespace().next_back().map(|word| word.trim_start_matches('#'));
    let number = last.filter(|word| word.len() > 1 && word.chars().all(|c| c.is_ascii_digit()));
    (report_type, number)
}

/// The number that a line of its own gives.
fn sequence(lines: &[ReadLine<'_>]) -> Option<String> {
    let line = lines
        .iter()
        .find(|line| of_line(line).is_some_and(|(what, _)| what == Figure::Sequence))?;
    let last = line.line.text.split_whitespace().next_back()?.trim_start_matches(['#', ':']);
    let digits = !last.is_empty() && last.chars().all(|c| c.is_ascii_digit());
    digits.then(|| last.to_owned())
}

/// What a line's label says, and the word that said it.
fn of_line(line: &ReadLine<'_>) -> Option<(Figure, &'static str)> {
    let letters: String = label_chars(line).filter(|c| c.is_alphanumeric()).collect();
    if let Some(found) = figure(&letters) {
        return Some(found);
    }
    let first = line.words.first()?;
    let begins = line.folded.chars[..first.chars.start].iter().all(|c| !c.is_alphanumeric());
    let what = match first.word.role? {
        Role::Payment(method) => Figure::Tender(method),
        Role::Tax => Figure::Tax,
        _ => return None,
    };
    begins.then_some((what, first.word.text))
}

/// The folded characters left of the first number.
fn label_chars(line: &ReadLine<'_>) -> impl Iterator<Item = char> {
    let end = line.numbers.first().map_or(line.folded.chars.len(), |number| number.chars.start);
    line.folded.chars[..end].iter().copied()
}

/// The label as printed, without the count behind it.
fn label(line: &ReadLine<'_>) -> Option<String> {
    let end = line.numbers.first().map_or(line.folded.chars.len(), |number| number.chars.start);
    let text = line.text(0..end);
    let text = text.trim_end_matches(|c: char| !c.is_alphanumeric() && c != ')');
    let open = text.rfind('(').filter(|at| text[*at..].chars().all(|c| !c.is_alphabetic()));
    let text = text[..open.unwrap_or(text.len())].trim();
    (!text.is_empty()).then(|| text.to_owned())
}

/// The number that a figure has: the last on its line, or alone on the line below it where its own
/// has none of the kind.
fn value<'l, 'p>(
    line: &'l ReadLine<'p>,
    what: Figure,
    below: Option<&'l ReadLine<'p>>,
) -> Option<(&'l Number, &'l ReadLine<'p>)> {
    let own = line.numbers.last();
    let below = below.and_then(|below| below.numbers.last().map(|number| (number, below)));
    let counted = matches!(what, Figure::Receipts | Figure::NoSales);
    match own {
        // `NET No 32` with the money on the next line.
        Some(own) if !counted && !own.is_money() => {
            let money = below.filter(|(number, _)| number.is_money());
            Some(money.unwrap_or((own, line)))
        }
        Some(own) => Some((own, line)),
        None => below,
    }
}

/// A count in front of the amount, `Cash (5)   434.00`.
fn count(line: &ReadLine<'_>, value: &Number) -> Option<u32> {
    let (last, others) = line.numbers.split_last()?;
    let [.., count] = others else { return None };
    let plain = last == value && !count.is_money();
    // A count in parentheses is no negative amount.
    let count = count.value.minor().unsigned_abs();
    u32::try_from(count).ok().filter(|_| plain)
}

/// Puts a figure where it belongs; the field's name, or `None` where it was there already.
fn take(
    what: Figure,
    amount: Amount,
    count: Option<u32>,
    label: Option<String>,
    report: &mut Report,
) -> Option<String> {
    let first = |slot: &mut Option<Amount>, name: &str| {
        let free = slot.is_none();
        slot.get_or_insert(amount);
        free.then(|| name.to_owned())
    };
    let whole = || amount.rescale(0).and_then(|whole| u32::try_from(whole.minor()).ok());
    let counted = |slot: &mut Option<u32>, name: &str| {
        let free = slot.is_none();
        *slot = slot.or(whole());
        (free && slot.is_some()).then(|| name.to_owned())
    };
    match what {
        Figure::Gross => first(&mut report.gross, "gross"),
        Figure::Net => first(&mut report.net, "net"),
        Figure::Refunds => first(&mut report.refunds, "refunds"),
        Figure::Voids => first(&mut report.voids, "voids"),
        Figure::NoSales => counted(&mut report.no_sales, "no_sales"),
        Figure::Receipts => counted(&mut report.receipts, "receipts"),
        Figure::Tax => {
            report.taxes.push(Tax { label, amount, included: None });
            Some(format!("taxes.{}", report.taxes.len() - 1))
        }
        Figure::Tender(method) => {
            let again = report.tenders.iter().any(|tender| same(tender, method, label.as_deref()));
            if again {
                return None;
            }
            report.tenders.push(Tender { method, label, amount, count });
            Some(format!("tenders.{}", report.tenders.len() - 1))
        }
        Figure::Sequence | Figure::None => None,
    }
}

fn same(tender: &Tender, method: Method, label: Option<&str>) -> bool {
    tender.method == method && tender.label.as_deref() == label
}

#[cfg(test)]
mod tests {
    use super::read;
    use crate::diagnostic::Diagnostics;
    use crate::document::paper::Paper;
    use crate::event::{Method, Report, ReportType};
    use crate::money::Amount;
    use crate::reading::line::classify;

    fn report(text: &str) -> Report {
        let paper = Paper::plain(text);
        let (lines, _) = classify(&paper, None, None, &mut Diagnostics::default());
        read(&lines, None, &mut |_, _, _| {})
    }

    fn said(amount: Option<Amount>) -> String {
        amount.map(|amount| amount.to_string()).unwrap_or_default()
    }

    #[test]
    fn figures_stand_behind_their_labels() {
        let report = report(
            "SHOP\nX REPORT 0007\nDate: 21/11/2026 12:00\nGROSS      1231.00\nRefunds     108.00\nNET  1122.00\n\
            Voids 0.00\nOctopus (5)   434.00\nCASH (4)  314.50\nTax 34.62\nReceipts  15\nNo Sales  2",
        );
        assert_eq!((report.report_type, report.number.as_deref()), (ReportType::X, Some("0007")));
        assert_eq!(
            [report.gross, report.net, report.refunds, report.voids].map(said),
            ["1231.00", "1122.00", "108.00", "0.00"]
        );
        assert_eq!((report.receipts, report.no_sales), (Some(15), Some(2)));
        let tenders: Vec<_> =
            report.tenders.iter().map(|t| (t.method, t.amount.to_string(), t.count)).collect();
        assert_eq!(
            tenders,
            [(Method::Octopus, "434.00".into(), Some(5)), (Method::Cash, "314.50".into(), Some(4))]
        );
        assert_eq!(report.taxes[0].amount.to_string(), "34.62");
    }

    #[test]
    fn narrow_paper_has_the_amount_below_its_label() {
        let report = report(
            "日結報表\n營業額\n            8,764.00\n現金\n            5,000.00\n八達通\n            3,764.00\n單數\n                  87\n",
        );
        assert_eq!(report.report_type, ReportType::Z);
        assert_eq!((said(report.gross), report.receipts), ("8764.00".into(), Some(87)));
        assert_eq!(report.tenders.len(), 2);
        assert_eq!(report.tenders[1].amount.to_string(), "3764.00");
    }

    #[test]
    fn a_till_without_a_computer_counts_before_it_sums() {
        let report = report(
            "21-11-2026 22:01\nDAILY Z   Z 0001\nGROSS    42\n      $1,036.00\nNET No  40\n      $1,000.00\nCAID\n  $600.00\nCRID\n  $400.00\nRF No 1\n  $36.00\nCUST CT  40\nNS  3",
        );
        assert_eq!((report.report_type, report.number.as_deref()), (ReportType::Z, Some("0001")));
        assert_eq!(
            [report.gross, report.net, report.refunds].map(said),
            ["1036.00", "1000.00", "36.00"]
        );
        let methods: Vec<_> =
            report.tenders.iter().map(|t| (t.method, t.amount.to_string())).collect();
        assert_eq!(methods, [(Method::Cash, "600.00".into()), (Method::Card, "400.00".into())]);
        assert_eq!((report.receipts, report.no_sales), (Some(40), Some(3)));
    }

    #[test]
    fn what_is_not_printed_is_absent() {
        let report = report("CLOSE CASH\nSequence: 12\nTotal Sales  99.00");
        assert_eq!((report.report_type, report.number.as_deref()), (ReportType::Z, Some("12")));
        assert_eq!((report.net, report.receipts, report.no_sales), (None, None, None));
        assert_eq!(said(report.gross), "99.00");
    }
}
