//! What stands in the fields of a form, and the receipt in words.
//!
//! Nothing leaves the shop here that the robot's `privacy` keeps back.

use pos_protocol::event::Event;

use super::matter::Matter;
use crate::config::{Config, Filling, Robot};
use crate::notice;

/// Longest text in a field of a form, in characters: OA's text fields take a few thousand.
const MAX_TEXT_CHARS: usize = 2_000;

/// The receipt of `event` as the group of `robot` may read it.
pub(crate) fn receipt_text(event: &Event, config: &Config, robot: &str) -> Option<String> {
    let robot: &Robot = config.robots.iter().find(|known| known.name == robot)?;
    let text = notice::receipt_text(event, config, robot);
    Some(text.chars().take(MAX_TEXT_CHARS).collect())
}

/// The form's fields for `matter`. What it has not stands there as an empty text: a field that is
/// left out may be one that the form wants.
pub(crate) fn filled(
    matter: &Matter,
    config: &Config,
    fields: &[(String, Filling)],
) -> Vec<(String, String)> {
    let value = |filling: &Filling| match filling {
        Filling::Title => Some(notice::matter_title(matter, config)),
        Filling::Receipt => {
            matter.receipt.clone().or_else(|| Some(notice::matter_title(matter, config)))
        }
        Filling::Number => matter.number.clone(),
        Filling::Amount => matter.amount.map(|amount| amount.to_string()),
        Filling::Shop => Some(shop(&matter.shop, config)),
        Filling::To => matter.to.as_deref().map(|to| shop(to, config)),
        Filling::Goods => Some(notice::goods(matter, config)),
        Filling::Time => notice::matter_time(matter, config),
        Filling::Source => matter.source.clone(),
        Filling::Reference => Some(matter.reference()),
        Filling::Text(text) => Some(text.clone()),
    };
    fields
        .iter()
        .map(|(name, filling)| (name.clone(), value(filling).unwrap_or_default()))
        .collect()
}

fn shop(name: &str, config: &Config) -> String {
    if name.is_empty() { config.shop.name.clone() } else { name.to_owned() }
}
