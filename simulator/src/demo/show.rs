//! What a person watching the demonstration reads: one line per stage, as it happens.

use std::io::{self, Write};

use pos_protocol::event::Event;

use super::error::DemoError;
use crate::clock::Clock;
use crate::dingtalk::ShownMessage;
use crate::shop::local_time;

/// Most characters of a message on one line.
const MESSAGE_CHARS: usize = 90;

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
        let time = self.now().time();
        writeln!(self.out, "{time} {stage:<8} {text}").map_err(DemoError::Output)
    }

    /// A line without time and stage.
    pub(super) fn plain(&mut self, text: &str) -> Result<(), DemoError> {
        writeln!(self.out, "{text}").map_err(DemoError::Output)
    }
}

/// Number and total of a sale.
pub(super) fn sale(event: &Event) -> String {
    let receipt = event.receipt.as_ref();
    let number = receipt.and_then(|receipt| receipt.number.as_deref()).unwrap_or("?");
    let total = receipt.and_then(|receipt| receipt.total);
    let total = total.map_or_else(|| "no total".to_owned(), |total| format!("HK${total}"));
    format!("{} #{number} {total}", event.source)
}

/// An event as the journal has it.
pub(super) fn event(event: &Event) -> String {
    let verdict = event.verdict.map(|verdict| format!(", {verdict}")).unwrap_or_default();
    format!("{} {}{verdict}", sale(event), event.kind)
}

/// A message as the group sees it, on one line.
pub(super) fn message(message: &ShownMessage) -> String {
    let words: Vec<&str> = message.text.split_whitespace().collect();
    let text: String = words.join(" ").chars().take(MESSAGE_CHARS).collect();
    format!("owner group: {text}")
}

#[cfg(test)]
mod tests {
    use crate::shop::{Language, OPENING, Shop, Till};
    use crate::truth;

    #[test]
    fn a_sale_shows_till_number_and_amount() {
        let sale = Till::open(&Shop::ALL[0], 1, "counter-1", 1001, OPENING).sell();
        let told = truth::event(&sale, Language::En, "counter-1");
        let expected = format!("counter-1 #1001 HK${}", sale.total);
        assert_eq!(super::sale(&told), expected);
        assert_eq!(super::event(&told), format!("{expected} sale"));
    }
}
