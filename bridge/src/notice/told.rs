//! What a group would read, as plain text for a terminal or a page. Sends nothing.

use super::context::Context;
use super::{reconciliation, summary};
use crate::config::{Config, Format, Privacy, Robot};
use crate::shop::{Reckoning, Summary};

/// Title and text of `summary` as whoever may see all of it reads it.
pub fn summary_text(summary: &Summary, config: &Config) -> (String, String) {
    let robot = Robot { privacy: Privacy::Full, ..config.robots[0].clone() };
    let card = summary::card(summary, &Context::new(config, &robot));
    let text = config.wording.built_in_text(&card, Format::Text);
    (card.title, text)
}

/// What makes a report differ from our count, a line each.
pub fn causes(reckoning: &Reckoning, config: &Config) -> Vec<String> {
    reconciliation::causes(&reckoning.found, &config.shop, Privacy::Full)
}
