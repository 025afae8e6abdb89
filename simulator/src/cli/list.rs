//! `possim list`: the names that the other verbs take, and which go together.

use std::io::{self, Write};

use clap::Args;

use super::command::Outcome;
use super::names;
use crate::print::Style;
use crate::shop::{Dish, Language, Measure, Shop};

#[derive(Debug, Args)]
pub(super) struct Arguments {
    /// Show one shop's menu and recipes instead
    #[arg(long, value_parser = names::shop)]
    shop: Option<&'static Shop>,
}

pub(super) fn run(arguments: &Arguments) -> Outcome {
    let mut out = io::stdout().lock();
    match arguments.shop {
        Some(shop) => menu(&mut out, shop)?,
        None => street(&mut out)?,
    }
    Ok(true)
}

fn street(out: &mut impl Write) -> io::Result<()> {
    writeln!(out, "shops:")?;
    for shop in Shop::ALL {
        let own = shop.name.of(shop.languages[0]);
        writeln!(out, "  {:<18} {} {own}, {}", shop.id, shop.name.en, shop.money.code)?;
        let styles = Style::ALL.iter().filter(|style| style.suits(shop)).map(|style| style.name);
        writeln!(out, "  {:<18} styles: {}", "", styles.collect::<Vec<_>>().join(", "))?;
    }
    writeln!(out, "styles:")?;
    for style in Style::ALL {
        writeln!(
            out,
            "  {:<28} {:?}, {:?}, {} columns, {}, {:?}",
            style.name,
            style.layout,
            style.language,
            style.columns,
            style.charset.name(),
            style.dialect
        )?;
        let kinds: Vec<&str> = style.kinds().iter().map(|kind| kind.as_str()).collect();
        writeln!(out, "  {:<28} prints {}", "", kinds.join(", "))?;
    }
    Ok(())
}

fn menu(out: &mut impl Write, shop: &Shop) -> io::Result<()> {
    for page in shop.menu {
        writeln!(out, "{}", page.name.en)?;
        for dish in page.dishes {
            let price = shop.money.amount(dish.price);
            let per = if dish.measure == Measure::Kilogram { " a kilogram" } else { "" };
            let own = dish.name.of(shop.languages[0]);
            writeln!(out, "  {} {own} {} {price}{per}", dish.name.en, shop.money.code)?;
            made_of(out, dish)?;
        }
    }
    Ok(())
}

fn made_of(out: &mut impl Write, dish: &Dish) -> io::Result<()> {
    for part in dish.recipe {
        writeln!(out, "    {} {} {}", part.amount, part.unit, part.name)?;
    }
    let wishes: Vec<&str> = dish.modifiers.iter().map(|wish| wish.of(Language::En)).collect();
    if wishes.is_empty() { Ok(()) } else { writeln!(out, "    on request: {}", wishes.join(", ")) }
}

#[cfg(test)]
mod tests {
    use super::{Shop, Style, menu, street};

    #[test]
    fn every_shop_is_listed_with_a_style_and_every_style_with_its_kinds() {
        let mut out = Vec::new();
        street(&mut out).expect("memory");
        let out = String::from_utf8(out).expect("text");
        for name in Shop::ALL.iter().map(|shop| shop.id).chain(Style::ALL.iter().map(|s| s.name)) {
            assert!(out.contains(&format!("  {name} ")), "{name}\n{out}");
        }
        assert!(!out.contains("styles: \n"), "{out}");
    }

    #[test]
    fn a_menu_shows_prices_and_recipes() {
        let mut out = Vec::new();
        menu(&mut out, Shop::named("bubble-tea").expect("a shop")).expect("memory");
        let out = String::from_utf8(out).expect("text");
        assert!(out.contains("Pearl Milk Tea 珍珠奶茶 HKD 18.00\n    8 g black tea\n"), "{out}");
    }
}
