//! How many calls a day may use so that the month's quota lasts.

use jiff::civil::Date;

/// The day's even share of `monthly_quota` calls: the quota divided by the days of the month in
/// which `date` lies, rounded down. What other days left over is not counted, since a first of the
/// month has none.
pub fn daily_share(monthly_quota: u32, date: Date) -> u32 {
    monthly_quota / u32::try_from(date.days_in_month()).unwrap_or(31)
}

#[cfg(test)]
mod tests {
    use jiff::civil::date;

    use super::daily_share;

    #[test]
    fn a_standard_organisation_has_96_calls_on_a_day_of_december() {
        assert_eq!(daily_share(3_000, date(2026, 12, 1)), 96);
        assert_eq!(daily_share(3_000, date(2026, 11, 1)), 100);
    }
}
