//! The owner's rules: what each would say of a sample, and to whom.
//!
//! On a sample of a day without sales: sums of the day read as zero.

use std::fmt::Write as _;

use pos_protocol::event::Kind;

use super::Finding;
use crate::config::{Config, Robot};
use crate::notice::samples;
use crate::shop::{FindingKind, Moment, Once, Rule};

/// Most characters of a text that are shown.
const MAX_SHOWN_CHARS: usize = 300;

/// Each rule on a sample of each of its kinds.
pub(super) fn rules(config: &Config) -> Vec<Finding> {
    config.rules.iter().map(|rule| tried(rule, config)).collect()
}

fn tried(rule: &Rule, config: &Config) -> Finding {
    let speaks = |robot: &&Robot| {
        robot.pool.is_none()
            && rule.robot.as_ref().map_or_else(
                || robot.findings.contains(&FindingKind::Rule),
                |name| robot.name == *name,
            )
    };
    let robots: Vec<&Robot> = config.robots.iter().filter(speaks).collect();
    let names: Vec<&str> = robots.iter().map(|robot| robot.name.as_str()).collect();
    let Some(robot) = robots.first() else {
        let hint = "name a `robot`, or add \"rule\" to a robot's notices";
        return Finding::bad(format!("rule {}: no robot says it", rule.name), hint);
    };
    let once = if rule.once == Once::Day { ", once a day" } else { "" };
    let mut words = format!("rule {}: said by {}{once}", rule.name, names.join(", "));
    for kind in &rule.on {
        let event = samples::event(*kind);
        let shop = &config.shop;
        let Some(at) = Moment::of(&event, &shop.timezone, shop.day_ends) else { continue };
        match rule.rehearse(&event, at, config, robot) {
            Ok((holds, text)) => tell(&mut words, *kind, holds, &text),
            Err(fault) => {
                let words = format!("rule {}: on a sample {kind}: {}", rule.name, fault.why);
                return Finding::bad(words, "mend `when` or `say`; docs/SHOP.md lists the fields");
            }
        }
    }
    Finding::ok(words)
}

fn tell(words: &mut String, kind: Kind, holds: bool, text: &str) {
    let holds = if holds { "holds" } else { "does not hold" };
    let text: String = text.replace('\n', " | ").chars().take(MAX_SHOWN_CHARS).collect();
    // Into a string it cannot fail.
    let _ = write!(words, "\n     of a sample {kind} it {holds}; it says: {text}");
}

#[cfg(test)]
mod tests {
    use std::path::Path;

    use super::rules;
    use crate::config::parse_in;
    use crate::operate::doctor::Level;

    const TEXT: &str = r#"
[[source]]
name = "till"
kind = "file"
path = "a"
[[robot]]
name = "owner"
url = "http://127.0.0.1/?access_token=t"
[[robot]]
name = "staff"
url = "http://127.0.0.1/?access_token=t"
notices = []
[[rule]]
name = "large"
on = ["sale", "refund"]
when = "total > 50"
say = "Large: {{ total }}\n{{ items|length }} lines"
[[rule]]
name = "table"
on = ["sale"]
say = "{% if cashier %}by {{ cashier }}{% endif %}"
robot = "staff"
"#;

    #[test]
    fn each_rule_is_shown_on_samples_of_its_kinds_and_one_that_fails_is_bad() {
        let (config, _) = parse_in(TEXT, Path::new("p.toml"), &|_| None).expect("good");
        let found = rules(&config);
        assert_eq!(found[0].level, Level::Ok);
        let lines: Vec<&str> = found[0].words.lines().map(str::trim).collect();
        assert_eq!(
            lines,
            [
                "rule large: said by owner",
                "of a sample sale it holds; it says: Large: HK$89.00 | 0 lines",
                "of a sample refund it does not hold; it says: Large: -HK$89.00 | 0 lines",
            ]
        );
        assert_eq!(found[1].level, Level::Bad);
        assert!(found[1].words.contains("found an empty text"), "{}", found[1].words);
        let nobody = TEXT
            .replace("robot = \"staff\"", "")
            .replace("name = \"owner\"", "name = \"owner\"\nnotices = [\"sale\"]");
        let (config, _) = parse_in(&nobody, Path::new("p.toml"), &|_| None).expect("good");
        assert!(rules(&config).iter().all(|found| found.words.ends_with("no robot says it")));
    }
}
