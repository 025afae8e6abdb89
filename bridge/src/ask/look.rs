//! What the books say to a question. Pure over the rows: it words nothing and changes nothing.
//!
//! What is known of single receipts is `papers`'.

use jiff::ToSpan;
use jiff::civil::Date;
use pos_protocol::event::Article;
use pos_protocol::money::Amount;

use super::answer::{Answer, Stocked};
use super::names::Name;
use super::papers::{Asking, find, last, on_shift};
use super::question::{Asked, Question, Span};
use super::scope::Scope;
use crate::journal::{JournalError, Rows};
use crate::shop::stock::{self, Severity};
use crate::shop::{Day, Moment, Period, Sum, Summary, best_sellers};

/// Most articles that are listed.
const MOST_LINES: usize = 20;
/// Most sellers told.
const MOST_SELLERS: usize = 10;

/// What the books say to `asked` at the moment `now`.
pub(super) fn look(
    asked: &Asked,
    scope: &Scope<'_>,
    rows: &dyn Rows,
    now: Moment,
    now_ms: i64,
) -> Result<Answer, JournalError> {
    if let Some(shop) = &asked.shop
        && scope.places(Some(shop)).is_empty()
    {
        return Ok(Answer::OtherShop(shop.clone()));
    }
    let named = asked.shop.as_deref();
    let asking = Asking { scope, named, rows, today: now.day };
    match &asked.question {
        Question::Takings(span) => takings(&days(*span, now.day), scope, named, rows),
        Question::Last(number) => last(*number, &asking),
        Question::Find(number) => find(number, &asking),
        Question::Top(span) => top(&days(*span, now.day), scope, named, rows),
        Question::Stock(name) => stock_of(name.as_ref(), scope, named, rows, now_ms),
        Question::OnShift => on_shift(&asking),
        Question::Help => Ok(Answer::Help),
        // These are `change`'s.
        Question::SetStock { .. } | Question::Mute | Question::Unmute | Question::Unknown => {
            Ok(Answer::Unknown)
        }
    }
}

/// Some days: how long a time they are, the first and the last, and whether they are over.
struct Days {
    period: Period,
    from: Date,
    to: Date,
    over: bool,
}

fn days(span: Span, today: Date) -> Days {
    let back = |period: Period, by: jiff::Span| {
        let day = period.first(today).saturating_sub(by);
        Days { period, from: day, to: period.last(day), over: true }
    };
    // What is still to come has not been sold.
    let so_far =
        |period: Period| Days { period, from: period.first(today), to: today, over: false };
    match span {
        Span::Today => so_far(Period::Day),
        Span::Yesterday => back(Period::Day, 1.day()),
        Span::ThisWeek => so_far(Period::Week),
        Span::LastWeek => back(Period::Week, 7.days()),
        Span::ThisMonth => so_far(Period::Month),
        Span::LastMonth => back(Period::Month, 1.month()),
    }
}

/// The whole shops that are meant; nothing where one of them is heard in part.
fn whole<'c>(scope: &Scope<'c>, named: Option<&str>) -> Option<Vec<&'c str>> {
    let places = scope.places(named);
    places.iter().all(|shop| scope.shops.contains(shop)).then_some(places)
}

fn takings(
    days: &Days,
    scope: &Scope<'_>,
    named: Option<&str>,
    rows: &dyn Rows,
) -> Result<Answer, JournalError> {
    let Days { period, from, to, over } = *days;
    if let Some(shops) = whole(scope, named) {
        return Ok(match Summary::read(rows, &shops, period, from, to)? {
            Some(summary) => {
                // Half a day beside a whole one would frighten people.
                let before = summary.before.clone().filter(|_| over);
                let slow = Vec::new();
                Answer::Takings(Box::new(Summary { before, slow, ..summary }))
            }
            None => Answer::NoTrade { from, to },
        });
    }
    let mut sums = Vec::new();
    for shop in scope.places(named) {
        let days = Day::range(rows, shop, from, to.tomorrow().unwrap_or(to))?;
        for till in scope.tills_of(shop) {
            let of_till = days.iter().filter_map(|(_, day)| day.sources.get(till));
            let sum = of_till.fold(Sum::default(), |sum, more| add(sum, *more));
            if sum.count != 0 || !sum.amount.is_zero() {
                sums.push((till.to_owned(), sum));
            }
        }
    }
    Ok(if sums.is_empty() {
        Answer::NoTrade { from, to }
    } else {
        Answer::Tills { from, to, sums }
    })
}

fn add(sum: Sum, more: Sum) -> Sum {
    let amount: Option<Amount> = sum.amount.checked_add(more.amount);
    Sum { count: sum.count.saturating_add(more.count), amount: amount.unwrap_or(sum.amount) }
}

fn top(
    days: &Days,
    scope: &Scope<'_>,
    named: Option<&str>,
    rows: &dyn Rows,
) -> Result<Answer, JournalError> {
    let Days { from, to, .. } = *days;
    let Some(shops) = whole(scope, named) else { return Ok(Answer::WholeShopOnly) };
    let sold = best_sellers(rows, &shops, from, to, MOST_SELLERS)?;
    Ok(if sold.is_empty() { Answer::NoTrade { from, to } } else { Answer::Top { from, to, sold } })
}

fn stock_of(
    name: Option<&Name>,
    scope: &Scope<'_>,
    named: Option<&str>,
    rows: &dyn Rows,
    now_ms: i64,
) -> Result<Answer, JournalError> {
    let Some(shops) = whole(scope, named) else { return Ok(Answer::WholeShopOnly) };
    let mut all = Vec::new();
    for shop in shops {
        let (shelves, _) = stock::shelf(rows, shop, now_ms)?;
        all.extend(shelves.into_iter().map(|shelf| Stocked { shop: shop.to_owned(), shelf }));
    }
    if all.is_empty() {
        return Ok(Answer::NoCatalogue);
    }
    let Some(name) = name else {
        // What needs a hand first; of what is made to order its parts are counted.
        let rank = |stocked: &Stocked| match stocked.shelf.severity {
            Severity::Out => 0,
            Severity::Low => 1,
            Severity::Ok => 2,
        };
        all.sort_by_key(rank);
        all.truncate(MOST_LINES);
        return Ok(Answer::Stock(all));
    };
    let known: Vec<_> = all.iter().map(|stocked| stocked.shelf.article.clone()).collect();
    match called(name, &known) {
        Ok(article) => {
            all.retain(|stocked| stocked.shelf.article.name == article);
            Ok(Answer::Stock(all))
        }
        Err(unknown) => Ok(unknown),
    }
}

/// The article that `name` is, by the catalogue's name of it; else what to answer.
pub(super) fn called(name: &Name, known: &[Article]) -> Result<String, Answer> {
    let names = || {
        known.iter().flat_map(|article| {
            std::iter::once(&article.name).chain(&article.aliases).map(move |name| (name, article))
        })
    };
    for form in name.forms() {
        let wanted = stock::folded(form);
        if let Some((_, article)) = names().find(|(name, _)| stock::folded(name) == wanted) {
            return Ok(article.name.clone());
        }
    }
    let near = stock::suggestions(name.barest(), names().map(|(name, _)| name.as_str()));
    let near = near.into_iter().map(str::to_owned).collect();
    Err(Answer::UnknownArticle { name: name.barest().to_owned(), near })
}
