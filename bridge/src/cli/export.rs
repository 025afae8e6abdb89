//! `posbridge export`: the journalled receipts for a bookkeeper, one row a receipt, an item or a
//! payment.
//!
//! The columns are documented in `docs/SHOP.md` and only ever added to. It exports what is in the
//! journal (events are kept for 90 days); the books by day go back further (`posbridge report`).

use std::io::{self, Write};

use clap::{Args, ValueEnum};
use jiff::civil::Date;
use pos_protocol::event::{Event, Kind, Receipt};
use pos_protocol::money::Amount;
use serde_json::json;

use super::csv::Csv;
use super::report::journal;
use super::{Configured, Exit, Failure, print};
use crate::config::Config;
use crate::shop::Moment;

/// Events read at once.
const PAGE: usize = 256;

/// Which days, and how.
#[derive(Args)]
pub(super) struct Arguments {
    #[command(flatten)]
    configured: Configured,
    /// The first business day
    #[arg(long, value_name = "DATE")]
    from: Date,
    /// The last business day
    #[arg(long, value_name = "DATE")]
    to: Date,
    /// What a row is
    #[arg(long, value_enum, default_value_t = Rows::Receipts)]
    rows: Rows,
    /// As CSV, or as JSON Lines
    #[arg(long, value_enum, default_value_t = Format::Csv)]
    format: Format,
    /// Only of this shop
    #[arg(long, value_name = "NAME")]
    shop: Option<String>,
}

#[derive(Clone, Copy, PartialEq, Eq, ValueEnum)]
enum Rows {
    /// A receipt
    Receipts,
    /// A line of goods
    Items,
    /// A means of payment
    Payments,
}

#[derive(Clone, Copy, PartialEq, Eq, ValueEnum)]
enum Format {
    /// Comma separated, UTF-8
    Csv,
    /// One object a line
    Json,
}

/// Columns of every row.
const COMMON: [&str; 8] =
    ["shop", "source", "day", "time", "kind", "number", "original_number", "event"];
const RECEIPT: [&str; 10] = [
    "currency",
    "subtotal",
    "discounts",
    "service_charge",
    "taxes",
    "rounding",
    "tip",
    "total",
    "verdict",
    "corrects",
];
const ITEM: [&str; 6] = ["line", "name", "quantity", "unit_price", "amount", "currency"];
const PAYMENT: [&str; 5] = ["line", "method", "label", "amount", "currency"];

/// Rows by the names of their columns; `None` is not known, and stays empty.
type Row = Vec<Option<String>>;

pub(super) fn run(arguments: &Arguments) -> Result<(), Failure> {
    let config = arguments.configured.load()?;
    if arguments.to < arguments.from {
        let message =
            format!("expected --to on or after {}, found {}", arguments.from, arguments.to);
        return Err(Failure::said(Exit::Usage, message));
    }
    let reader = journal(&config)?;
    let own: &[&str] = match arguments.rows {
        Rows::Receipts => &RECEIPT,
        Rows::Items => &ITEM,
        Rows::Payments => &PAYMENT,
    };
    let columns: Vec<&str> = COMMON.iter().chain(own).copied().collect();
    let mut failed = None;
    print(|out| {
        let mut sheet = Sheet::new(out, &columns, arguments.format)?;
        let mut after = 0;
        loop {
            let page = match reader.events(after, PAGE) {
                Ok(page) => page,
                Err(error) => {
                    failed = Some(error);
                    return Ok(());
                }
            };
            let Some(last) = page.last() else { return Ok(()) };
            after = last.seq;
            // One that cannot be read is of a newer version, and none of ours.
            let known = page.iter().filter_map(|stored| stored.event().ok());
            for event in known.filter(|event| !event.test) {
                for row in rows(&event, arguments, &config) {
                    sheet.row(&row)?;
                }
            }
        }
    })?;
    failed.map_or(Ok(()), |error| Err(Failure::new(Exit::Failed, &error)))
}

