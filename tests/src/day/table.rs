//! The day's table, for people and for programs.

use std::fmt;

use serde_json::{Value, json};

use super::verdict::Row;

/// Examples of trouble that are printed for each sender.
const EXAMPLES: usize = 10;

/// Both senders' day.
#[derive(Clone, Debug)]
pub struct Table {
    /// Seed of the script.
    pub seed: u64,
    /// Slips that were printed.
    pub slips: usize,
    /// Seconds of the day in one second of the machine.
    pub rate: f64,
    /// Calls that the day may use.
    pub share: u32,
    /// The senders by name.
    pub rows: Vec<(&'static str, Row)>,
}

impl Table {
    /// As one line of JSON.
    pub fn json(&self) -> Value {
        let rows: serde_json::Map<String, Value> =
            self.rows.iter().map(|(name, row)| ((*name).to_owned(), row.json())).collect();
        json!({"seed": self.seed, "slips": self.slips, "rate": self.rate, "share": self.share,
            "senders": rows})
    }

    fn line(
        &self,
        f: &mut fmt::Formatter<'_>,
        what: &str,
        of: impl Fn(&Row) -> String,
    ) -> fmt::Result {
        write!(f, "{what:<38}")?;
        for (_, row) in &self.rows {
            write!(f, " {:>10}", of(row))?;
        }
        writeln!(f)
    }
}

impl fmt::Display for Table {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { seed, slips, rate, share, rows } = self;
        writeln!(
            f,
            "{slips} slips, seed {seed}; one millisecond of the machine is {:.3} s of the day",
            rate / 1_000.0
        )?;
        write!(f, "{:<38}", "")?;
        rows.iter().try_for_each(|(name, _)| write!(f, " {name:>10}"))?;
        writeln!(f)?;
        self.line(f, "lost", |row| row.lost.to_string())?;
        self.line(f, "shown twice", |row| row.duplicated.to_string())?;
        self.line(f, "told wrongly", |row| row.wrong.to_string())?;
        for urgent in [false, true] {
            let priority = if urgent { "urgent" } else { "sales" };
            let of = |row: &Row| if urgent { row.urgent.clone() } else { row.ordinary.clone() };
            for (word, permille) in
                [("half within", 500), ("95 % within", 950), ("all within", 1_000)]
            {
                let what = format!("{priority} told, {word} (h:mm:ss)");
                self.line(f, &what, |row| span(of(row).permille(permille)))?;
            }
        }
        self.line(f, "urgent lost or later than 60 s", |row| row.urgent_too_late.to_string())?;
        self.line(f, "throttled by the script", |row| row.throttled_scripted.to_string())?;
        self.line(f, "throttled by its own doing", |row| row.throttled_earned.to_string())?;
        self.line(f, "messages in the group", |row| row.messages.to_string())?;
        self.line(f, "  of them about no slip", |row| row.others.to_string())?;
        self.line(f, &format!("calls used (the day's share is {share})"), |row| {
            row.calls.to_string()
        })?;
        for (name, row) in rows {
            for trouble in row.troubles.iter().take(EXAMPLES) {
                writeln!(f, "{name}: {trouble}")?;
            }
            let more = row.troubles.len().saturating_sub(EXAMPLES);
            if more > 0 {
                writeln!(f, "{name}: and {more} more")?;
            }
        }
        Ok(())
    }
}

fn span(ms: Option<i64>) -> String {
    let Some(ms) = ms else { return "-".to_owned() };
    let seconds = ms / 1_000;
    format!("{}:{:02}:{:02}", seconds / 3_600, seconds / 60 % 60, seconds % 60)
}

#[cfg(test)]
mod tests {
    use super::{Row, Table, span};

    #[test]
    fn the_senders_stand_side_by_side() {
        let (naive, bridge) = (Row { lost: 212, ..Row::default() }, Row::default());
        let rows = vec![("naive", naive), ("bridge", bridge)];
        let table = Table { seed: 1, slips: 600, rate: 72.0, share: 96, rows };
        let text = table.to_string();
        let lost = text.lines().find(|line| line.starts_with("lost")).expect("a line");
        assert_eq!(lost.split_whitespace().collect::<Vec<_>>(), ["lost", "212", "0"]);
        assert!(text.starts_with("600 slips, seed 1; one millisecond of the machine is 0.072 s"));
        assert_eq!(table.json()["senders"]["naive"]["lost"], 212);
    }

    #[test]
    fn a_span_is_read_as_a_clock_shows_it() {
        assert_eq!([span(Some(3_725_999)), span(Some(0)), span(None)], ["1:02:05", "0:00:00", "-"]);
    }
}
