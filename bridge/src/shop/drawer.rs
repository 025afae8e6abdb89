//! A drawer that was counted, beside what should lie in it.

use jiff::civil::Date;
use pos_protocol::money::Amount;
use serde::Serialize;

use super::shift::{Reckoning, cash_since};
use crate::journal::{JournalError, Rows};

/// Before it nothing was printed.
const FIRST_DAY: Date = Date::constant(1970, 1, 1);

/// A drawer that was counted.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Drawer {
    /// Its till.
    pub source: String,
    /// In the drawer before the first sale.
    pub float: Amount,
    /// What came in since the last report; where nothing was printed since, in the shift it ended.
    pub takings: Amount,
    /// What should be there.
    pub expected: Amount,
    /// What is there.
    pub counted: Amount,
    /// Above zero: over; below: short.
    pub over: Amount,
}

impl Drawer {
    /// The drawer of `source` with `counted` in it; nothing where that is more than can be written.
    pub fn counted(
        rows: &dyn Rows,
        shop: &str,
        source: &str,
        float: Amount,
        counted: Amount,
    ) -> Result<Option<Self>, JournalError> {
        let takings = if let Some(since) = cash_since(rows, shop, source)? {
            since
        } else {
            // The drawer is counted after the report: what its shift brought lies there.
            let all = Reckoning::range(rows, shop, FIRST_DAY, Date::MAX)?;
            let last = all.into_iter().rfind(|one| one.source == source);
            last.map_or(Amount::zero(0), |one| one.cash)
        };
        Ok(Self::of(source, float, takings, counted))
    }

    fn of(source: &str, float: Amount, takings: Amount, counted: Amount) -> Option<Self> {
        let expected = float.checked_add(takings)?;
        let over = counted.checked_sub(expected)?;
        Some(Self { source: source.to_owned(), float, takings, expected, counted, over })
    }
}

#[cfg(test)]
mod tests {
    use pos_protocol::money::Amount;

    use super::Drawer;

    #[test]
    fn a_drawer_is_over_or_short_by_what_was_counted_beyond_float_and_cash() {
        let hkd = |text| Amount::parse(text).expect(text);
        let over = |counted| {
            Drawer::of("till", hkd("500"), hkd("3800.50"), hkd(counted))
                .expect("small")
                .over
                .to_string()
        };
        assert_eq!(over("4310.50"), "10.00");
        assert_eq!(over("4300.50"), "0.00");
        assert_eq!(over("4290"), "-10.50");
    }
}
