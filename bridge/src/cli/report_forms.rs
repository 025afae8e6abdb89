//! A report as JSON, as CSV and as a page. What is in it is decided in `shop::summary`.

use std::io::{self, Write};

use pos_protocol::money::Amount;

use super::csv::Csv;
use crate::shop::{Sum, Summary};

/// The columns of the CSV.
const COLUMNS: [&str; 7] = ["shop", "from", "to", "section", "name", "count", "amount"];
/// The name of all shops together.
const TOGETHER: &str = "*";

/// One object a line.
pub(super) fn json(summaries: &[Summary], out: &mut dyn Write) -> io::Result<()> {
    for summary in summaries {
        serde_json::to_writer(&mut *out, summary)?;
        writeln!(out)?;
    }
    Ok(())
}

/// One figure a line.
pub(super) fn csv(
    summaries: &[Summary],
    name_of: &dyn Fn(&str) -> String,
    out: &mut dyn Write,
) -> io::Result<()> {
    let mut csv = Csv::new(out, &COLUMNS)?;
    for summary in summaries {
        let shop = match &*summary.shops {
            [shop] => name_of(shop),
            _ => TOGETHER.to_owned(),
        };
        let (from, to) = (summary.from.to_string(), summary.to.to_string());
        for (section, name, count, amount) in figures(summary) {
            csv.row(&[
                &shop,
                &from,
                &to,
                section,
                &name,
                &count,
                &amount.map(|amount| amount.to_string()).unwrap_or_default(),
            ])?;
        }
    }
    Ok(())
}

type Figure = (&'static str, String, String, Option<Amount>);

fn figures(summary: &Summary) -> Vec<Figure> {
    let total = &summary.total;
    let mut all: Vec<Figure> = Vec::new();
    let plain =
        |name: &str, sum: Sum| ("total", name.to_owned(), sum.count.to_string(), Some(sum.amount));
    all.push(("total", "net".to_owned(), String::new(), summary.net));
    all.push(plain("sales", total.sales));
    all.push(plain("refunds", total.refunds));
    all.push(plain("voids", total.voids));
    all.push(plain("taken_back", total.taken_back));
    all.push(plain("discounts", total.discounts));
    all.push(plain("top_ups", total.top_ups));
    all.push(("total", "average".to_owned(), String::new(), summary.average));
    let opened = total.others.get("no_sale").copied().unwrap_or(0);
    all.push(("total", "no_sales".to_owned(), opened.to_string(), None));
    all.push(("total", "off".to_owned(), total.off.to_string(), None));
    let sums = |section: &'static str, sums: &std::collections::BTreeMap<String, Sum>| {
        let row = |(name, sum): (&String, &Sum)| {
            (section, name.clone(), sum.count.to_string(), Some(sum.amount))
        };
        sums.iter().map(row).collect::<Vec<_>>()
    };
    all.extend(sums("tender", &total.tenders));
    all.extend(total.hours.iter().map(|(hour, sum)| {
        ("hour", format!("{hour:02}"), sum.count.to_string(), Some(sum.amount))
    }));
    all.extend(sums("cashier", &total.cashiers));
    all.extend(sums("source", &total.sources));
    all.extend(sums("foreign", &total.foreign));
    let sold = |section: &'static str, sold: &[crate::shop::Sold]| {
        let row = |one: &crate::shop::Sold| {
            (section, one.name.clone(), one.quantity.to_string(), Some(one.amount))
        };
        sold.iter().map(row).collect::<Vec<_>>()
    };
    all.extend(sold("category", &summary.categories));
    all.extend(sold("top", &summary.top));
    all.extend(
        summary.slow.iter().map(|slow| ("slow", slow.name.clone(), slow.days.to_string(), None)),
    );
    all
}

/// A page that needs nothing else: to print, to mail, to keep.
pub(super) fn html(texts: &[(String, String)], out: &mut dyn Write) -> io::Result<()> {
    let title = texts.first().map_or("", |(title, _)| title);
    writeln!(
        out,
        "<!DOCTYPE html>\n<html><head><meta charset=\"utf-8\">\n\
         <meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n\
         <title>{}</title>\n\
         <style>body{{font:16px/1.5 system-ui,sans-serif;max-width:40em;margin:1em auto;\
         padding:0 1em}}pre{{font:inherit;white-space:pre-wrap;border-bottom:1px solid #ccc;\
         padding-bottom:1em}}</style></head><body>",
        escaped(title)
    )?;
    for (_, text) in texts {
        writeln!(out, "<pre>{}</pre>", escaped(text))?;
    }
    writeln!(out, "</body></html>")
}

fn escaped(text: &str) -> String {
    let twin = |c: char| match c {
        '&' => "&amp;".to_owned(),
        '<' => "&lt;".to_owned(),
        '>' => "&gt;".to_owned(),
        '"' => "&quot;".to_owned(),
        other => other.to_string(),
    };
    text.chars().map(twin).collect()
}

#[cfg(test)]
mod tests {
    use super::html;

    #[test]
    fn nothing_printed_acts_on_a_page() {
        let mut out = Vec::new();
        let text = ("<b>".to_owned(), "<script>alert(\"x\") & more".to_owned());
        html(&[text], &mut out).expect("memory");
        let page = String::from_utf8(out).expect("text");
        assert!(page.contains("&lt;script&gt;alert(&quot;x&quot;) &amp; more"), "{page}");
        assert!(!page.contains("<script") && page.contains("<title>&lt;b&gt;</title>"));
    }
}
