//! The card of a matter: what it is about, where it stands, who has seen it.

use super::{fitted, shortened};
use crate::approve::{Matter, State};
use crate::config::Config;
use crate::dingtalk::openapi::CardData;
use crate::notice::{self, PressWord};

/// What everybody sees.
pub(crate) fn matter_card(matter: &Matter, config: &Config) -> CardData {
    let (ruling, seen, open) = match &matter.state {
        State::Closed { ruling, by, .. } => (Some((*ruling, by.as_deref())), &[][..], false),
        State::Open { seen, .. } => (None, &seen[..], true),
        State::Waiting { .. } | State::Asking { .. } => (None, &[][..], true),
    };
    let reference = notice::matter_reference(matter, config);
    let text = matter.receipt.as_deref().unwrap_or_default().replace('\n', "\n\n");
    let text = if text.is_empty() { reference } else { format!("{text}\n\n{reference}") };
    fitted([
        ("title", notice::matter_title(matter, config)),
        ("text", text),
        ("state", notice::matter_state(ruling, config)),
        ("open", open.to_string()),
        ("seen", notice::seen_by(seen, config)),
    ])
}

/// What of it changes: the receipt stays as it was shown.
pub(crate) fn matter_state(matter: &Matter, config: &Config) -> CardData {
    let mut card = matter_card(matter, config);
    card.retain(|name, _| matches!(name.as_str(), "state" | "open" | "seen"));
    card
}

/// What the one who pressed is told.
pub(crate) fn told(word: PressWord, config: &Config) -> CardData {
    [("told".to_owned(), shortened(notice::press(word, config)))].into()
}
