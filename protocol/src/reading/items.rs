//! Goods: the lines between the head of a receipt and its sums, put together to items.
//!
//! A thing may take several lines: its name above its figures, its count above its name, its price
//! below, wishes under it. What a line says by itself is `row`'s business.

use super::convention::Convention;
use super::layout::Layout;
use super::line::ReadLine;
use super::roles::Told;
use super::row::{self, Priced, Row};
use super::vocabulary::Role;
use crate::event::{Discount, Item, Kind};
use crate::money::Amount;
use crate::span::Span;
use rust_decimal::Decimal;

/// What stands among the goods.
#[derive(Clone, Debug, Default)]
pub(super) struct Goods {
    /// Items with the bytes of their amounts.
    pub(super) items: Vec<(Item, Span)>,
    /// Reductions of single items.
    pub(super) discounts: Vec<(Discount, Span)>,
    /// Lines whose amounts are goods, whatever words stand on them.
    pub(super) lines: Vec<usize>,
}

/// Collects the goods of `layout`.
pub(super) fn collect(lines: &[ReadLine<'_>], layout: &Layout, convention: Convention) -> Goods {
    let from = layout.goods.start;
    let range = from..layout.goods.end.max(from);
    let rows: Vec<Row> = lines[range]
        .iter()
        .map(
            |line| {
                if is_goods(line) { row::of(line, layout.heads, convention) } else { Row::Blank }
            },
        )
        .collect();
    let above = factors_stand_above(&rows, lines, from);
    let mut basket = Basket {
        lines,
        from,
        rows: &rows,
        negative: are_negative(&rows, lines, from),
        out: Goods::default(),
        name: None,
        factors: None,
    };
    for at in 0..rows.len() {
        basket.take(at, above);
    }
    let mut goods = basket.out;
    if !layout.summed {
        drop_sum(&mut goods);
    }
    goods
}

/// Whether most amounts are below zero: goods that came back. Where each has its offer taken back
/// too there are as many above it, and what all come to tells: an offer is less than its goods.
fn are_negative(rows: &[Row], lines: &[ReadLine<'_>], from: usize) -> bool {
    let amounts = rows.iter().enumerate().filter_map(|(at, row)| match row {
        Row::Priced(priced) => Some(lines[from + at].numbers[priced.amount].value),
        _ => None,
    });
    let mut sum = Some(Amount::zero(0));
    let (mut below, mut above) = (0, 0);
    for amount in amounts.filter(|amount| !amount.is_zero()) {
        below += usize::from(amount.is_negative());
        above += usize::from(!amount.is_negative());
        sum = sum.and_then(|sum| sum.checked_add(amount));
    }
    below > above || below == above && sum.is_some_and(Amount::is_negative)
}

/// Where no word names a sum, a last amount that is the sum of those above it is one.
fn drop_sum(goods: &mut Goods) {
    let Some(((last, _), above)) = goods.items.split_last() else { return };
    let above = above.iter().map(|(item, _)| item.amount);
    let reductions = goods.discounts.iter().map(|(discount, _)| Some(discount.amount));
    let count = above.len() + reductions.len();
    let sum =
        above.chain(reductions).try_fold(Amount::zero(0), |sum, amount| sum.checked_add(amount?));
    let plain = last.quantity.is_none() && last.unit_price.is_none();
    if count > 0 && plain && sum.is_some() && sum == last.amount {
        goods.items.pop();
        goods.lines.pop();
    }
}

/// Orders for the kitchen: `2 x Noodles`, without prices.
pub(super) fn ordered(lines: &[ReadLine<'_>]) -> Vec<Item> {
    let mut out: Vec<Item> = Vec::new();
    for line in lines {
        if line.date.is_some() || !line.labels.is_empty() || !line.has_words() {
            continue;
        }
        let text = line.line.text.trim_end();
        match line.numbers.first().filter(|n| leads(line, n)) {
            Some(count) => {
                let mut start = count.chars.end;
                if count.weight {
                    let unit = line.folded.chars[start..].iter();
                    start += unit.take_while(|c| c.is_alphabetic()).count();
                }
                let rest = line.folded.chars[start..].iter();
                start += rest.take_while(|c| matches!(c, ' ' | 'X' | '*')).count();
                let name = line.text(row::name_in(line, start..line.folded.chars.len()));
                let quantity = Some(count.decimal());
                if !name.is_empty() {
                    out.push(Item { name: name.to_owned(), quantity, ..Item::default() });
                }
            }
            None if text.starts_with([' ', '\u{3000}']) => {
                if let Some(last) = out.last_mut() {
                    last.modifiers.push(modifier(line));
                }
            }
            None => {}
        }
    }
    out
}

fn leads(line: &ReadLine<'_>, number: &super::amount::Number) -> bool {
    row::name_in(line, 0..number.chars.start).is_empty()
}

/// A line of the goods' part whose amount no word claims for the sums. Names of goods may begin
/// with a word for a payment (`MASTER LOCK`): more letters behind it make it a name.
fn is_goods(line: &ReadLine<'_>) -> bool {
    let named = |told: &Told| match told.0 {
        Role::Discount => true,
        Role::Payment(_) | Role::Tendered | Role::Tip | Role::Change => {
            letters_unknown(line) > LONGEST_REST
        }
        Role::Service | Role::Tax => letters_unknown(line) > LONGEST_REST && !begins(line, told.1),
        _ => false,
    };
    line.date.is_none() && line.roles.iter().all(named)
}

/// Whether `word` is the first thing on the line.
fn begins(line: &ReadLine<'_>, word: &str) -> bool {
    let found = line.words.iter().find(|found| found.word.text == word);
    found.is_some_and(|found| {
        line.folded.chars[..found.chars.start].iter().all(|c| !c.is_alphabetic())
    })
}

/// Most letters beside the words of a sum: a currency, a card's type.
const LONGEST_REST: usize = 3;

/// Letters on the line that are part of no known word.
fn letters_unknown(line: &ReadLine<'_>) -> usize {
    let known = |i: usize| {
        line.words.iter().any(|found| found.chars.contains(&i))
            || line.numbers.iter().any(|number| number.chars.contains(&i))
    };
    let chars = line.folded.chars.iter().enumerate();
    chars.filter(|(i, c)| c.is_alphabetic() && !known(*i)).count()
}

/// Whether `2 X @18.00` belongs to the line below it: to which side the products come out.
fn factors_stand_above(rows: &[Row], lines: &[ReadLine<'_>], from: usize) -> bool {
    let (mut above, mut below, mut count) = (0, 0, 0);
    for (at, row) in rows.iter().enumerate() {
        let Row::Factors { quantity: Some(quantity), price } = row else { continue };
        count += 1;
        let comes_out = |found: Option<(usize, &Priced)>| {
            found.is_some_and(|(line, priced)| {
                let amount = lines[from + line].numbers[priced.amount].decimal();
                quantity.checked_mul(*price).is_some_and(|product| near(product, amount))
            })
        };
        above += usize::from(comes_out(next_priced(rows, at)));
        below += usize::from(comes_out(previous_priced(rows, at)));
    }
    count > 0 && above >= below && above > 0
}

fn near(a: Decimal, b: Decimal) -> bool {
    a.checked_sub(b).is_some_and(|off| off.abs() < Decimal::new(1, 2)) || a.round_dp(b.scale()) == b
}

fn next_priced(rows: &[Row], at: usize) -> Option<(usize, &Priced)> {
    priced(rows, at + 1..rows.len())
}

fn previous_priced(rows: &[Row], at: usize) -> Option<(usize, &Priced)> {
    rows[..at].iter().enumerate().rev().find_map(|(i, row)| match row {
        Row::Priced(priced) => Some((i, priced)),
        _ => None,
    })
}

fn priced(rows: &[Row], mut range: core::ops::Range<usize>) -> Option<(usize, &Priced)> {
    range.find_map(|i| match &rows[i] {
        Row::Priced(priced) => Some((i, priced)),
        _ => None,
    })
}

struct Basket<'l, 'p> {
    lines: &'l [ReadLine<'p>],
    from: usize,
    rows: &'l [Row],
    /// Whether the goods came back: amounts below zero are no reductions.
    negative: bool,
    out: Goods,
    /// Words that wait for their figures.
    name: Option<String>,
    /// Figures that wait for their name.
    factors: Option<(Option<Decimal>, Decimal)>,
}

impl Basket<'_, '_> {
    fn take(&mut self, at: usize, above: bool) {
        match &self.rows[at] {
            Row::Blank => {}
            Row::Factors { quantity, price } if above => {
                self.factors = Some((*quantity, *price));
            }
            Row::Factors { quantity, price } => self.detail(*quantity, *price),
            Row::Priced(priced) => self.priced(at, priced),
            Row::Text => self.words(at),
        }
    }

    /// Figures below the line they explain.
    fn detail(&mut self, quantity: Option<Decimal>, price: Decimal) {
        if let Some((item, _)) = self.out.items.last_mut() {
            item.quantity = item.quantity.or(quantity);
            item.unit_price = item.unit_price.or(Some(price));
        }
    }

    fn priced(&mut self, at: usize, priced: &Priced) {
        let line = &self.lines[self.from + at];
        let number = &line.numbers[priced.amount];
        let span = line.line.span(line.folded.bytes(number.chars.clone()));
        let label = line.text(priced.name.clone());
        if self.is_reduction(line, priced, number.value) {
            let label = (!label.is_empty()).then(|| label.to_owned());
            self.out.discounts.push((Discount { label, amount: number.value }, span));
            self.out.lines.push(self.from + at);
            return;
        }
        let own = (!label.is_empty()).then(|| label.to_owned());
        let waiting = self.name.take();
        let Some(name) = own.or(waiting) else { return };
        let (quantity, price) = match self.factors.take() {
            Some((quantity, price)) => (quantity, Some(price)),
            None => (None, None),
        };
        let item = Item {
            name,
            quantity: priced.quantity.or(quantity),
            unit_price: priced.price.or(price),
            amount: Some(number.value),
            modifiers: Vec::new(),
        };
        self.out.items.push((item, span));
        self.out.lines.push(self.from + at);
    }

    /// An amount against the sign of the goods, without a count of its own, takes something off.
    fn is_reduction(&self, line: &ReadLine<'_>, priced: &Priced, value: Amount) -> bool {
        if line.roles.iter().any(|(role, ..)| *role == Role::Discount) {
            return true;
        }
        let turned = self.negative != value.is_negative();
        let own = priced.quantity.is_some_and(|q| q.is_sign_negative() == value.is_negative());
        let void = line.words.iter().any(|found| found.word.title == Some(Kind::Void));
        turned && !value.is_zero() && !own && !void && self.name.is_none()
    }

    /// Words alone: the name of the figures below, the rest of the name above, or a wish.
    fn words(&mut self, at: usize) {
        let line = &self.lines[self.from + at];
        if !line.labels.is_empty() && self.out.items.is_empty() {
            return;
        }
        if let Some(name) = given_away(line) {
            let item = Item { name, ..Item::default() };
            self.out.items.push((item, line.line.span(0..line.line.text.len())));
            return;
        }
        let text = line.line.text.trim();
        let wish = is_wish(line);
        let named_below = match next_priced(self.rows, at) {
            Some((next, below)) => {
                let between = self.rows[at + 1..next].iter().enumerate();
                let mut words = between.filter(|(_, row)| matches!(row, Row::Text));
                let last = words.all(|(i, _)| is_wish(&self.lines[self.from + at + 1 + i]));
                below.name.is_empty() && last
            }
            None => false,
        };
        if named_below && (!wish || self.name.is_none() && !self.others_name(at)) {
            self.name = Some(row_text(line));
            return;
        }
        let Some((item, _)) = self.out.items.last_mut().filter(|_| line.has_words()) else {
            return;
        };
        if wish || self.name.is_none() && !is_heading(text) {
            item.modifiers.push(modifier(line));
        }
    }

    /// Whether another line between this one and the next figures is their name.
    fn others_name(&self, at: usize) -> bool {
        let next = next_priced(self.rows, at).map_or(at, |(next, _)| next);
        (at + 1..next)
            .any(|i| matches!(self.rows[i], Row::Text) && !is_wish(&self.lines[self.from + i]))
    }
}

/// `Soup of the day      FREE`: a thing without a price.
fn given_away(line: &ReadLine<'_>) -> Option<String> {
    let text = line.line.text.trim_end();
    let (name, _) = FREE.iter().find_map(|word| Some((text.strip_suffix(word)?, word)))?;
    let apart = name.ends_with("  ") || name.ends_with('\u{3000}');
    let name = name.trim();
    (apart && !name.is_empty()).then(|| name.to_owned())
}

/// What stands in the amount's column of a thing that costs nothing.
const FREE: &[&str] =
    &["FREE", "Free", "FOC", "免費", "免费", "贈送", "赠送", "無料", "GRATIS", "Gratis"];

fn row_text(line: &ReadLine<'_>) -> String {
    line.text(row::name_in(line, 0..line.folded.chars.len())).to_owned()
}

/// A wish stands indented or behind a mark.
fn is_wish(line: &ReadLine<'_>) -> bool {
    line.line.text.starts_with([' ', '\u{3000}', '*', '-', '+', '>', '#'])
}

/// `*** DINE IN ***`
fn is_heading(text: &str) -> bool {
    text.starts_with('*') && text.ends_with('*')
}

fn modifier(line: &ReadLine<'_>) -> String {
    let text = line.line.text.trim();
    text.trim_start_matches(['*', '-', '+', '>', ' ']).to_owned()
}
