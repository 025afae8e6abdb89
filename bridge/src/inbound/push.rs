//! Wire schema 1 as POS programs push it: only `kind`, `receipt.total` and a key that makes the call
//! the same with every try must be there.
//!
//! What is wrong is told by its JSON path; fields that are not known are named in the answer and change
//! nothing. Ids, sources and times of hearing are the bridge's own.

use std::str::FromStr;

use jiff::tz::TimeZone;
use pos_protocol::event::{
    Discount, Inventory, Item, Kind, Method, Payment, PrintedAt, Receipt, Report, SCHEMA, Tax,
    Verdict,
};
use pos_protocol::money::{Amount, Currency, currency_digits};
use serde::Deserialize as _;
use serde::de::DeserializeOwned;
use serde_json::Value;

use super::draft::{Draft, Ground, Meaning, Reading};
use super::strict::{BadField, Field, Fields};

/// Longest key, in bytes.
const MAX_KEY_BYTES: usize = 255;

/// Words of `kind` (or of an envelope's `type`) that are a test.
const TESTS: [&str; 4] = ["test", "ping", "webhook.test", "test.event"];

/// Kinds that nobody can tell but the bridge itself.
const OWN: [Kind; 8] = [
    Kind::Correction,
    Kind::Approval,
    Kind::Unread,
    Kind::RasterReceipt,
    Kind::PrinterStatus,
    Kind::DrawerOpened,
    Kind::DrawerClosed,
    Kind::DrawerLeftOpen,
];

/// Kinds that are about money: their total must be there.
const PAID: [Kind; 6] =
    [Kind::Sale, Kind::Refund, Kind::Void, Kind::Bill, Kind::TopUp, Kind::CardSlip];

/// A call that was read.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Pushed {
    /// What it says.
    pub(super) reading: Reading,
    /// A report that comes with it.
    pub(super) report: Option<Report>,
    /// Fields that changed nothing, by their paths.
    pub(super) ignored: Vec<String>,
}

/// Reads an event. `key`: what a header says that the call is known by.
pub(super) fn read(value: &Value, key: Option<&str>, ground: &Ground) -> Result<Pushed, BadField> {
    let (value, path, envelope) = opened(value);
    let mut ignored = Vec::new();
    let fields = Fields::of(value, path)?;
    let word = fields.text("kind")?.or(envelope).ok_or_else(|| fields.bad("kind", kinds()))?;
    let key = known_by(&fields, key)?;
    if TESTS.contains(&word.as_str()) {
        let reading = Reading { delivery: key, topic: word, meaning: Meaning::Test };
        return Ok(Pushed { reading, report: None, ignored });
    }
    let kind = Kind::parse(&word).filter(|kind| !OWN.contains(kind));
    let kind = kind.ok_or_else(|| fields.bad("kind", kinds()))?;
    fields.read("schema", "1", |value| (value.as_u64()? == u64::from(SCHEMA)).then_some(()))?;
    let receipt = receipt(&fields, kind, ground, &mut ignored)?;
    let verdict = fields
        .read("verdict", "balanced, unchecked or off", |value| Verdict::parse(value.as_str()?))?;
    let stock: Option<Inventory> = typed(&fields, "inventory", "an entry of schema 1")?;
    let report: Option<Report> = typed(&fields, "report", "a report of schema 1")?;
    if kind == Kind::Inventory && stock.is_none() {
        return Err(fields.bad("inventory", "an entry of schema 1"));
    }
    if kind == Kind::ShiftReport && report.is_none() {
        return Err(fields.bad("report", "a report of schema 1"));
    }
    fields.name_ignored(&mut ignored);
    let draft = Draft {
        object: key.clone(),
        kind,
        receipt,
        stock: stock.filter(|_| kind == Kind::Inventory).map(|stock| stock.entry),
        related: None,
        unless: None,
        verdict,
    };
    let reading = Reading { delivery: key, topic: word, meaning: Meaning::Says(vec![draft]) };
    Ok(Pushed { reading, report: report.filter(|_| kind == Kind::ShiftReport), ignored })
}

/// The event itself: some senders put it into `data`, beside a `type`.
fn opened(value: &Value) -> (&Value, &'static str, Option<String>) {
    match (value.get("kind"), value.get("data"), value.get("type").and_then(Value::as_str)) {
        (None, Some(data), word) if data.is_object() => {
            (data, "$.data", word.filter(|word| TESTS.contains(word)).map(str::to_owned))
        }
        (None, _, Some(word)) => (value, "$", Some(word.to_owned())),
        _ => (value, "$", None),
    }
}

fn kinds() -> String {
    let own = |kind: &&Kind| !OWN.contains(kind);
    let words: Vec<&str> = Kind::ALL.iter().filter(own).map(|kind| kind.as_str()).collect();
    format!("one of {}", words.join(", "))
}

/// The sender's own id goes before a header's: it stays when a call is made anew.
fn known_by(fields: &Fields<'_>, header: Option<&str>) -> Result<String, BadField> {
    let expected = format!(
        "what this event is known by, the same with every try, of at most {MAX_KEY_BYTES} bytes \
         (or a header Idempotency-Key or webhook-id)"
    );
    let own = fields.text("id")?.or(fields.text("idempotency_key")?);
    let key = own.or_else(|| header.map(str::to_owned)).filter(|key| !key.is_empty());
    key.filter(|key| key.len() <= MAX_KEY_BYTES).ok_or_else(|| fields.bad("id", expected))
}

/// A field whose shape is the schema's own.
fn typed<T: DeserializeOwned>(fields: &Fields<'_>, key: &'static str, expected: &str) -> Field<T> {
    fields.read(key, expected, |value| T::deserialize(value).ok())
}

