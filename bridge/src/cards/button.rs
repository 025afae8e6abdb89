//! What a button means, whatever the template calls it.

use pos_protocol::event::Ruling;

use crate::dingtalk::stream::CardAction;

/// A button of a matter's card.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Button {
    /// Yes.
    Approve,
    /// No.
    Reject,
    /// "I have seen it."
    Acknowledge,
}

/// What templates send with a press, beside the button's own id.
const PARAM: &str = "action";

impl Button {
    /// The button that was pressed; nothing where the template has another one.
    pub(crate) fn of(press: &CardAction) -> Option<Self> {
        let named = press.params.get(PARAM).into_iter().chain(&press.actions);
        named.map(String::as_str).find_map(Self::parse)
    }

    fn parse(word: &str) -> Option<Self> {
        match word {
            "approve" | "accept" | "agree" => Some(Self::Approve),
            "reject" | "refuse" => Some(Self::Reject),
            "acknowledge" | "seen" => Some(Self::Acknowledge),
            _ => None,
        }
    }

    /// What it decides; to have seen something decides nothing.
    pub(crate) fn ruling(self) -> Option<Ruling> {
        match self {
            Self::Approve => Some(Ruling::Approved),
            Self::Reject => Some(Ruling::Rejected),
            Self::Acknowledge => None,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::Button;
    use crate::dingtalk::stream::CardAction;

    #[test]
    fn a_button_is_known_by_its_parameter_or_its_id_and_another_one_is_not_guessed() {
        let press = |id: &str, action: Option<&str>| CardAction {
            id: "p".into(),
            out_track_id: "c".into(),
            user_id: "u".into(),
            actions: vec![id.into()],
            params: action.map(|word| ("action".to_owned(), word.to_owned())).into_iter().collect(),
        };
        assert_eq!(Button::of(&press("approve", None)), Some(Button::Approve));
        assert_eq!(Button::of(&press("1", Some("reject"))), Some(Button::Reject));
        assert_eq!(Button::of(&press("acknowledge", None)), Some(Button::Acknowledge));
        assert_eq!(Button::of(&press("1", Some("delete"))), None);
    }
}
