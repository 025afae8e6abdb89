//! The messages: what each robot would tell of a sample sale, and whether the owner's templates can
//! say everything there is to say.

use std::fmt::Write as _;

use super::Finding;
use crate::config::{Config, Format, Privacy, Robot};
use crate::notice::{Context, Templates, samples};

/// What is wrong with the owner's templates, where there are any.
pub(super) fn templates(config: &Config) -> Vec<Finding> {
    let Some(dir) = &config.templates else { return Vec::new() };
    let (templates, mut wrong) = Templates::load(dir);
    for robot in &config.robots {
        let context = Context { templates: &templates, ..Context::new(config, robot) };
        for fault in samples::faults(&context) {
            if !wrong.iter().any(|known| known.to_string() == fault.to_string()) {
                wrong.push(fault);
            }
        }
    }
    if wrong.is_empty() {
        let count = templates.count();
        return vec![Finding::ok(format!(
            "own templates in {}: {count}, each says every sample",
            dir.display()
        ))];
    }
    let hint = "until it is mended the built-in template is used: no message is lost";
    wrong.iter().map(|fault| Finding::bad(fault.to_string(), hint)).collect()
}

/// What `robot` would tell of a sample sale, and what the other levels would.
pub(super) fn reveals(config: &Config, robot: &Robot) -> Finding {
    let context = Context::new(config, robot);
    let mut words = format!(
        "{}: privacy = \"{}\"; of a sample sale each level tells",
        robot.name,
        level_word(robot.privacy)
    );
    for (level, parts) in samples::revealed(&context) {
        let mark = if level <= robot.privacy { '*' } else { ' ' };
        let more = if level == Privacy::Totals { "" } else { "and " };
        let (level, parts) = (level_word(level), parts.join(" | "));
        // Into a string it cannot fail.
        let _ = write!(words, "\n     {mark} {level:<10} {more}{parts}");
    }
    Finding::ok(words)
}

/// Whether a card has a button to show.
pub(super) fn buttons(config: &Config, robot: &Robot) -> Option<Finding> {
    let none = robot.format == Format::Card && config.receipt_link.is_none();
    none.then(|| {
        Finding::note(
            format!(
                "{}: format = \"card\", but nothing for a button to open: sent as Markdown",
                robot.name
            ),
            "set [notices] receipt_link = \"https://.../{number}\"",
        )
    })
}

fn level_word(level: Privacy) -> &'static str {
    match level {
        Privacy::Totals => "totals",
        Privacy::Categories => "categories",
        Privacy::Items => "items",
        Privacy::Full => "full",
    }
}

#[cfg(test)]
mod tests {
    use super::{reveals, templates};
    use crate::config::{Config, Language, Robot, Shop};
    use crate::operate::doctor::Level;

    fn config(dir: &std::path::Path) -> Config {
        let robot = Robot::for_tests("owner", "https://h/robot/send?access_token=t");
        Config::for_tests(dir, Shop::for_tests(Language::En), vec![robot])
    }

    #[test]
    fn what_each_level_adds_is_shown_and_no_person_is() {
        let dir = tempfile::tempdir().expect("a directory");
        let config = config(dir.path());
        let words = reveals(&config, &config.robots[0]).words;
        let lines: Vec<&str> = words.lines().collect();
        assert_eq!(lines.len(), 5, "{words}");
        assert!(lines[0].contains("privacy = \"totals\""), "{words}");
        assert!(lines[1].starts_with("     * totals ") && lines[1].contains("#1001"), "{words}");
        assert!(lines[2].starts_with("       categories and Paid by: Octopus"), "{words}");
        assert!(lines[3].contains("奶茶") && lines[4].contains("會員 ***"), "{words}");
        for person in ["9123", "A123456", "Chan"] {
            assert!(!words.contains(person), "{words}");
        }
    }

    #[test]
    fn a_template_that_fails_on_a_sample_is_bad_and_names_its_line() {
        let dir = tempfile::tempdir().expect("a directory");
        let own = |text: &str| std::fs::write(dir.path().join("refund.text.j2"), text);
        let config = Config { templates: Some(dir.path().to_owned()), ..config(dir.path()) };
        own("{{ title }} {{ id }}\n{{ totl }}").expect("writable");
        let found = templates(&config);
        assert!(found[0].level == Level::Bad && found[0].words.contains("refund.text.j2, line 2"));
        own("{{ title }} {{ id }}").expect("writable");
        let found = templates(&config);
        assert!(
            found[0].level == Level::Ok && found[0].words.ends_with(": 1, each says every sample")
        );
    }
}