fn receipt(
    event: &Fields<'_>,
    kind: Kind,
    ground: &Ground,
    ignored: &mut Vec<String>,
) -> Field<Receipt> {
    let needed = PAID.contains(&kind);
    let Some(value) = event.value("receipt") else {
        return if needed { Err(event.bad("receipt", "an object with a total")) } else { Ok(None) };
    };
    let fields = Fields::of(value, &event.path("receipt"))?;
    let code = fields.text("currency")?;
    let currency = match &code {
        Some(code) => Currency::from_code(code)
            .ok_or_else(|| fields.bad("currency", "an ISO 4217 code such as HKD"))?,
        None => ground.currency,
    };
    let money = Money { digits: currency_digits(currency), refund: kind == Kind::Refund };
    let total = money.of(&fields, "total")?;
    if needed && total.is_none() {
        return Err(fields.bad("total", money.expected()));
    }
    let receipt = Receipt {
        merchant: fields.text("merchant")?,
        address: fields.text("address")?,
        number: fields.text("number")?,
        printed_at: printed_at(&fields, "printed_at", &ground.zone)?,
        terminal: fields.text("terminal")?,
        cashier: fields.text("cashier")?,
        table: fields.text("table")?,
        guests: fields
            .read("guests", "a whole number", |value| u32::try_from(value.as_u64()?).ok())?,
        currency: Some(currency.code().to_owned()),
        items: fields.list("items", ignored, |item| money.item(item))?,
        subtotal: money.of(&fields, "subtotal")?,
        discounts: fields.list("discounts", ignored, |one| {
            let amount = money.needed(one, "amount")?;
            Ok(Discount { label: one.text("label")?, amount })
        })?,
        service_charge: money.of(&fields, "service_charge")?,
        taxes: fields.list("taxes", ignored, |tax| {
            Ok(Tax {
                label: tax.text("label")?,
                amount: money.needed(tax, "amount")?,
                included: tax.read("included", "true or false", Value::as_bool)?,
            })
        })?,
        rounding: money.of(&fields, "rounding")?,
        tip: money.of(&fields, "tip")?,
        total,
        payments: fields.list("payments", ignored, |paid| money.payment(paid))?,
        tendered: money.of(&fields, "tendered")?,
        change: money.of(&fields, "change")?,
        original_number: fields.text("original_number")?,
    };
    fields.name_ignored(ignored);
    Ok(Some(receipt))
}

/// Local time as printed, or a time of any zone.
fn printed_at(fields: &Fields<'_>, key: &'static str, zone: &TimeZone) -> Field<PrintedAt> {
    let expected = "a local time such as 2026-11-21T12:01:22, a date, or a time with its zone";
    fields.read(key, expected, |value| {
        let text = value.as_str()?;
        if let Ok(at) = jiff::Timestamp::from_str(text) {
            return Some(PrintedAt::DateTime(at.to_zoned(zone.clone()).datetime()));
        }
        PrintedAt::deserialize(value).ok()
    })
}

/// How amounts of this receipt are read.
#[derive(Clone, Copy)]
struct Money {
    digits: u8,
    /// What is not below zero already is turned round where a refund's total was.
    refund: bool,
}

impl Money {
    fn expected(self) -> String {
        let digits = usize::from(self.digits);
        let example = Amount::new(3_600 * 10_i64.pow(self.digits.into()) / 100, self.digits);
        let sign = if self.refund { "below zero, " } else { "" };
        format!(
            "a decimal {sign}of at most {digits} digits after the point, such as \"{}\"",
            if self.refund { example.checked_neg().unwrap_or(example) } else { example }
        )
    }

    fn of(self, fields: &Fields<'_>, key: &'static str) -> Field<Amount> {
        let expected = self.expected();
        let Some(decimal) = fields.decimal(key, &expected)? else { return Ok(None) };
        let amount = Amount::parse(&decimal.normalize().to_string());
        let amount = amount.and_then(|amount| amount.rescale(self.digits));
        // A refund that is written above zero would add to the day's takings.
        let fits = |amount: &Amount| {
            !(self.refund && key == "total") || amount.is_negative() || amount.is_zero()
        };
        amount.filter(fits).map(Some).ok_or_else(|| fields.bad(key, expected))
    }

    fn needed(self, fields: &Fields<'_>, key: &'static str) -> Result<Amount, BadField> {
        self.of(fields, key)?.ok_or_else(|| fields.bad(key, self.expected()))
    }

    fn item(self, fields: &Fields<'_>) -> Result<Item, BadField> {
        let name = fields.text("name")?.ok_or_else(|| fields.bad("name", "words"))?;
        let modifiers = fields.read("modifiers", "a list of words", |value| {
            let words = value.as_array()?.iter().map(|word| Some(word.as_str()?.to_owned()));
            words.collect::<Option<Vec<_>>>()
        })?;
        Ok(Item {
            name,
            quantity: fields.decimal("quantity", "a decimal")?,
            unit_price: fields.decimal("unit_price", "a decimal")?,
            amount: self.of(fields, "amount")?,
            modifiers: modifiers.unwrap_or_default(),
        })
    }

    fn payment(self, fields: &Fields<'_>) -> Result<Payment, BadField> {
        let words: Vec<&str> = Method::ALL.iter().map(|method| method.as_str()).collect();
        let expected = format!("one of {}", words.join(", "));
        let method = fields.read("method", &expected, |value| Method::parse(value.as_str()?))?;
        Ok(Payment {
            method: method.ok_or_else(|| fields.bad("method", expected))?,
            label: fields.text("label")?,
            amount: self.of(fields, "amount")?,
        })
    }
}
