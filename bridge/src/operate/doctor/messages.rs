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
        for fault in samples::faults(&Context::new(config, robot, &templates)) {
            if !wrong.iter().any(|known| known.to_string() == fault.to_string()) {
                wrong.push(fault);
            }
        }
    }
    if wrong.is_empty() {
        let count = templates.count();
        return vec![Finding::ok(format!(
            "{count} templates in {} say every sample",
            dir.display()
        ))];
    }
    let hint = "until it is mended the built-in template is used: no message is lost";
    wrong.iter().map(|fault| Finding::bad(fault.to_string(), hint)).collect()
}

/// What `robot` would tell of a sample sale, and what the other levels would.
pub(super) fn reveals(config: &Config, robot: &Robot) -> Finding {
    let context = Context::new(config, robot, Templates::built_in());
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
