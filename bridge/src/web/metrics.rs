//! The numbers, in Prometheus' text format. Pure: made from [`Status`], so that nothing is counted
//! twice.
//!
//! Names end in `_total` where they only grow. Labels are names out of the configuration, states
//! and stages; trouble in words is not here but in `/healthz`.

use std::fmt::{Display, Write as _};

use crate::control::Status;
use crate::wire::SourceState;

/// All metrics of this moment.
pub fn render(status: &Status) -> String {
    let mut page = Page::default();
    brain(status, &mut page);
    wire(status, &mut page);
    journal(status, &mut page);
    robots(status, &mut page);
    stream(status, &mut page);
    page.text
}

fn brain(status: &Status, page: &mut Page) {
    let health = status.health.clone().unwrap_or_default();
    page.head("posbridge_info", "gauge", "The program's version.");
    page.row("posbridge_info", &[("version", env!("CARGO_PKG_VERSION"))], 1);
    page.one("posbridge_ready", "Attached, and all that was heard is journalled.", status.ready);
    page.one("posbridge_attached", "A wire process is up.", health.attached);
    page.one("posbridge_caught_up", "The ring is read to its end.", health.caught_up);
    page.one(
        "posbridge_clock_plausible",
        "Wall time can be right.",
        !health.troubles.contains_key("clock"),
    );
    page.head("posbridge_trouble", "gauge", "1 for each part that something is wrong with.");
    for part in health.troubles.keys() {
        page.row("posbridge_trouble", &[("part", part)], 1);
    }
    page.head("posbridge_restarts_total", "counter", "Stages started again after a failure.");
    for (stage, count) in &health.restarts {
        page.row("posbridge_restarts_total", &[("stage", stage)], count);
    }
    let name = "posbridge_quarantined_total";
    page.head(name, "counter", "Papers that the decoder failed on.");
    page.row(name, &[], health.quarantined);
}

fn wire(status: &Status, page: &mut Page) {
    let Some(wire) = &status.wire else { return };
    page.head("posbridge_ring_bytes", "gauge", "The ring: what it can hold, and what waits in it.");
    page.row("posbridge_ring_bytes", &[("part", "capacity")], wire.ring_capacity);
    page.row("posbridge_ring_bytes", &[("part", "waiting")], wire.ring_waiting);
    page.head(
        "posbridge_spilled_bytes",
        "gauge",
        "What the ring could not hold and the disk does.",
    );
    page.row("posbridge_spilled_bytes", &[], wire.spilled);
    page.head("posbridge_source_open", "gauge", "The port is open, the listener bound.");
    for source in &wire.sources {
        let open = u8::from(source.state == SourceState::Open);
        page.row("posbridge_source_open", &[("source", &source.name)], open);
    }
    let name = "posbridge_source_heard_bytes_total";
    page.head(name, "counter", "Bytes taken off the wire.");
    for source in &wire.sources {
        let label = |to| [("source", source.name.as_str()), ("direction", to)];
        page.row(name, &label("to_printer"), source.bytes_to_printer);
        page.row(name, &label("from_printer"), source.bytes_from_printer);
    }
    page.head("posbridge_source_gaps_total", "counter", "Places where bytes may be missing.");
    for source in &wire.sources {
        page.row("posbridge_source_gaps_total", &[("source", &source.name)], source.gaps);
    }
    page.head("posbridge_source_connections", "gauge", "Connections open now.");
    for source in &wire.sources {
        page.row("posbridge_source_connections", &[("source", &source.name)], source.connections);
    }
}

fn journal(status: &Status, page: &mut Page) {
    let name = "posbridge_source_journalled_bytes_total";
    page.head(name, "counter", "Bytes towards the printer that are on disk.");
    for source in &status.sources {
        page.row(name, &[("source", &source.name)], source.journalled_bytes);
    }
    page.head("posbridge_events", "gauge", "Events in the journal.");
    page.row("posbridge_events", &[], status.events);
    page.head("posbridge_notices", "gauge", "Notices in the journal, by robot and state.");
    for row in &status.outbox {
        let labels = [("robot", row.robot.as_str()), ("state", row.state.as_str())];
        page.row("posbridge_notices", &labels, row.count);
    }
}

