//! What a person watching the demonstration reads: one line per stage, as it happens.
//!
//! It only lays out; Chinese takes two columns, and every line keeps to the width of a terminal.

use std::io::{self, Write};

use pos_protocol::event::Event;

use super::error::DemoError;
use super::street::Stand;
use crate::clock::Clock;
use crate::dingtalk::ShownMessage;
use crate::shop::local_time;

/// Columns of the narrowest terminal that the view is laid out for.
const COLUMNS: usize = 110;
/// Columns before the text of a line: time and stage.
const MARGIN: usize = 19;

/// Where the lines go. With `--json` that is stderr, so that stdout holds nothing but data.
pub(super) struct Show {
    out: Box<dyn Write + Send>,
    clock: Clock,
}

impl Show {
    pub(super) fn new(json: bool) -> Self {
        let out: Box<dyn Write + Send> =
            if json { Box::new(io::stderr()) } else { Box::new(io::stdout()) };
        Self { out, clock: Clock::real() }
    }

    /// The time at the tills.
    pub(super) fn now(&self) -> jiff::civil::DateTime {
        local_time(self.clock.wall_ms())
    }

    /// One line: time, stage, what was seen.
    pub(super) fn line(&mut self, stage: &str, text: &str) -> Result<(), DemoError> {
        let time = self.now().strftime("%H:%M:%S").to_string();
        self.plain(&format!("{time}  {stage:<7}  {text}"))
    }

    /// A message as its reader sees it, on two lines at most.
    pub(super) fn message(&mut self, message: &ShownMessage) -> Result<(), DemoError> {
        let (first, second) = two_lines(&as_read(&message.text), COLUMNS - MARGIN);
        self.line("message", &first)?;
        if second.is_empty() {
            return Ok(());
        }
        self.plain(&format!("{:MARGIN$}{second}", ""))
    }

    /// A line without time and stage.
    pub(super) fn plain(&mut self, text: &str) -> Result<(), DemoError> {
        writeln!(self.out, "{}", text.trim_end()).map_err(DemoError::Output)
    }
}

/// One line about a till: its name, shop, style and cable.
pub(super) fn stand(stand: &Stand) -> String {
    let shop = format!("{} {}", stand.shop.name.en, stand.shop.name.zh);
    let pad = " ".repeat(30_usize.saturating_sub(width(&shop)));
    let (name, style, cable) = (stand.name, stand.style.name, stand.cable);
    format!("  {name:<10} {shop}{pad} {style:<20} {cable}")
}

/// Till, number and total of a sale, in columns.
pub(super) fn sale(event: &Event) -> String {
    let receipt = event.receipt.as_ref();
    let number = receipt.and_then(|receipt| receipt.number.as_deref()).unwrap_or("?");
    let total = receipt.and_then(|receipt| receipt.total);
    let total = total.map_or_else(|| "no total".to_owned(), |total| format!("HK${total}"));
    format!("{:<10} #{number:<6} {total:>11}", event.source)
}

/// An event as the journal has it.
pub(super) fn event(event: &Event) -> String {
    let verdict = event.verdict.map(|verdict| format!(", {verdict}")).unwrap_or_default();
    format!("{}  {}{verdict}", sale(event), event.kind)
}

/// The lines of a message as its reader sees them.
fn as_read(markdown: &str) -> Vec<String> {
    let lines = markdown.lines().map(plain_text);
    lines.filter(|line| line.contains(char::is_alphanumeric)).collect()
}

/// The heading with as much as fits behind it, and the rest, cut to one line.
fn two_lines(lines: &[String], columns: usize) -> (String, String) {
    let mut first = String::new();
    let mut lines = lines.iter();
    for line in lines.by_ref() {
        let longer = if first.is_empty() { line.clone() } else { format!("{first}  {line}") };
        if !first.is_empty() && width(&longer) > columns {
            let rest: Vec<&str> = std::iter::once(line).chain(lines).map(String::as_str).collect();
            return (first, cut(&rest.join("  "), columns));
        }
        first = cut(&longer, columns);
    }
    (first, String::new())
}

/// A line without what only the phone's renderer is to see.
fn plain_text(line: &str) -> String {
    let line = line.trim().trim_start_matches(['#', '>', ' ']);
    let bullet = ["- ", "* ", "· "].into_iter().find_map(|bullet| line.strip_prefix(bullet));
    let line = bullet.unwrap_or(line);
    let mut text = String::new();
    let mut chars = line.chars();
    while let Some(c) = chars.next() {
        match c {
            '\\' => text.extend(chars.next()),
            '*' => {}
            other => text.push(other),
        }
    }
    text.trim().to_owned()
}

/// As much of `text` as `columns` hold, with a mark where something is missing.
fn cut(text: &str, columns: usize) -> String {
    if width(text) <= columns {
        return text.to_owned();
    }
    let mut used = 1;
    let fits = text.chars().take_while(|c| {
        used += columns_of(*c);
        used <= columns
    });
    fits.collect::<String>().trim_end().to_owned() + "…"
}

fn width(text: &str) -> usize {
    text.chars().map(columns_of).sum()
}

/// Columns of a character on a terminal: two from Hangul and the Chinese blocks on.
fn columns_of(c: char) -> usize {
    if c >= '\u{1100}' && !('\u{2000}'..'\u{2E80}').contains(&c) { 2 } else { 1 }
}

#[cfg(test)]
mod tests {
    use crate::shop::{Language, OPENING, Shop, Till};
    use crate::truth;

    use super::{as_read, cut, two_lines, width};

    #[test]
    fn a_sale_shows_till_number_and_amount_in_columns() {
        let sale = Till::open(&Shop::ALL[0], 1, "counter-1", 1001, OPENING).sell();
        let told = truth::event(&sale, Language::En, "counter-1");
        let amount = format!("HK${}", sale.total);
        let expected = format!("counter-1  #1001   {amount:>11}");
        assert_eq!(super::sale(&told), expected);
        assert_eq!(super::event(&told), format!("{expected}  sale"));
    }

    #[test]
    fn a_message_is_shown_as_it_is_read() {
        let markdown = "#### 🧾 銷售 \\#1001 **HK$73.00**\n\n**時間**：12:01  \n- 珍珠奶茶 × 2\n";
        assert_eq!(as_read(markdown), ["🧾 銷售 #1001 HK$73.00", "時間：12:01", "珍珠奶茶 × 2"]);
        assert!(as_read("").is_empty());
    }

    #[test]
    fn a_message_takes_two_lines_at_most_and_begins_with_its_heading() {
        let lines = ["銷售 #1", "時間：12:01", "珍珠奶茶", "黑糖鮮奶"].map(str::to_owned);
        let (first, second) = two_lines(&lines, 20);
        assert_eq!(
            (first.as_str(), second.as_str()),
            ("銷售 #1  時間：12:01", "珍珠奶茶  黑糖鮮奶")
        );
        assert_eq!(two_lines(&lines[..1], 20), (lines[0].clone(), String::new()));
        for columns in 4..60 {
            let (first, second) = two_lines(&lines, columns);
            assert!(width(&first) <= columns && width(&second) <= columns, "{first} | {second}");
        }
    }

    #[test]
    fn what_is_too_long_is_cut_to_the_width_and_marked() {
        assert_eq!(cut("珍珠奶茶", 8), "珍珠奶茶");
        assert_eq!(cut("珍珠奶茶", 7), "珍珠奶…");
        for columns in 2..20 {
            let text = cut("a珍b珠c奶d茶e珍f珠g奶h", columns);
            assert!(width(&text) <= columns, "{text:?} in {columns}");
        }
    }
}
