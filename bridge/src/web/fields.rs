//! What was read on a paper, field by field, each with the bytes that it was read from. Pure.

use pos_protocol::event::{Event, PrintedAt, Receipt, Report, ReportType};
use pos_protocol::money::Amount;
use serde::Serialize;

use super::words::Tongue;
use crate::notice::{Shown, method_word};

/// One field.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub(super) struct Field {
    /// Its name in the event: `items.0`.
    pub(super) name: String,
    /// Its name for people.
    pub(super) label: String,
    pub(super) value: String,
    /// The bytes that it was read from, `301-307`, where they are known.
    pub(super) spans: Vec<String>,
    /// The rule that found it.
    pub(super) rule: Option<String>,
    /// Whether it is what the paper is about.
    pub(super) main: bool,
}

/// All fields of `event`, which must be redacted, in the order of a receipt.
pub(super) fn fields(event: &Event, shown: &Shown<'_>, tongue: Tongue) -> Vec<Field> {
    let mut list = List { event, shown, tongue, fields: Vec::new() };
    if let Some(receipt) = &event.receipt {
        list.receipt(receipt);
    }
    if let Some(report) = &event.report {
        list.report(report);
    }
    list.fields
}

struct List<'a> {
    event: &'a Event,
    shown: &'a Shown<'a>,
    tongue: Tongue,
    fields: Vec<Field>,
}

impl List<'_> {
    fn add(&mut self, name: &str, label: &'static str, value: Option<String>) {
        let label = self.tongue.say(label).to_owned();
        self.labelled(name, label, value);
    }

    fn labelled(&mut self, name: &str, label: String, value: Option<String>) {
        let Some(value) = value.filter(|value| !value.is_empty()) else { return };
        let evidence = self.event.evidence.as_ref();
        // An entry of a list has its evidence under it.
        let own = |path: &str| {
            let rest = path.strip_prefix(name);
            rest.is_some_and(|rest| rest.is_empty() || rest.starts_with('.'))
        };
        let found: Vec<_> = evidence
            .iter()
            .flat_map(|evidence| &evidence.fields)
            .filter(|(path, _)| own(path))
            .map(|(_, field)| field)
            .collect();
        let spans = found.iter().map(|field| format!("{}-{}", field.start, field.end)).collect();
        let rule = found.first().map(|field| crate::privacy::redact(&field.rule));
        let main = name == "total";
        self.fields.push(Field { name: name.to_owned(), label, value, spans, rule, main });
    }

    fn amount(&mut self, name: &str, label: &'static str, amount: Option<Amount>) {
        let value = amount.map(|amount| self.shown.amount(amount));
        self.add(name, label, value);
    }

    fn receipt(&mut self, receipt: &Receipt) {
        self.add("merchant", "f_merchant", receipt.merchant.clone());
        self.add("address", "f_address", receipt.address.clone());
        self.add("number", "f_number", receipt.number.clone());
        self.add("original_number", "f_original", receipt.original_number.clone());
        let printed_at = receipt.printed_at.map(|at| match at {
            PrintedAt::Date(date) => date.to_string(),
            PrintedAt::DateTime(at) => at.strftime("%Y-%m-%d %H:%M:%S").to_string(),
        });
        self.add("printed_at", "f_printed_at", printed_at);
        self.add("terminal", "f_terminal", receipt.terminal.clone());
        self.add("cashier", "f_cashier", receipt.cashier.clone());
        self.add("table", "f_table", receipt.table.clone());
        self.add("guests", "f_guests", receipt.guests.map(|guests| guests.to_string()));
        for (index, item) in receipt.items.iter().enumerate() {
            let quantity = item.quantity.map(|quantity| format!(" ×{quantity}"));
            let amount = item.amount.map(|amount| self.shown.amount(amount));
            let modifiers = match item.modifiers.as_slice() {
                [] => String::new(),
                some => format!(" ({})", some.join(", ")),
            };
            let label = format!("{}{}{modifiers}", item.name, quantity.unwrap_or_default());
            let value = amount.unwrap_or_else(|| "–".to_owned());
            self.labelled(&format!("items.{index}"), label, Some(value));
        }
        self.amount("subtotal", "f_subtotal", receipt.subtotal);
        for (index, discount) in receipt.discounts.iter().enumerate() {
            let own = discount.label.clone();
            self.entry(&format!("discounts.{index}"), "f_discount", own, Some(discount.amount));
        }
        self.amount("service_charge", "f_service", receipt.service_charge);
        for (index, tax) in receipt.taxes.iter().enumerate() {
            self.entry(&format!("taxes.{index}"), "f_tax", tax.label.clone(), Some(tax.amount));
        }
        self.amount("rounding", "f_rounding", receipt.rounding);
        self.amount("tip", "f_tip", receipt.tip);
        self.amount("total", "f_total", receipt.total);
        for (index, payment) in receipt.payments.iter().enumerate() {
            let method = method_word(payment.method, self.tongue.language());
            let value = payment.amount.map_or("–".to_owned(), |amount| self.shown.amount(amount));
            self.labelled(&format!("payments.{index}"), method.to_owned(), Some(value));
        }
        self.amount("tendered", "f_tendered", receipt.tendered);
        self.amount("change", "f_change", receipt.change);
    }

    /// An entry of a list: under its own words, else under ours.
    fn entry(
        &mut self,
        name: &str,
        label: &'static str,
        own: Option<String>,
        amount: Option<Amount>,
    ) {
        let label = own.unwrap_or_else(|| self.tongue.say(label).to_owned());
        let value = amount.map(|amount| self.shown.amount(amount));
        self.labelled(name, label, value);
    }

    fn report(&mut self, report: &Report) {
        let kind = match report.report_type {
            ReportType::X => "X",
            ReportType::Z => "Z",
        };
        self.add("type", "f_report", Some(kind.to_owned()));
        // A receipt's number is told above.
        self.add("report.number", "f_number", report.number.clone());
        self.amount("gross", "f_gross", report.gross);
        self.amount("net", "f_net", report.net);
        for (index, tender) in report.tenders.iter().enumerate() {
            let method = method_word(tender.method, self.tongue.language()).to_owned();
            let count = tender.count.map(|count| format!(" ({count})")).unwrap_or_default();
            let value = format!("{}{count}", self.shown.amount(tender.amount));
            self.labelled(&format!("tenders.{index}"), method, Some(value));
        }
        self.amount("refunds", "f_refunds", report.refunds);
        self.amount("voids", "f_voids", report.voids);
        self.add("no_sales", "f_no_sales", report.no_sales.map(|count| count.to_string()));
        self.add("receipts", "f_receipts", report.receipts.map(|count| count.to_string()));
    }
}

