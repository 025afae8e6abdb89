//! How much of an event a level lets through. A field that is not named here stays in the shop.

use pos_protocol::event::{Approval, Entry, Event, Item, Payment, Receipt, Report, Tax, Tender};

use super::redact;
use crate::config::Privacy;

/// What of `event` may be told where `level` holds, redacted.
pub fn let_through(event: &Event, level: Privacy) -> Event {
    let event = redact_event(event.clone());
    Event {
        receipt: event.receipt.map(|receipt| of_receipt(receipt, level)),
        report: event.report.map(|report| of_report(report, level)),
        text: event.text.filter(|_| level >= Privacy::Full),
        inventory: None,
        approval: event.approval.map(|approval| Approval {
            by: approval.by.filter(|_| level >= Privacy::Full),
            ..approval
        }),
        ..event
    }
}

fn of_receipt(all: Receipt, level: Privacy) -> Receipt {
    let mut some = Receipt {
        number: all.number,
        printed_at: all.printed_at,
        currency: all.currency,
        total: all.total,
        original_number: all.original_number,
        ..Receipt::default()
    };
    if level >= Privacy::Full {
        some.table = all.table;
        some.terminal = all.terminal;
        some.discounts = all.discounts;
    }
    if level >= Privacy::Items {
        some.items = all.items;
        some.payments = all.payments;
    } else if level >= Privacy::Categories {
        let counted = |item: Item| Item { quantity: item.quantity, ..Item::default() };
        some.items = all.items.into_iter().map(counted).collect();
        let means = |payment: Payment| Payment { label: None, ..payment };
        some.payments = all.payments.into_iter().map(means).collect();
    }
    some
}

fn of_report(all: Report, level: Privacy) -> Report {
    let named = level >= Privacy::Items;
    let tender = |tender: Tender| Tender { label: tender.label.filter(|_| named), ..tender };
    let tax = |tax: Tax| Tax { label: tax.label.filter(|_| named), ..tax };
    let (mut tenders, mut taxes) = (all.tenders, all.taxes);
    if level < Privacy::Categories {
        tenders.clear();
        taxes.clear();
    }
    Report {
        tenders: tenders.into_iter().map(tender).collect(),
        taxes: taxes.into_iter().map(tax).collect(),
        ..all
    }
}

/// An event with its free text redacted. Numbers, amounts, dates and quantities have fields of
/// their own and stay.
pub fn redact_event(mut event: Event) -> Event {
    let hide = |text: &mut String| *text = redact(text);
    event.text.iter_mut().for_each(hide);
    if let Some(Entry::Catalogue { articles }) = event.inventory.as_mut().map(|all| &mut all.entry)
    {
        // A number or an account of a person, whole.
        articles.iter_mut().filter_map(|article| article.buyer.as_mut()).for_each(|buyer| {
            "***".clone_into(buyer);
        });
    }
    if let Some(receipt) = &mut event.receipt {
        let named = [
            &mut receipt.merchant,
            &mut receipt.address,
            &mut receipt.terminal,
            &mut receipt.cashier,
            &mut receipt.table,
        ];
        named.into_iter().flatten().for_each(hide);
        for item in &mut receipt.items {
            hide(&mut item.name);
            item.modifiers.iter_mut().for_each(hide);
        }
        receipt.discounts.iter_mut().filter_map(|discount| discount.label.as_mut()).for_each(hide);
        receipt.taxes.iter_mut().filter_map(|tax| tax.label.as_mut()).for_each(hide);
        receipt.payments.iter_mut().filter_map(|payment| payment.label.as_mut()).for_each(hide);
    }
    if let Some(report) = &mut event.report {
        report.tenders.iter_mut().filter_map(|tender| tender.label.as_mut()).for_each(hide);
        report.taxes.iter_mut().filter_map(|tax| tax.label.as_mut()).for_each(hide);
    }
    event
}
