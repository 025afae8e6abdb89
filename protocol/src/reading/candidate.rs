//! Amounts with a part in the sums: which they could be, in printed order, on one scale.
//!
//! Not here: which of them they are (`solve`).

use super::fold::holds;
use super::items::Goods;
use super::layout::Layout;
use super::line::ReadLine;
use super::vocabulary::Role;
use crate::money::Amount;
use rust_decimal::Decimal;

/// Most sums of one paper that are considered; a receipt has a dozen.
pub(super) const MAX_SUMS: usize = 256;

/// An amount with a word beside it.
#[derive(Clone, Copy, Debug)]
pub(super) struct Sum {
    pub(super) role: Role,
    /// The word that says so.
    pub(super) word: &'static str,
    /// Which line, and which number on it.
    pub(super) line: usize,
    pub(super) number: usize,
    pub(super) amount: Amount,
    /// The amount in units of the paper's finest digit.
    pub(super) units: i64,
    /// How much words and place speak for it, as a total.
    pub(super) weight: i32,
    /// Whether its words say that another amount holds it already.
    pub(super) included: bool,
    /// Whether it is what a card was charged or loaded with.
    pub(super) charged: bool,
}

/// The sums of a paper, and what the goods come to.
#[derive(Clone, Debug, Default)]
pub(super) struct Sums {
    pub(super) list: Vec<Sum>,
    /// Sum of the items.
    pub(super) items: Option<i64>,
    /// Sum of the reductions among them.
    pub(super) reductions: i64,
    /// Whether every item's amount is its quantity times its price.
    pub(super) items_proven: bool,
    /// Digits after the point of all units.
    pub(super) digits: u8,
}

/// What a word in a total's label says for or against it: `TOTAL EXCL. GST` is not owed, a rounded
/// total is.
const SHADES: &[(&str, i32)] = &[
    ("ROUNDED", 8),
    ("AFTER ROUND", 8),
    ("GRAND", 5),
    ("NETT", 5),
    ("PAYABLE", 5),
    ("DUE", 5),
    ("INCL", 4),
    ("EXCL", -25),
    ("BEFORE", -25),
    ("W/O", -25),
    ("WITHOUT", -25),
    ("SAVING", -60),
    ("QTY", -60),
    ("ITEM", -30),
    ("POINT", -60),
];
/// Words that say a tax is in the total already.
const INCLUDED: &[&str] =
    &["INCL", "TERMASUK", "内含", "內含", "內税", "内税", "税込", "含税", "含稅", "รวมใน"];
/// A total among totals.
const TOTAL: i32 = 30;
/// What is owed before tax.
const NET: i32 = -25;
/// A total behind the change belongs to a summary.
const AFTER_CHANGE: i32 = -35;
/// So does a total in a row of a table.
const IN_TABLE: i32 = -35;
/// Letters larger than the text around it.
const LARGE: i32 = 6;

