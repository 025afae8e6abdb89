//! What every layout writes with: a style's words, numbers and dates on paper of its width.

use jiff::civil::DateTime;
use pos_protocol::event::Kind;
use pos_protocol::money::Amount;

use super::columns::{apart, cells};
use super::encoder::{Align, Encoder, Size};
use super::lexicon::Lexicon;
use super::logo::tea_cup;
use super::style::Style;
use crate::shop::{Language, Line, Measure, Sale, Shop, Words};

/// Paper in a printer, and how to write on it.
pub(super) struct Sheet<'a> {
    pub(super) style: &'a Style,
    pub(super) words: &'static Lexicon,
    pub(super) columns: usize,
    shop: &'static Shop,
    pub(super) out: Encoder,
}

impl<'a> Sheet<'a> {
    /// A fresh piece of paper for `shop`.
    pub(super) fn new(style: &'a Style, shop: &'static Shop) -> Self {
        let words = Lexicon::of(style.language);
        Self { style, words, columns: style.columns, shop, out: style.encoder() }
    }

    /// `words` in the style's language.
    pub(super) fn say(&self, words: &Words) -> &'static str {
        words.of(self.style.language)
    }

    /// An amount as the style prints it, without a sign of its money.
    pub(super) fn money(&self, amount: Amount) -> String {
        self.style.numbers.show(amount.minor(), self.shop)
    }

    /// An amount with the sign of its money, or its code where the printer has no such sign.
    pub(super) fn priced(&self, amount: Amount) -> String {
        let money = self.shop.money;
        let amount = self.money(amount);
        match (money.sign, self.style.language) {
            (_, Language::Vi) => format!("{amount}đ"),
            (sign, _) if self.out.has(sign) => format!("{sign}{amount}"),
            _ => format!("{} {amount}", money.code),
        }
    }

    /// Minor units of the shop's money as an amount.
    pub(super) fn amount(&self, minor: i64) -> Amount {
        self.shop.money.amount(minor)
    }

    /// A time as the style prints it. Thai years count from the Buddha.
    pub(super) fn date(&self, at: DateTime) -> String {
        let shown = at.strftime(self.style.dates).to_string();
        match self.style.language {
            Language::Th => {
                let year = at.year();
                shown.replace(&year.to_string(), &(year + BUDDHIST_YEARS).to_string())
            }
            _ => shown,
        }
    }

    pub(super) fn line(&mut self, text: &str) {
        self.out.line(text);
    }

    /// Cells side by side, as [`cells`] lays them out.
    pub(super) fn row(&mut self, row: &[(&str, i32)]) {
        self.out.line(&cells(row));
    }

    /// `label` at the left, `value` at the right.
    pub(super) fn pair(&mut self, label: &str, value: &str) {
        self.out.line(&apart(label, value, self.columns));
    }

    /// `label` at the left, an amount at the right.
    pub(super) fn sum(&mut self, label: &str, amount: Amount) {
        let amount = self.money(amount);
        self.pair(label, &amount);
    }

    pub(super) fn rule(&mut self, mark: &str) {
        self.out.line(&mark.repeat(self.columns));
    }

    pub(super) fn centred(&mut self, text: &str) {
        self.out.align(Align::Centre);
        self.out.line(text);
        self.out.align(Align::Left);
    }

    /// Centred and twice as large.
    pub(super) fn heading(&mut self, text: &str) {
        self.out.size(Size::Double);
        self.centred(text);
        self.out.size(Size::Normal);
    }

    /// As tall as two lines.
    pub(super) fn tall(&mut self, label: &str, value: &str) {
        self.out.size(Size::Tall);
        self.out.bold(true);
        self.pair(label, value);
        self.out.bold(false);
        self.out.size(Size::Normal);
    }

    /// The shop's picture, where the style has one.
    pub(super) fn logo(&mut self) {
        if self.style.logo {
            self.out.align(Align::Centre);
            self.out.raster(&tea_cup());
            self.out.align(Align::Left);
        }
    }

    /// The receipt's QR code, where the style has one.
    pub(super) fn qr(&mut self, sale: &Sale) {
        if self.style.qr {
            self.out.align(Align::Centre);
            self.out.qr(&format!("https://receipt.example/{}/{}", sale.shop.id, sale.number));
            self.out.align(Align::Left);
        }
    }

    /// What a ticket that is no plain sale says of itself, and the receipt it goes back to.
    pub(super) fn marker(&mut self, kind: Kind, sale: &Sale) {
        let words = self.words;
        let marker = match kind {
            Kind::Refund => words.refund,
            Kind::Void => words.void,
            Kind::Reprint => words.reprint,
            Kind::Bill => words.bill,
            Kind::Training => words.training,
            _ => return,
        };
        self.heading(marker);
        if let Some(original) = &sale.original {
            self.line(&format!("{}: {original}", words.original));
        }
    }

    /// How many, or how many kilograms.
    pub(super) fn quantity(line: &Line) -> String {
        match line.dish.measure {
            Measure::Piece => line.count.to_string(),
            Measure::Kilogram => format!("{}kg", line.quantity()),
        }
    }

    /// What the customer asked for, below its line.
    pub(super) fn modifiers(&mut self, line: &Line, before: &str) {
        for modifier in &line.modifiers {
            let modifier = self.say(modifier);
            self.line(&format!("{before}{modifier}"));
        }
    }

    /// The reduction of one line, below it.
    pub(super) fn offer(&mut self, line: &Line, before: &str) {
        if let Some(offer) = line.offer {
            let label = format!("{before}{}", self.say(&offer.label));
            self.sum(&label, offer.amount);
        }
    }

    /// Everything between the subtotal and the total.
    pub(super) fn adjustments(&mut self, sale: &Sale, colon: &str) {
        if let Some(discount) = sale.discount {
            let label = format!("{}{colon}", self.say(&discount.label));
            self.sum(&label, discount.amount);
        }
        if let (Some(charge), Some(percent)) = (sale.service_charge, sale.shop.service_percent) {
            let label = format!("{} {percent}%{colon}", self.words.service);
            self.sum(&label, charge);
        }
        if let Some(tax) = sale.tax.filter(|tax| !tax.included) {
            let label = format!("{}{colon}", self.say(&tax.label));
            self.sum(&label, tax.amount);
        }
        if let Some(rounding) = sale.rounding {
            let label = format!("{}{colon}", self.words.rounding);
            self.sum(&label, rounding);
        }
    }

    /// A tax that the total holds already.
    pub(super) fn included_tax(&mut self, sale: &Sale) {
        if let Some(tax) = sale.tax.filter(|tax| tax.included) {
            let label = format!("({})", self.say(&tax.label));
            self.sum(&label, tax.amount);
        }
    }

    /// How it was paid; nothing on what is not paid.
    pub(super) fn payment(&mut self, kind: Kind, sale: &Sale, colon: &str) {
        if !is_paid(kind) {
            return;
        }
        let label = format!("{}{colon}", self.say(&sale.payment.tender.label));
        match sale.payment.cash {
            None => self.sum(&label, sale.total),
            Some((tendered, change)) => {
                self.sum(&label, tendered);
                let label = format!("{}{colon}", self.words.change);
                self.sum(&label, change);
            }
        }
    }
}

/// Years that the Thai calendar is ahead.
const BUDDHIST_YEARS: i16 = 543;

/// Whether a ticket of this kind shows how it was paid.
pub(crate) fn is_paid(kind: Kind) -> bool {
    !matches!(kind, Kind::Bill | Kind::Void | Kind::KitchenOrder)
}
