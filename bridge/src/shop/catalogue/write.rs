//! A catalogue as a file again: what `stock draft` hands to the owner.
//!
//! What it writes reads back as it was.

use std::fmt::Write as _;

use pos_protocol::event::{Article, Stocked};
use rust_decimal::Decimal;

use super::FORMULA;

/// What spreadsheets need to see UTF-8 in a CSV.
const MARK: char = '\u{FEFF}';

const HEADINGS: &str = "name,aliases,category,price,unit,start,threshold,supplier,buyer,recipe";

/// As a spreadsheet opens it.
pub fn to_csv(articles: &[Article]) -> String {
    let mut out = format!("{MARK}{HEADINGS}\r\n");
    for article in articles {
        let take = |of: &Stocked| format!("{} = {}", of.article, amount(of, articles));
        let recipe: Vec<String> = article.recipe.iter().map(take).collect();
        let number = |number: Option<Decimal>| number.map(|n| n.to_string()).unwrap_or_default();
        let cells = [
            article.name.clone(),
            article.aliases.join("; "),
            article.category.clone().unwrap_or_default(),
            number(article.price),
            article.unit.clone(),
            number(article.start),
            number(article.threshold),
            article.supplier.clone().unwrap_or_default(),
            article.buyer.clone().unwrap_or_default(),
            recipe.join("; "),
        ];
        let cells: Vec<String> = cells.iter().map(|cell| quoted(cell)).collect();
        let _ = write!(out, "{}\r\n", cells.join(","));
    }
    out
}

/// `60 g`: how much a recipe takes, in the unit of what it takes.
fn amount(of: &Stocked, articles: &[Article]) -> String {
    let article = articles.iter().find(|article| article.name == of.article);
    let unit = article.map_or("", |article| article.unit.as_str());
    format!("{} {unit}", of.quantity).trim_end().to_owned()
}

/// A cell that a spreadsheet takes for what it is: no formula, whatever a till has printed, and no sum
/// of `+852-91234567`.
fn quoted(cell: &str) -> String {
    let guard = if cell.starts_with(FORMULA) { "'" } else { "" };
    let cell = format!("{guard}{cell}");
    if cell.contains([',', ';', '"', '\t']) {
        return format!("\"{}\"", cell.replace('"', "\"\""));
    }
    cell
}

/// As TOML.
pub fn to_toml(articles: &[Article]) -> String {
    let mut out = String::new();
    let text = |text: &str| toml_edit::Value::from(text).to_string();
    for article in articles {
        let _ = writeln!(out, "[[item]]\nname = {}", text(&article.name));
        if !article.aliases.is_empty() {
            let aliases: Vec<String> = article.aliases.iter().map(|alias| text(alias)).collect();
            let _ = writeln!(out, "aliases = [{}]", aliases.join(", "));
        }
        let words = [
            ("category", &article.category),
            ("supplier", &article.supplier),
            ("buyer", &article.buyer),
        ];
        for (key, value) in words {
            if let Some(value) = value {
                let _ = writeln!(out, "{key} = {}", text(value));
            }
        }
        let _ = writeln!(out, "unit = {}", text(&article.unit));
        let numbers =
            [("price", article.price), ("start", article.start), ("threshold", article.threshold)];
        for (key, value) in numbers {
            if let Some(value) = value {
                let _ = writeln!(out, "{key} = \"{value}\"");
            }
        }
        if !article.recipe.is_empty() {
            let take =
                |of: &Stocked| format!("{} = \"{}\"", text(&of.article), amount(of, articles));
            let recipe: Vec<String> = article.recipe.iter().map(take).collect();
            let _ = writeln!(out, "recipe = {{ {} }}", recipe.join(", "));
        }
        out.push('\n');
    }
    out
}

#[cfg(test)]
mod tests {
    use std::path::Path;

    use super::{to_csv, to_toml};
    use crate::shop::catalogue::parse;

    const CSV: &str = "name,aliases,category,price,unit,start,threshold,supplier,buyer,recipe\n\
        珍珠奶茶,\"Pearl tea; 珍奶\",飲品,18.50,杯,,,,,\"珍珠 = 60 g; 奶 = 0.2 l\"\n\
        珍珠,,配料,,g,5000,800,https://wa.me/85291234567,+852-91234567,\n\
        奶,,,,ml,,,,manager01,\n\
        \"Tea, \"\"hot\"\"\",,,,,0.5,0,,,\n\
        \"=SUM(1,2)\",,,,,,,,,\n";

    #[test]
    fn what_is_written_reads_back_as_it_was() {
        let articles = parse(CSV.as_bytes(), Path::new("c.csv"), None).expect("good");
        let csv = parse(to_csv(&articles).as_bytes(), Path::new("c.csv"), None);
        assert_eq!(csv.expect("good"), articles);
        // No cell begins what a spreadsheet calculates.
        let cells = to_csv(&articles);
        assert!(cells.contains("'+852-91234567") && cells.contains("\"'=SUM(1,2)\""), "{cells}");
        let toml = parse(to_toml(&articles).as_bytes(), Path::new("c.toml"), None);
        assert_eq!(toml.expect("good"), articles);
    }
}