/// Gathers the sums of a paper.
pub(super) fn gather(lines: &[ReadLine<'_>], layout: &Layout, goods: &Goods) -> Sums {
    let mut list = Vec::new();
    let mut change_seen = false;
    let lowest = goods.lines.last().copied();
    let below_goods = |at: usize| lowest.map_or(at >= layout.goods.end, |lowest| at > lowest);
    for (at, line) in lines.iter().enumerate() {
        if layout.is_summary(at) || goods.lines.binary_search(&at).is_ok() {
            continue;
        }
        if below_goods(at) && is_lone(line) && list.len() < MAX_SUMS {
            let amount = line.numbers[0].value;
            let (role, word) = (Role::Trap, "an amount without a word");
            let sum = Sum {
                role,
                word,
                line: at,
                number: 0,
                amount,
                units: 0,
                weight: 0,
                included: false,
                charged: false,
            };
            list.push(sum);
        }
        for &(role, word, number) in &line.roles {
            if !may_matter(role, word) || list.len() >= MAX_SUMS {
                continue;
            }
            let amount = line.numbers[number].value;
            let mut weight = weight(line, role, number, change_seen);
            if at > 0 && is_table(&lines[at - 1]) && is_table(line) {
                weight += IN_TABLE;
            }
            let included = role == Role::Tax && is_included(line);
            let charged = CHARGED.contains(&word);
            change_seen |= role == Role::Change;
            list.push(Sum {
                role,
                word,
                line: at,
                number,
                amount,
                units: 0,
                weight,
                included,
                charged,
            });
        }
    }
    on_one_scale(list, goods)
}

fn weight(line: &ReadLine<'_>, role: Role, number: usize, change_seen: bool) -> i32 {
    let base = match role {
        Role::Total => TOTAL,
        Role::Net => NET,
        _ => return 0,
    };
    let label = label(line, number);
    let shade: i32 =
        SHADES.iter().filter(|(word, _)| holds(label, word)).map(|(_, weight)| weight).sum();
    let large =
        line.line.styles().next().is_some_and(|(_, style)| style.height > 1 || style.width > 1);
    base + shade + if large { LARGE } else { 0 } + if change_seen { AFTER_CHANGE } else { 0 }
}

/// Words of card and stored-value slips for what was taken or loaded: the total of such a slip, and
/// an echo of it on a receipt.
const CHARGED: &[&str] = &[
    "AMOUNT DEDUCTED",
    "AMOUNT ADDED",
    "扣除金額",
    "扣除淨額",
    "扣款",
    "增值金額",
    "充值金额",
    "DITOLAK",
    "DITAMBAH",
    "DIPOTONG",
    "DA TRU",
    "DA NAP",
    "หักเงิน",
    "เติม",
    "支払額",
    "入金額",
];

/// Whether an amount with this word can be part of the sums.
fn may_matter(role: Role, word: &str) -> bool {
    let trap = matches!(role, Role::Trap | Role::Count);
    !trap || word.starts_with("TOTAL") || CHARGED.contains(&word)
}

/// Whether one amount stands at the end of the line, and nothing says what it is.
fn is_lone(line: &ReadLine<'_>) -> bool {
    let [number] = line.numbers.as_slice() else { return false };
    let last = !line.folded.chars[number.chars.end..].iter().any(|c| c.is_alphanumeric());
    last && number.is_money()
        && line.roles.is_empty()
        && line.labels.is_empty()
        && line.date.is_none()
}

/// Whether several amounts stand side by side.
fn is_table(line: &ReadLine<'_>) -> bool {
    line.numbers.iter().filter(|number| number.decimals).count() > 1
}

fn is_included(line: &ReadLine<'_>) -> bool {
    let parenthesised = line.folded.chars.iter().find(|c| **c != ' ') == Some(&'(');
    parenthesised || INCLUDED.iter().any(|word| holds(&line.folded.chars, word))
}

/// What stands left of a number, from the number before it on.
fn label<'l>(line: &'l ReadLine<'_>, number: usize) -> &'l [char] {
    let start = number.checked_sub(1).map_or(0, |before| line.numbers[before].chars.end);
    &line.folded.chars[start..line.numbers[number].chars.start]
}

/// Gives every amount its units; what overflows is left out.
fn on_one_scale(mut list: Vec<Sum>, goods: &Goods) -> Sums {
    let items = || goods.items.iter().filter_map(|(item, _)| item.amount);
    let reductions = || goods.discounts.iter().map(|(discount, _)| discount.amount);
    let all = list.iter().map(|sum| sum.amount).chain(items()).chain(reductions());
    let digits = all.map(Amount::digits).max().unwrap_or(0);
    let units = |amount: Amount| amount.rescale(digits).map(Amount::minor);
    list.retain_mut(|sum| {
        let found = units(sum.amount);
        sum.units = found.unwrap_or(0);
        found.is_some()
    });
    name_rounded(&mut list);
    let add = |sum: i64, amount: Amount| sum.checked_add(units(amount)?);
    let proven = goods.items.iter().all(|(item, _)| {
        let product = item.quantity.zip(item.unit_price).and_then(|(q, p)| q.checked_mul(p));
        product.zip(item.amount).is_some_and(|(product, amount)| {
            let digits = u32::from(amount.digits());
            let off = product.checked_sub(Decimal::new(amount.minor(), digits));
            off.is_some_and(|off| off.abs() < Decimal::new(1, digits))
        })
    });
    Sums {
        items: if goods.items.is_empty() { None } else { items().try_fold(0, add) },
        reductions: reductions().try_fold(0, add).unwrap_or(0),
        items_proven: proven && !goods.items.is_empty(),
        digits,
        list,
    }
}

/// A rounding is small; a large one is the rounded total.
fn name_rounded(list: &mut [Sum]) {
    for i in 1..list.len() {
        let (before, rest) = list.split_at_mut(i);
        let large = |total: &&Sum| {
            total.role == Role::Total
                && rest[0].units.unsigned_abs() > total.units.unsigned_abs() / 2
                && total.units != 0
        };
        // After a rounding, an amount without a word that is the rounded total.
        let made = i >= 2
            && before[i - 1].role == Role::Rounding
            && before[i - 2].role == Role::Total
            && before[i - 2].units.checked_add(before[i - 1].units) == Some(rest[0].units);
        if rest[0].role == Role::Rounding && before.iter().any(|sum| large(&sum))
            || rest[0].role == Role::Trap && made
        {
            rest[0].role = Role::Total;
            rest[0].weight = TOTAL;
        }
    }
}
