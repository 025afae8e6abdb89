//! How well the decoder reads the simulator's street, style by style.
//!
//! `cargo run -p pos-tests --bin street -- [--receipts N] [--seed S] [--style T] [--shop S]
//! [--wrong [FIELD]]`

use std::io::{self, Write};
use std::process::ExitCode;

use pos_protocol::event::Receipt;
use pos_tests::receipts;
use pos_tests::street::{self, Pair, Score};
use possim::print::Style;
use possim::shop::Shop;

/// Slips of all styles together, where nothing else is asked for.
const RECEIPTS: usize = 2_000;

struct Asked {
    receipts: usize,
    seed: u64,
    style: Option<String>,
    shop: Option<String>,
    wrong: Option<String>,
}

fn main() -> io::Result<ExitCode> {
    let Some(asked) = asked(std::env::args().skip(1)) else {
        return Err(io::Error::other(
            "expected [--receipts N] [--seed S] [--style T] [--shop S] [--wrong [FIELD]]",
        ));
    };
    let mut out = io::stdout().lock();
    let mut all = Score::default();
    let streets = streets(&asked);
    let share = asked.receipts.div_ceil(streets.len().max(1));
    for (style, shop) in &streets {
        let mut score = Score::default();
        for pair in street::pairs(style, shop, asked.seed, share) {
            all.add(&pair);
            let wrong = score.add(&pair);
            let told = asked
                .wrong
                .as_deref()
                .is_some_and(|field| wrong.iter().any(|name| field.is_empty() || field == *name));
            if told {
                writeln!(out, "=== {} {}: {}", style.name, shop.id, wrong.join(", "))?;
                show(&mut out, &pair)?;
            }
        }
        line(&mut out, &format!("{} {}", style.name, shop.id), &score)?;
    }
    line(&mut out, "all", &all)?;
    for (field, count) in &all.fields {
        writeln!(
            out,
            "{field:<12} {:>6} of {:>6} right, {:>6} read, F1 {:.4}",
            count.right,
            count.truth,
            count.read,
            count.f1()
        )?;
    }
    Ok(ExitCode::SUCCESS)
}

fn asked(mut arguments: impl Iterator<Item = String>) -> Option<Asked> {
    let mut asked = Asked { receipts: RECEIPTS, seed: 1, style: None, shop: None, wrong: None };
    while let Some(argument) = arguments.next() {
        match argument.as_str() {
            "--receipts" => asked.receipts = arguments.next()?.parse().ok()?,
            "--seed" => asked.seed = arguments.next()?.parse().ok()?,
            "--style" => asked.style = Some(arguments.next()?),
            "--shop" => asked.shop = Some(arguments.next()?),
            "--wrong" => asked.wrong = Some(arguments.next().unwrap_or_default()),
            _ => return None,
        }
    }
    Some(asked)
}

fn streets(asked: &Asked) -> Vec<(&'static Style, &'static Shop)> {
    let fits = |name: &str, asked: &Option<String>| asked.as_deref().is_none_or(|a| a == name);
    let styles = Style::ALL.iter().filter(|style| receipts::sends_text(style));
    styles
        .filter(|style| fits(style.name, &asked.style))
        .flat_map(|style| receipts::shops(style).into_iter().map(move |shop| (style, shop)))
        .filter(|(_, shop)| fits(shop.id, &asked.shop))
        .collect()
}

fn line(out: &mut impl Write, name: &str, score: &Score) -> io::Result<()> {
    write!(out, "{name:<44}")?;
    for field in ["kind", "number", "printed_at", "total", "items", "payments", "change"] {
        let count = score.fields.get(field).copied().unwrap_or_default();
        write!(out, " {field} {:.3}", count.f1())?;
    }
    let balanced = score.balanced;
    writeln!(out, " balanced {}/{} off {}", balanced.right, balanced.truth, balanced.read)
}

fn show(out: &mut impl Write, pair: &Pair) -> io::Result<()> {
    let read = pair.read.as_ref();
    writeln!(out, "{}", read.and_then(|event| event.text.as_deref()).unwrap_or("(nothing)"))?;
    for (who, event) in [("truth", Some(&pair.truth)), ("read", read)] {
        let Some(event) = event else { continue };
        let empty = Receipt::default();
        let receipt = event.receipt.as_ref().unwrap_or(&empty);
        let items = street::items(receipt).join("; ");
        let payments = street::payments(receipt).join("; ");
        writeln!(
            out,
            "{who:>6}: {} {:?} {:?} number {:?} at {:?} total {:?} tendered {:?} change {:?} \
             cashier {:?} table {:?}\n        {payments}\n        {items}",
            event.kind,
            event.verdict,
            receipt.currency,
            receipt.number,
            receipt.printed_at.map(|at| at.to_string()),
            receipt.total.map(|amount| amount.to_string()),
            receipt.tendered.map(|amount| amount.to_string()),
            receipt.change.map(|amount| amount.to_string()),
            receipt.cashier,
            receipt.table
        )?;
    }
    Ok(())
}