fn robots(status: &Status, page: &mut Page) {
    let name = "posbridge_robot_calls";
    page.head(name, "gauge", "Calls of this month, by the robot that made them.");
    for robot in &status.robots {
        page.row(name, &[("robot", &robot.name)], robot.month_calls);
    }
    page.head("posbridge_robot_paused", "gauge", "The robot is silent for a while.");
    for robot in &status.robots {
        let paused = u8::from(robot.pause_until.is_some());
        page.row("posbridge_robot_paused", &[("robot", &robot.name)], paused);
    }
    let name = "posbridge_month_calls";
    page.head(name, "gauge", "The organisation's calls of this month.");
    page.row(name, &[("part", "used")], status.calls.used);
    page.row(name, &[("part", "forecast")], status.calls.forecast);
    page.row(name, &[("part", "quota")], status.calls.quota);
    if let Some(ahead_s) = status.health.as_ref().and_then(|health| health.ahead_s) {
        let name = "posbridge_clock_ahead_seconds";
        page.head(name, "gauge", "How far this machine's clock is ahead of DingTalk's.");
        page.row(name, &[], ahead_s);
    }
}

fn stream(status: &Status, page: &mut Page) {
    let health = status.health.as_ref();
    let Some(link) = health.and_then(|health| health.stream.as_ref()) else { return };
    let name = "posbridge_stream_connected";
    page.one(name, "The application's connection stands.", link.connected);
    let name = "posbridge_stream_connections_total";
    page.head(name, "counter", "Connections of the application that stood.");
    page.row(name, &[], link.connections);
    let name = "posbridge_stream_lost_total";
    page.head(name, "counter", "Questions and presses that there was no room for.");
    page.row(name, &[], link.lost);
}

#[derive(Default)]
struct Page {
    text: String,
}

impl Page {
    fn head(&mut self, name: &str, kind: &str, help: &str) {
        let _ = writeln!(self.text, "# HELP {name} {help}\n# TYPE {name} {kind}");
    }

    fn one(&mut self, name: &str, help: &str, value: bool) {
        self.head(name, "gauge", help);
        self.row(name, &[], u8::from(value));
    }

