//! Holds what the bridge's books say against what was counted by hand: summaries when they are told,
//! everything else at the end.

use std::collections::BTreeMap;
use std::fmt::Write as _;

use jiff::ToSpan;
use jiff::civil::{Date, DateTime};
use posbridge::journal::JournalReader;
use posbridge::shop::stock::{Severity, shelf};
use posbridge::shop::{Day, ItemDay, Period, Reckoning, Summary};
use possim::shop::epoch_ms;

use super::counted::{Takings, cents};
use super::play::Stage;
use super::stand::{MONDAY, STANDS};

impl Stage {
    /// Holds a summary against what was counted by hand until now.
    pub(super) fn check_summary(&mut self, summary: &Summary) {
        let shops: Vec<&str> = summary.shops.iter().map(String::as_str).collect();
        let (from, to) = (summary.from, summary.to);
        let name = format!("summary {:?} {from} to {to} {shops:?}", summary.period);
        let own = self.counted.takings(&shops, from, to);
        let wrong = &mut self.outcome.wrong;
        let mut same = |what: &str, bridge: String, hand: String| {
            if bridge != hand {
                wrong.push(format!("{name}: {what}\n  bridge {bridge}\n  hand   {hand}"));
            }
        };
        let bridge = Takings::of(&summary.total);
        same("sums", format!("{bridge:?}"), format!("{own:?}"));
        same("net", format!("{:?}", summary.net.map(cents)), format!("{:?}", Some(own.net())));
        let average = summary.average.map(cents);
        same("average", format!("{average:?}"), format!("{:?}", Some(own.average())));
        let mut items: Vec<(i64, i64, String)> = self
            .counted
            .items(&shops, from, to)
            .into_iter()
            .map(|(name, (count, cents))| (cents, count, name))
            .collect();
        items.sort_by(|a, b| (b.0, b.1, &a.2).cmp(&(a.0, a.1, &b.2)));
        items.truncate(3);
        let top = summary.top.iter().map(|sold| {
            let count = sold.quantity.normalize().to_string().parse::<i64>();
            (cents(sold.amount), count.expect("whole pieces"), sold.name.clone())
        });
        same("top", format!("{:?}", top.collect::<Vec<_>>()), format!("{items:?}"));
        let off: Vec<_> = summary.reports.iter().filter(|report| !report.agrees).collect();
        same("reports", format!("{off:?}"), "[]".to_owned());
    }

    /// Holds what is in the books at the end against what was counted by hand.
    pub(super) fn judge(&mut self) {
        for till in &self.tills {
            let left = till.printed.iter().map(|(event, _)| format!("not read: {event:?}"));
            self.outcome.misread.extend(left);
        }
        let (_, end) = self.script.span();
        self.check_days();
        self.check_stock(end);
        self.check_week(end.date());
        self.check_journal();
        self.outcome.settle();
    }

    fn check_days(&mut self) {
        for stand in &STANDS {
            for date in self.counted.days(stand.shop) {
                let day = Day::read(&self.memory, stand.shop, date).expect("memory");
                let bridge = Takings::of(&day.unwrap_or_default());
                let hand = self.counted.takings(&[stand.shop], date, date);
                self.outcome.days += 1;
                if bridge != hand {
                    self.outcome.wrong.push(format!(
                        "{} on {date}\n  bridge {bridge:?}\n  hand   {hand:?}",
                        stand.shop
                    ));
                }
                let hand = self.counted.items(&[stand.shop], date, date);
                let items = ItemDay::of_day(&self.memory, stand.shop, date).expect("memory");
                let bridge = items.into_iter().map(|(name, item)| {
                    let count = item.quantity.normalize().to_string();
                    (name, (count.parse::<i64>().expect("whole pieces"), cents(item.sum.amount)))
                });
                self.outcome.items += hand.len();
                let bridge: BTreeMap<_, _> = bridge.collect();
                if bridge != hand {
                    self.outcome.wrong.push(format!(
                        "goods of {} on {date}\n  bridge {bridge:?}\n  hand   {hand:?}",
                        stand.shop
                    ));
                }
            }
        }
    }

