//! What is wanted once, by keys that tell one from another.

use jiff::civil::date;

use super::{Entry, promotions};
use crate::config::{Agenda, App, Config, Language, Made, Occasion, OccasionKind, Shop};
use crate::journal::MatterKind;
use crate::secret::Secret;

fn config() -> Config {
    let mut config = Config::for_tests(
        std::path::Path::new("unused"),
        Shop::for_tests(Language::En),
        Vec::new(),
    );
    let occasion = |kind, name: &str, from, to| Occasion {
        kind,
        name: name.into(),
        from,
        to,
        remind_days: 7,
        prepare: vec!["posters".into()],
    };
    config.calendar = vec![
        occasion(OccasionKind::Promotion, "Past", date(2026, 11, 1), date(2026, 11, 20)),
        occasion(OccasionKind::Promotion, "Now", date(2026, 11, 20), date(2026, 11, 22)),
        occasion(
            OccasionKind::Holiday { hours: None },
            "Closed",
            date(2026, 11, 25),
            date(2026, 11, 25),
        ),
        occasion(OccasionKind::Promotion, "Soon", date(2026, 12, 1), date(2026, 12, 1)),
        occasion(OccasionKind::Promotion, "Far", date(2027, 6, 1), date(2027, 6, 1)),
    ];
    let both = Made { date: true, task: true };
    config.agenda = Some(Agenda {
        owner: "union1".into(),
        people: vec!["union1".into()],
        promotions: both,
        restock: both,
        remind: vec![60],
        page: "https://h/".into(),
    });
    config.dingtalk.app = Some(App {
        client_id: "d".into(),
        client_secret: Secret::new("s"),
        api: "http://127.0.0.1".into(),
        robot_code: "d".into(),
        monthly_calls: 1,
        ca_file: None,
        proxy: None,
    });
    config
}

#[test]
fn promotions_that_are_near_or_under_way_are_wanted_and_are_prepared_before_they_begin() {
    let wanted = |config: &Config| -> Vec<String> {
        let all = promotions(config, date(2026, 11, 21), 5);
        all.into_iter().map(|matter| matter.key).collect()
    };
    assert_eq!(
        wanted(&config()),
        [
            "date/promotion/Now/2026-11-20/2026-11-22",
            "date/promotion/Soon/2026-12-01/2026-12-01",
            "task/promotion/Soon/2026-12-01/2026-12-01",
        ]
    );
    let mut nobody = config();
    nobody.dingtalk.app = None;
    assert_eq!(wanted(&nobody), [""; 0], "the reminder is told all the same");
}

#[test]
fn a_dates_key_is_trusted_for_a_day_and_a_tasks_for_ever() {
    const HOUR_MS: i64 = 3_600_000;
    let new = promotions(&config(), date(2026, 11, 21), 5).remove(0);
    let mut entry = Entry::read(&new.body).expect("as written");
    let other = Entry::read(&promotions(&config(), date(2026, 11, 21), 5)[1].body).expect("too");
    assert!(entry.token() != other.token() && entry.token().len() <= 64);
    assert!(!entry.may_double(MatterKind::Date, 99 * HOUR_MS), "it was not asked yet");
    entry.doubt_ms = Some(0);
    assert!(!entry.may_double(MatterKind::Date, 22 * HOUR_MS));
    assert!(entry.may_double(MatterKind::Date, 23 * HOUR_MS));
    assert!(entry.may_double(MatterKind::Date, -1), "a clock that was set back");
    assert!(!entry.may_double(MatterKind::Task, 99 * HOUR_MS));
}
