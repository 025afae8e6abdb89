//! Rows for a spreadsheet: quoted as RFC 4180 has it, and never a formula.
//!
//! A cell that a spreadsheet would calculate (`=`, `+`, `-`, `@`, a tab or a line's end before it) is
//! given an apostrophe, unless it is a number: what is printed on a receipt acts nowhere.

use std::io::{self, Write};

/// What is written to.
pub(super) struct Csv<'a> {
    out: &'a mut dyn Write,
}

impl<'a> Csv<'a> {
    /// With the names of the columns as its first row.
    pub(super) fn new(out: &'a mut dyn Write, columns: &[&str]) -> io::Result<Self> {
        let mut csv = Self { out };
        csv.row(columns)?;
        Ok(csv)
    }

    /// One row.
    pub(super) fn row(&mut self, cells: &[&str]) -> io::Result<()> {
        for (at, cell) in cells.iter().enumerate() {
            if at > 0 {
                self.out.write_all(b",")?;
            }
            self.out.write_all(quoted(&harmless(cell)).as_bytes())?;
        }
        self.out.write_all(b"\r\n")
    }
}

/// Whether it is a plain decimal number.
fn is_number(cell: &str) -> bool {
    let digits = cell.strip_prefix('-').unwrap_or(cell);
    let (whole, part) = digits.split_once('.').unwrap_or((digits, "0"));
    let all = |text: &str| !text.is_empty() && text.bytes().all(|b| b.is_ascii_digit());
    all(whole) && all(part)
}

fn harmless(cell: &str) -> String {
    let acts = cell.starts_with(['=', '+', '-', '@', '\t', '\r', '\n', '＝', '＋', '－', '＠']);
    if acts && !is_number(cell) { format!("'{cell}") } else { cell.to_owned() }
}

fn quoted(cell: &str) -> String {
    if cell.contains([',', '"', '\r', '\n']) {
        format!("\"{}\"", cell.replace('"', "\"\""))
    } else {
        cell.to_owned()
    }
}

#[cfg(test)]
mod tests {
    use super::Csv;

    fn row(cells: &[&str]) -> String {
        let mut out = Vec::new();
        Csv { out: &mut out }.row(cells).expect("memory");
        String::from_utf8(out).expect("text")
    }

    #[test]
    fn nothing_printed_on_a_receipt_is_calculated() {
        for formula in ["=1+1", "+cmd|'/C calc'!A0", "@SUM(A1)", "-2+3", "\t=1", "＝1"] {
            assert_eq!(row(&[formula]), format!("'{formula}\r\n"));
        }
        assert_eq!(row(&["-36.00", "4", "凍奶茶"]), "-36.00,4,凍奶茶\r\n");
    }

    #[test]
    fn commas_quotes_and_lines_stay_in_their_cell() {
        assert_eq!(row(&["a,b", "say \"x\"", "c\nd"]), "\"a,b\",\"say \"\"x\"\"\",\"c\nd\"\r\n");
    }
}