/// The rows of an event: none where it is no receipt, or not of these days or this shop.
fn rows(event: &Event, arguments: &Arguments, config: &Config) -> Vec<Row> {
    let kept = matches!(
        event.kind,
        Kind::Sale | Kind::Refund | Kind::Void | Kind::TopUp | Kind::Correction
    );
    let Some(receipt) = event.receipt.as_ref().filter(|_| kept) else { return Vec::new() };
    let shop = config.sources.iter().find(|source| source.name == event.source);
    let shop = shop.map_or("", |source| &source.shop);
    if arguments.shop.as_deref().is_some_and(|only| only != shop) {
        return Vec::new();
    }
    let Some(at) = Moment::of(event, &config.shop.timezone, config.shop.day_ends) else {
        return Vec::new();
    };
    if !(arguments.from..=arguments.to).contains(&at.day) {
        return Vec::new();
    }
    let common = [
        Some(if shop.is_empty() { config.shop.name.clone() } else { shop.to_owned() }),
        Some(event.source.clone()),
        Some(at.day.to_string()),
        Some(at.local.to_string()),
        Some(event.kind.as_str().to_owned()),
        receipt.number.clone(),
        receipt.original_number.clone(),
        Some(event.id.to_string()),
    ];
    let own = match arguments.rows {
        Rows::Receipts => vec![of_receipt(event, receipt)],
        Rows::Items => of_items(receipt),
        Rows::Payments => of_payments(receipt),
    };
    own.into_iter().map(|own| common.iter().cloned().chain(own).collect()).collect()
}

fn amount(amount: Option<Amount>) -> Option<String> {
    amount.map(|amount| amount.to_string())
}

fn sum(amounts: impl Iterator<Item = Amount>) -> Option<Amount> {
    amounts.map(Some).reduce(|sum, more| sum?.checked_add(more?)).flatten()
}

fn of_receipt(event: &Event, receipt: &Receipt) -> Row {
    vec![
        receipt.currency.clone(),
        amount(receipt.subtotal),
        amount(sum(receipt.discounts.iter().map(|discount| discount.amount))),
        amount(receipt.service_charge),
        amount(sum(receipt.taxes.iter().map(|tax| tax.amount))),
        amount(receipt.rounding),
        amount(receipt.tip),
        amount(receipt.total),
        event
            .verdict
            .and_then(|verdict| serde_json::to_value(verdict).ok()?.as_str().map(str::to_owned)),
        event.corrects.map(|id| id.to_string()),
    ]
}

fn of_items(receipt: &Receipt) -> Vec<Row> {
    let row = |(at, item): (usize, &pos_protocol::event::Item)| {
        vec![
            Some((at + 1).to_string()),
            Some(item.name.clone()),
            item.quantity.map(|quantity| quantity.to_string()),
            item.unit_price.map(|price| price.to_string()),
            amount(item.amount),
            receipt.currency.clone(),
        ]
    };
    receipt.items.iter().enumerate().map(row).collect()
}

fn of_payments(receipt: &Receipt) -> Vec<Row> {
    let row = |(at, payment): (usize, &pos_protocol::event::Payment)| {
        vec![
            Some((at + 1).to_string()),
            Some(payment.method.as_str().to_owned()),
            payment.label.clone(),
            amount(payment.amount),
            receipt.currency.clone(),
        ]
    };
    receipt.payments.iter().enumerate().map(row).collect()
}

/// Where rows go.
enum Sheet<'a> {
    Csv(Csv<'a>),
    Json(&'a mut dyn Write, Vec<String>),
}

impl<'a> Sheet<'a> {
    fn new(out: &'a mut dyn Write, columns: &[&str], format: Format) -> io::Result<Self> {
        Ok(match format {
            Format::Csv => Self::Csv(Csv::new(out, columns)?),
            Format::Json => {
                Self::Json(out, columns.iter().map(|column| (*column).to_owned()).collect())
            }
        })
    }

    fn row(&mut self, row: &Row) -> io::Result<()> {
        match self {
            Self::Csv(csv) => {
                let cells: Vec<&str> =
                    row.iter().map(|cell| cell.as_deref().unwrap_or("")).collect();
                csv.row(&cells)
            }
            Self::Json(out, columns) => {
                let known = columns
                    .iter()
                    .zip(row)
                    .filter_map(|(column, cell)| Some((column.clone(), json!(cell.as_ref()?))));
                let object: serde_json::Map<_, _> = known.collect();
                serde_json::to_writer(&mut **out, &object)?;
                writeln!(out)
            }
        }
    }
}