#[cfg(test)]
mod tests {
    use pos_protocol::event::Event;
    use serde_json::json;

    use super::fields;
    use crate::config::{Language, Shop};
    use crate::notice::Shown;
    use crate::web::words::Tongue;

    #[test]
    fn each_field_knows_its_words_and_what_is_absent_is_not_there() {
        let event: Event = serde_json::from_value(json!({
            "schema": 1, "id": "8bde772f2c5a805140988f20fe9116bb", "source": "till",
            "observed_at": "2026-11-21T04:01:23.120Z", "kind": "sale",
            "receipt": { "number": "1001", "currency": "HKD", "total": "36.00",
                "items": [{ "name": "Tea", "quantity": "2", "amount": "36.00" },
                          { "name": "Water" }],
                "payments": [{ "method": "octopus", "amount": "36.00" }] },
            "evidence": { "session": "till/0/0", "start": 0, "end": 60, "profile": "auto",
                "dialect": "escpos", "encoding": "ascii", "fields": {
                    "total": { "start": 31, "end": 36, "rule": "TOTAL" },
                    "items.0.amount": { "start": 20, "end": 25, "rule": "line" },
                    "items.10.amount": { "start": 1, "end": 2, "rule": "line" },
                    "payments.0": { "start": 40, "end": 45, "rule": "OCTOPUS" } } } }))
        .expect("the wire schema");
        let shop = Shop::for_tests(Language::En);
        let found = fields(&event, &Shown::of(&event, &shop), Tongue::En);
        let told: Vec<(&str, &str, &str, String)> = found
            .iter()
            .map(|f| (f.name.as_str(), f.label.as_str(), f.value.as_str(), f.spans.join(" ")))
            .collect();
        let none = String::new;
        assert_eq!(
            told,
            [
                ("number", "Number", "1001", none()),
                ("items.0", "Tea ×2", "HK$36.00", "20-25".into()),
                ("items.1", "Water", "–", none()),
                ("total", "Total", "HK$36.00", "31-36".into()),
                ("payments.0", "Octopus", "HK$36.00", "40-45".into()),
            ]
        );
        assert!(found[3].main && found[3].rule.as_deref() == Some("TOTAL"));
    }
}
