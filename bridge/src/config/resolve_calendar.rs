//! From what was typed to what is meant: `[[holiday]]` and `[[promotion]]`.

use std::ops::Range;

use jiff::civil::Date;
use toml::Spanned;

use super::raw::{RawOccasion, Text};
use super::resolved_shop::{Occasion, OccasionKind};
use super::scope::{Scope, quoted};

/// Longest name or thing to prepare, in characters: one line on a phone or two.
const MAX_LINE_CHARS: usize = 120;
/// Most things to prepare for one day.
const MAX_PREPARE: usize = 20;
/// Most days that a reminder may come before its day.
const MAX_REMIND_DAYS: i64 = 60;
/// A holiday needs a roster, a promotion needs goods.
const HOLIDAY_REMIND_DAYS: i64 = 3;
const PROMOTION_REMIND_DAYS: i64 = 7;

impl Scope<'_> {
    /// Holidays and promotions, by their first day.
    pub(super) fn calendar(
        &mut self,
        holidays: &[Spanned<RawOccasion>],
        promotions: &[Spanned<RawOccasion>],
    ) -> Option<Vec<Occasion>> {
        let mut all: Vec<Option<Occasion>> = Vec::new();
        for raw in holidays {
            all.push(self.occasion(raw.get_ref(), raw.span(), false));
        }
        for raw in promotions {
            all.push(self.occasion(raw.get_ref(), raw.span(), true));
        }
        let mut all: Vec<Occasion> = all.into_iter().collect::<Option<_>>()?;
        all.sort_by(|one, other| (one.from, &one.name).cmp(&(other.from, &other.name)));
        Some(all)
    }

    fn occasion(
        &mut self,
        raw: &RawOccasion,
        place: Range<usize>,
        promotion: bool,
    ) -> Option<Occasion> {
        let name = self.reminder_name(&raw.name, place.clone());
        let days = self.days(raw, place);
        let usual = if promotion { PROMOTION_REMIND_DAYS } else { HOLIDAY_REMIND_DAYS };
        let hint = "the reminder comes so many days before; 0 is on the day";
        let remind = self.number(&raw.remind_days, 0..=MAX_REMIND_DAYS, usual, hint);
        let prepare = self.prepare(raw);
        let kind = match (&raw.hours, promotion) {
            (Some(typed), true) => {
                let hint = "a promotion has no hours of its own; [[holiday]] may have";
                self.wrong(
                    typed.span(),
                    "no `hours` in a promotion",
                    quoted(typed.get_ref()),
                    hint,
                );
                None
            }
            (None, true) => Some(OccasionKind::Promotion),
            (Some(typed), false) => {
                self.hours(typed).map(|hours| OccasionKind::Holiday { hours: Some(hours) })
            }
            (None, false) => Some(OccasionKind::Holiday { hours: None }),
        };
        let (from, to) = days?;
        Some(Occasion {
            kind: kind?,
            name: name?,
            from,
            to,
            remind_days: remind?,
            prepare: prepare?,
        })
    }

    /// `date`, or `from` and `to`.
    fn days(&mut self, raw: &RawOccasion, place: Range<usize>) -> Option<(Date, Date)> {
        match (&raw.date, &raw.from, &raw.to) {
            (Some(date), None, None) => self.date(date).map(|date| (date, date)),
            (None, Some(from), Some(to)) => {
                let (first, last) = (self.date(from)?, self.date(to)?);
                if last < first {
                    let expected = format!("a day on or after {first}");
                    self.wrong(to.span(), expected, quoted(to.get_ref()), "its last day");
                    return None;
                }
                Some((first, last))
            }
            _ => {
                let hint =
                    "date = \"2026-12-25\", or from = \"2026-12-24\" and to = \"2026-12-26\"";
                self.wrong(place, "`date`, or `from` and `to`", "something else", hint);
                None
            }
        }
    }

    fn date(&mut self, typed: &Spanned<String>) -> Option<Date> {
        let date = typed.get_ref().parse();
        if date.is_err() {
            let found = quoted(typed.get_ref());
            self.wrong(typed.span(), "a day such as \"2026-12-25\"", found, "YYYY-MM-DD");
        }
        date.ok()
    }

    fn reminder_name(&mut self, typed: &Text, place: Range<usize>) -> Option<String> {
        let Some(typed) = typed else {
            self.wrong(place, "`name`", "none", "it stands in the reminder");
            return None;
        };
        self.reminder_line(typed)
    }

    fn reminder_line(&mut self, typed: &Spanned<String>) -> Option<String> {
        let text = typed.get_ref().trim();
        let good = !text.is_empty()
            && text.chars().count() <= MAX_LINE_CHARS
            && !text.chars().any(char::is_control);
        if !good {
            let expected = format!("1 to {MAX_LINE_CHARS} characters on one line");
            self.wrong(typed.span(), expected, quoted(text), "it stands in the reminder");
        }
        good.then(|| text.to_owned())
    }

    fn prepare(&mut self, raw: &RawOccasion) -> Option<Vec<String>> {
        let Some(typed) = &raw.prepare else { return Some(Vec::new()) };
        let found = typed.get_ref().len();
        if found > MAX_PREPARE {
            let expected = format!("at most {MAX_PREPARE} things to prepare");
            self.wrong(typed.span(), expected, found.to_string(), "say the rest on paper");
            return None;
        }
        typed.get_ref().iter().map(|line| self.reminder_line(line)).collect()
    }
}

#[cfg(test)]
mod tests {
    use crate::config::golden::{ROBOT, SOURCE, accepted};
    use crate::config::{Occasion, OccasionKind};

    #[test]
    fn holidays_and_promotions_are_one_calendar_by_their_first_day() {
        let text = format!(
            "{SOURCE}{ROBOT}[[promotion]]\nname = \"Half price\"\nfrom = \"2026-12-26\"\n\
             to = \"2026-12-31\"\nprepare = [\"print the posters\"]\n\
             [[holiday]]\nname = \"Christmas\"\ndate = \"2026-12-25\"\nremind_days = 5\n"
        );
        let (config, _) = accepted(&text, std::path::Path::new("posbridge.toml"), &[]);
        let shown = |one: &Occasion| (one.name.clone(), one.from.to_string(), one.remind_days);
        let all: Vec<_> = config.calendar.iter().map(shown).collect();
        assert_eq!(
            all,
            [
                ("Christmas".to_owned(), "2026-12-25".to_owned(), 5),
                ("Half price".to_owned(), "2026-12-26".to_owned(), 7),
            ]
        );
        assert_eq!(config.calendar[0].kind, OccasionKind::Holiday { hours: None });
        assert_eq!(config.calendar[1].prepare, ["print the posters"]);
    }
}