    fn row(&mut self, name: &str, labels: &[(&str, &str)], value: impl Display) {
        let labels: Vec<String> = labels
            .iter()
            .map(|(key, value)| {
                let value = value.replace('\\', "\\\\").replace('"', "\\\"").replace('\n', "\\n");
                format!("{key}=\"{value}\"")
            })
            .collect();
        let _ = if labels.is_empty() {
            writeln!(self.text, "{name} {value}")
        } else {
            writeln!(self.text, "{name}{{{}}} {value}", labels.join(","))
        };
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::render;
    use crate::control::Status;

    /// A status that has all there can be.
    fn status() -> Status {
        serde_json::from_value(serde_json::json!({
            "ready": true, "runtime_directory": "/run/p", "trouble": "a long story",
            "health": { "ahead_s": 2, "attached": true, "caught_up": true, "quarantined": 3,
                "restarts": { "delivery": 2 }, "troubles": { "clock": "a long story" },
                "stream": { "connected": true, "tries": 9, "connections": 4, "lost": 2,
                    "unreadable": 0, "repeated": 0, "trouble": "a story" } },
            "wire": { "pid": 7, "generation": "g", "ring_capacity": 100, "ring_waiting": 4,
                "sources": [{ "name": "c\"1", "kind": "file", "state": "open", "since": "x",
                    "bytes_to_printer": 9, "bytes_from_printer": 1, "gaps": 1, "connections": 1 }] },
            "sources": [{ "name": "c\"1", "journalled_bytes": 8 }], "events": 5,
            "outbox": [{ "robot": "owner", "state": "parked", "count": 6, "reason": "a story" }],
            "robots": [{ "name": "owner", "queued": 0, "parked": 6, "parked_why": "a story",
                "dead": 0, "month_calls": 12, "pause_until": "2026-11-21T04:00:00Z" }],
            "calls": { "used": 12, "forecast": 90, "quota": 3000 }
        }))
        .expect("a status")
    }

    /// The names of all metrics in `text`.
    fn names(text: &str) -> BTreeSet<&str> {
        let word = |c: char| c.is_ascii_lowercase() || c == '_';
        let all = text.match_indices("posbridge_").map(|(at, _)| {
            let rest = &text[at..];
            &rest[..rest.find(|c| !word(c)).unwrap_or(rest.len())]
        });
        all.collect()
    }

    #[test]
    fn the_documented_list_is_what_is_told() {
        let page = render(&status());
        let told: BTreeSet<(&str, &str)> =
            page.lines().filter_map(|line| line.strip_prefix("# TYPE ")?.split_once(' ')).collect();
        let docs = include_str!("../../../docs/METRICS.md");
        let rows = docs.lines().filter_map(|line| line.strip_prefix("| `posbridge_"));
        let listed: BTreeSet<(String, &str)> = rows
            .filter_map(|row| {
                let mut cells = row.split(" | ");
                let name = cells.next()?.strip_suffix('`')?;
                let kind = cells.next()?;
                ["gauge", "counter"].contains(&kind).then(|| (format!("posbridge_{name}"), kind))
            })
            .collect();
        let listed = listed.iter().map(|(name, kind)| (name.as_str(), *kind)).collect();
        assert_eq!(told, listed, "told on the left, documented on the right");
    }

    #[test]
    fn the_example_dashboard_asks_for_metrics_that_exist() {
        let text = include_str!("../../../docs/examples/grafana-dashboard.json");
        let board: serde_json::Value = serde_json::from_str(text).expect("JSON");
        let panels = board["panels"].as_array().expect("panels");
        let page = render(&status());
        let known = names(&page);
        let mut asked = BTreeSet::new();
        for panel in panels {
            let targets = panel["targets"].as_array().expect("targets");
            assert!(!targets.is_empty(), "{panel}");
            for target in targets {
                let expr = target["expr"].as_str().expect("a query");
                let found = names(expr);
                assert!(!found.is_empty() && found.is_subset(&known), "{expr}");
                asked.extend(found.into_iter().map(str::to_owned));
            }
        }
        assert!(asked.len() > 15, "{asked:?}");
    }

    #[test]
    fn a_status_is_told_in_numbers_and_no_words_of_it() {
        let page = render(&status());
        for line in [
            "posbridge_ready 1",
            "posbridge_clock_plausible 0",
            "posbridge_quarantined_total 3",
            "posbridge_restarts_total{stage=\"delivery\"} 2",
            "posbridge_trouble{part=\"clock\"} 1",
            "posbridge_ring_bytes{part=\"waiting\"} 4",
            "posbridge_source_open{source=\"c\\\"1\"} 1",
            "posbridge_source_heard_bytes_total{source=\"c\\\"1\",direction=\"to_printer\"} 9",
            "posbridge_source_journalled_bytes_total{source=\"c\\\"1\"} 8",
            "posbridge_robot_calls{robot=\"owner\"} 12",
            "posbridge_stream_connected 1",
            "posbridge_stream_connections_total 4",
            "posbridge_stream_lost_total 2",
            "posbridge_robot_paused{robot=\"owner\"} 1",
            "posbridge_month_calls{part=\"forecast\"} 90",
            "posbridge_notices{robot=\"owner\",state=\"parked\"} 6",
        ] {
            assert!(page.lines().any(|found| found == line), "{line} is not in\n{page}");
        }
        assert!(!page.contains("story"), "{page}");
        let heads = page.lines().filter(|line| line.starts_with("# TYPE")).count();
        let names: BTreeSet<&str> = page
            .lines()
            .filter_map(|line| line.strip_prefix("# TYPE ")?.split(' ').next())
            .collect();
        assert_eq!(heads, names.len(), "every name has one head");
    }
}
