//! `possim list`: the names that the other verbs take.

use std::io::Write;

use super::command::Outcome;
use crate::print::Style;
use crate::shop::Shop;

pub(super) fn run() -> Outcome {
    let mut out = std::io::stdout().lock();
    writeln!(out, "shops:")?;
    for shop in Shop::ALL {
        writeln!(out, "  {:<20} {} {}", shop.id, shop.name.en, shop.name.zh)?;
    }
    writeln!(out, "styles:")?;
    for style in Style::ALL {
        writeln!(out, "  {:<20} {} columns, {:?}", style.name, style.columns, style.charset)?;
    }
    Ok(true)
}