    fn check_stock(&mut self, now: DateTime) {
        for (stand, hand) in STANDS.iter().zip(&self.shelves) {
            let (shelves, unknown) =
                shelf(&self.memory, stand.shop, epoch_ms(now)).expect("memory");
            let mut left = hand.left();
            self.outcome.articles += left.len();
            for shelf in shelves {
                let hand = left.remove(&shelf.article.name);
                let bridge = shelf.left.map(|left| left.normalize().to_string());
                if bridge != hand.map(|hand| hand.to_string()) {
                    let name = &shelf.article.name;
                    let what = format!("stock of {name}: bridge {bridge:?}, hand {hand:?}");
                    self.outcome.wrong.push(what);
                }
                let low = hand.is_some_and(|hand| hand <= 0);
                if low != (shelf.severity == Severity::Out) {
                    self.outcome
                        .wrong
                        .push(format!("{}: {:?}", shelf.article.name, shelf.severity));
                }
            }
            let names = left.keys().chain(unknown.iter().map(|unknown| &unknown.name));
            self.outcome.wrong.extend(names.map(|name| format!("no article {name}")));
        }
    }

    /// The whole time, shop by shop and together, and its Z reports.
    fn check_week(&mut self, end: Date) {
        let mut groups: Vec<Vec<&str>> = STANDS.iter().map(|stand| vec![stand.shop]).collect();
        groups.push(STANDS.iter().map(|stand| stand.shop).collect());
        for shops in groups {
            let read = Summary::read(&self.memory, &shops, Period::Week, MONDAY, end);
            match read.expect("memory") {
                Some(summary) => self.check_summary(&summary),
                None => self.outcome.wrong.push(format!("no summary of {shops:?}")),
            }
        }
        for stand in &STANDS {
            let after = end.checked_add(1.day()).expect("this year");
            let reports = Reckoning::range(&self.memory, stand.shop, MONDAY, after);
            for report in reports.expect("memory") {
                self.outcome.agreed += usize::from(report.found.agrees());
                self.outcome.figures += report.found.lines.len();
            }
        }
    }

    /// The journal holds the same rows, has told the same, and its events make the rows again.
    fn check_journal(&mut self) {
        let path = self.journal.path().to_owned();
        let reader = JournalReader::open(&path).expect("a journal");
        let books = reader.check_books(&*self.clerk).expect("reads");
        self.outcome.rows = books.rows;
        self.outcome.events = books.events;
        if let Some(row) = books.differs {
            self.outcome.wrong.push(format!("made again from the journal, {row} differs"));
        }
        let conn = rusqlite::Connection::open(&path).expect("a database");
        let sql = "SELECT topic, shop, key, body FROM shop_row ORDER BY topic, shop, key";
        let mut kept = String::new();
        let mut statement = conn.prepare(sql).expect("the schema");
        let mut rows = statement.query([]).expect("reads");
        while let Some(row) = rows.next().expect("reads") {
            let text = |at: usize| row.get::<_, String>(at).expect("text");
            writeln!(kept, "{}\t{}\t{}\t{}", text(0), text(1), text(2), text(3)).expect("memory");
        }
        if kept != self.memory.dump() {
            self.outcome.wrong.push("the journal's rows are not those in memory".to_owned());
        }
        let sql = "SELECT finding_key FROM outbox WHERE subject = 'finding' ORDER BY id";
        let mut statement = conn.prepare(sql).expect("the schema");
        let keys = statement.query_map([], |row| row.get(0)).expect("reads");
        let mut keys: Vec<String> = keys.map(|key| key.expect("text")).collect();
        keys.sort();
        self.keys.sort();
        if keys != self.keys {
            self.outcome.wrong.push("the outbox has not what was found in memory".to_owned());
        }
    }
}
