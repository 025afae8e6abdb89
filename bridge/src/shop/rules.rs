//! Which robot is told of which event.

use pos_protocol::event::{Event, Kind};

use crate::config::Robot;
use crate::journal::NewNotice;

/// The notices that an event leads to. `now_ms` is wall time in milliseconds.
pub fn notices(event: &Event, robots: &[Robot], now_ms: i64) -> Vec<NewNotice> {
    robots
        .iter()
        .filter(|robot| robot.is_told(event.kind, &event.source))
        .map(|robot| NewNotice {
            event_id: event.id,
            robot: robot.name.clone(),
            urgent: urgent(event.kind),
            created_ms: now_ms,
        })
        .collect()
}

/// Whether it goes before ordinary sales: whatever a person may have to act on.
pub fn urgent(kind: Kind) -> bool {
    !matches!(kind, Kind::Sale | Kind::Reprint | Kind::Bill | Kind::KitchenOrder | Kind::Document)
}

#[cfg(test)]
mod tests {
    use pos_protocol::event::{Event, EventId, Kind, SCHEMA};

    use super::notices;
    use crate::config::{Hears, Robot};

    fn robot(name: &str, kinds: &[Kind]) -> Robot {
        let url = "http://127.0.0.1/robot/send?access_token=t";
        Robot { notices: kinds.to_vec(), ..Robot::for_tests(name, url) }
    }

    fn event(kind: Kind) -> Event {
        Event {
            schema: SCHEMA,
            id: EventId::parse(&"0".repeat(32)).expect("32 hex digits"),
            source: "counter-1".into(),
            observed_at: "2026-11-21T04:00:00.000Z".into(),
            kind,
            test: false,
            related: None,
            corrects: None,
            receipt: None,
            report: None,
            drawer: None,
            printer: None,
            inventory: None,
            approval: None,
            text: None,
            verdict: None,
            evidence: None,
        }
    }

    #[test]
    fn a_robot_is_told_what_it_asked_for_and_nothing_else() {
        let robots = [robot("owner", &[Kind::Sale, Kind::NoSale]), robot("chef", &[Kind::NoSale])];
        let told = |kind| -> Vec<String> {
            notices(&event(kind), &robots, 7).into_iter().map(|notice| notice.robot).collect()
        };
        assert_eq!(told(Kind::Sale), ["owner"]);
        assert_eq!(told(Kind::NoSale), ["owner", "chef"]);
        assert_eq!(told(Kind::Reprint), Vec::<String>::new());
    }

    #[test]
    fn a_robot_that_names_its_sources_hears_of_no_other() {
        let hears = |name: &str| Hears::Only([name.to_owned()].into());
        let robots = [
            Robot { sources: hears("counter-1"), ..robot("north", &[Kind::Sale]) },
            Robot { sources: hears("counter-10"), ..robot("south", &[Kind::Sale]) },
            robot("owner", &[Kind::Sale]),
        ];
        let told: Vec<String> = notices(&event(Kind::Sale), &robots, 7)
            .into_iter()
            .map(|notice| notice.robot)
            .collect();
        assert_eq!(told, ["north", "owner"]);
    }

    #[test]
    fn a_drawer_opened_with_no_sale_is_urgent_and_a_sale_is_not() {
        let robots = [robot("owner", &[Kind::Sale, Kind::NoSale])];
        assert!(notices(&event(Kind::NoSale), &robots, 7)[0].urgent);
        assert!(!notices(&event(Kind::Sale), &robots, 7)[0].urgent);
    }
}
