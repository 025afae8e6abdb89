//! From what was typed to what is meant: `[agenda]` and `[today]`.

use std::ops::RangeInclusive;
use std::time::Duration;

use toml::Spanned;

use super::raw::{RawAgenda, RawToday, Text, Texts};
use super::resolved_matters::{Agenda, Made, TodayCard};
use super::scope::{Scope, Wrong, quoted};

/// Most reminders of one date, and how long before: four weeks.
const MAX_REMINDERS: usize = 5;
const REMIND_MINUTES: RangeInclusive<i64> = 0..=40_320;
/// Where nothing is said: the day before, and an hour before.
const DEFAULT_REMIND: [u32; 2] = [1_440, 60];
/// DingTalk wants a page for each task; this one says what DingTalk is.
const DEFAULT_PAGE: &str = "https://www.dingtalk.com/";
/// How often the day's card may change: more often nobody looks, and each change is a call of the
/// month.
const TODAY_EVERY: RangeInclusive<Duration> = Duration::from_mins(1)..=Duration::from_hours(12);
const DEFAULT_TODAY_EVERY: Duration = Duration::from_mins(15);
/// Most people of one date or task.
const MAX_PEOPLE: usize = 50;
/// Longest union id, in bytes.
const MAX_UNION_BYTES: usize = 128;

impl Scope<'_> {
    /// `[agenda]`, where it stands in the file.
    pub(super) fn agenda(
        &mut self,
        typed: Option<&Spanned<RawAgenda>>,
    ) -> Result<Option<Agenda>, Wrong> {
        let Some(typed) = typed else { return Ok(None) };
        let (table, place) = (typed.get_ref(), typed.span());
        let owner = if let Some(owner) = &table.owner {
            self.union_id(owner)
        } else {
            let hint = "the union id of the person whose calendar it is: the developer \
                        console's API explorer shows it";
            self.wrong(place, "`owner`, a union id", "none", hint);
            None
        };
        let people = self.union_ids(&table.people);
        let promotions = self.made(&table.promotions);
        let restock = self.made(&table.restock);
        let remind = self.remind(table);
        let page = self.page(&table.page);
        let owner = owner.ok_or(Wrong)?;
        let people = people.ok_or(Wrong)?;
        let people = if people.is_empty() { vec![owner.clone()] } else { people };
        Ok(Some(Agenda {
            owner,
            people,
            promotions: promotions.ok_or(Wrong)?,
            restock: restock.ok_or(Wrong)?,
            remind: remind.ok_or(Wrong)?,
            page: page.ok_or(Wrong)?,
        }))
    }

    /// `[today]`, where it stands in the file.
    pub(super) fn today(
        &mut self,
        typed: Option<&Spanned<RawToday>>,
    ) -> Result<Option<TodayCard>, Wrong> {
        let Some(typed) = typed else { return Ok(None) };
        let (table, place) = (typed.get_ref(), typed.span());
        let template = self.code(&table.template, "template", place.clone());
        let group = self.conversation(&table.group, place);
        let every = self.duration(&table.every, TODAY_EVERY, DEFAULT_TODAY_EVERY);
        Ok(Some(TodayCard {
            template: template.ok_or(Wrong)?,
            group: group.ok_or(Wrong)?,
            every: every.ok_or(Wrong)?,
        }))
    }

    fn union_ids(&mut self, typed: &Texts) -> Option<Vec<String>> {
        let Some(typed) = typed else { return Some(Vec::new()) };
        if typed.get_ref().len() > MAX_PEOPLE {
            let found = typed.get_ref().len().to_string();
            let hint = "a task for everybody is done by nobody";
            self.wrong(typed.span(), format!("at most {MAX_PEOPLE} people"), found, hint);
            return None;
        }
        let ids: Vec<Option<String>> =
            typed.get_ref().iter().map(|one| self.union_id(one)).collect();
        ids.into_iter().collect()
    }

    /// Not a user id: those are longer ago, and calendars do not know them.
    fn union_id(&mut self, typed: &Spanned<String>) -> Option<String> {
        let id = typed.get_ref().trim();
        let seen = |c: char| !c.is_whitespace() && !c.is_control();
        if id.is_empty() || id.len() > MAX_UNION_BYTES || !id.chars().all(seen) {
            let expected = format!("a union id of 1 to {MAX_UNION_BYTES} bytes without blanks");
            let hint = "calendars and tasks know people by union id, not by user id";
            self.wrong(typed.span(), expected, quoted(id), hint);
            return None;
        }
        Some(id.to_owned())
    }

    fn made(&mut self, typed: &Texts) -> Option<Made> {
        let Some(typed) = typed else { return Some(Made { date: true, task: true }) };
        let mut made = Made { date: false, task: false };
        let mut good = true;
        for word in typed.get_ref() {
            match word.get_ref().as_str() {
                "calendar" => made.date = true,
                "todo" => made.task = true,
                other => {
                    let hint = "[] is neither";
                    self.wrong(word.span(), "\"calendar\" or \"todo\"", quoted(other), hint);
                    good = false;
                }
            }
        }
        good.then_some(made)
    }

    fn remind(&mut self, table: &RawAgenda) -> Option<Vec<u32>> {
        let Some(typed) = &table.remind else { return Some(DEFAULT_REMIND.to_vec()) };
        let minutes: Option<Vec<u32>> = typed
            .get_ref()
            .iter()
            .map(|one| u32::try_from(*one).ok().filter(|_| REMIND_MINUTES.contains(one)))
            .collect();
        let fits = minutes.filter(|all| all.len() <= MAX_REMINDERS);
        if fits.is_none() {
            let expected = format!("at most {MAX_REMINDERS} numbers of minutes, up to four weeks");
            self.wrong(typed.span(), expected, "something else", "remind = [1440, 60]");
        }
        fits
    }

    fn page(&mut self, typed: &Text) -> Option<String> {
        let Some(typed) = typed else { return Some(DEFAULT_PAGE.to_owned()) };
        let url = reqwest::Url::parse(typed.get_ref()).ok();
        if url.is_some_and(|url| matches!(url.scheme(), "http" | "https")) {
            return Some(typed.get_ref().clone());
        }
        let hint = "a task opens it: your supplier's page, or leave it out";
        self.wrong(typed.span(), "an http or https address", quoted(typed.get_ref()), hint);
        None
    }
}
