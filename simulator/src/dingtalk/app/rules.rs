//! How the application's side of this DingTalk behaves: the `[app]` table of a profile.
//!
//! Numbers that DingTalk documents are the defaults; the others are choices, and
//! `docs/SIMULATOR.md` says so.

use std::collections::BTreeMap;

use serde::Deserialize;

/// The application's side.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct AppRules {
    /// How long an access token is valid.
    pub token_seconds: u32,
    /// Calls a second of one interface.
    pub calls_per_second: u32,
    /// Calls a month of all interfaces together.
    pub calls_monthly: u32,
    /// How long a ticket of the Stream gateway is valid.
    pub ticket_seconds: u32,
    /// How long an address to answer a question at is valid.
    pub session_seconds: u32,
    /// How long an unanswered event waits to be sent again (documented nowhere).
    pub resend_seconds: u32,
    /// Pause between two pings of a connection (documented nowhere).
    pub ping_seconds: u32,
    /// How long a connection lives until it is told to go; 0 is for ever (documented nowhere).
    pub connection_seconds: u32,
    /// How long the press of a card's button waits for its answer, in real time.
    pub card_answer_ms: u32,
    /// Calendar events that one user can create in a day.
    pub events_daily: u32,
    /// Most receivers of a one-to-one message: 20 in the table, 100 in the text of the error.
    pub receivers: u32,
    /// User ids of the organisation; absent, everybody belongs to it.
    pub users: Option<Vec<String>>,
    /// Approval templates; absent, every code that begins with `PROC-`.
    pub processes: Option<Vec<String>>,
    /// Card templates; absent, every template is there and published.
    pub templates: Option<BTreeMap<String, CardTemplate>>,
    /// Permissions that the application lacks.
    pub denied: Vec<String>,
    /// Who decides where a call names no approvers.
    pub approver: String,
}

impl Default for AppRules {
    fn default() -> Self {
        Self {
            token_seconds: 7_200,
            calls_per_second: 20,
            calls_monthly: 5_000,
            ticket_seconds: 90,
            session_seconds: 5_400,
            resend_seconds: 60,
            ping_seconds: 30,
            connection_seconds: 0,
            card_answer_ms: 2_000,
            events_daily: 100,
            receivers: 20,
            users: None,
            processes: None,
            templates: None,
            denied: Vec::new(),
            approver: "manager".to_owned(),
        }
    }
}

impl AppRules {
    /// Whether `user` belongs to the organisation.
    pub(in crate::dingtalk) fn knows_user(&self, user: &str) -> bool {
        self.users.as_ref().is_none_or(|users| users.iter().any(|known| known == user))
    }

    /// Whether there is an approval template of this code.
    pub(in crate::dingtalk) fn knows_process(&self, code: &str) -> bool {
        match &self.processes {
            Some(known) => known.iter().any(|known| known == code),
            None => code.starts_with("PROC-"),
        }
    }
}

/// A card template, as its designer left it.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct CardTemplate {
    /// Whether it can be used.
    pub published: bool,
    /// Its buttons: the id that a press sends, and what stands on it.
    pub buttons: BTreeMap<String, String>,
}

impl Default for CardTemplate {
    fn default() -> Self {
        Self { published: true, buttons: BTreeMap::new() }
    }
}

#[cfg(test)]
mod tests {
    use super::AppRules;
    use crate::dingtalk::Profile;

    #[test]
    fn the_documented_numbers_are_the_defaults() {
        let rules = AppRules::default();
        assert_eq!(
            (rules.token_seconds, rules.ticket_seconds, rules.session_seconds),
            (7_200, 90, 5_400)
        );
        assert_eq!(
            (rules.calls_per_second, rules.calls_monthly, rules.events_daily),
            (20, 5_000, 100)
        );
        assert_eq!(rules.card_answer_ms, 2_000);
    }

    #[test]
    fn a_profile_can_choose_otherwise_and_a_misspelt_key_is_an_error() {
        let text = r#"
            [app]
            users = ["u1"]
            processes = ["refund"]
            [app.templates."today.schema"]
            buttons = { approve = "Approve" }
        "#;
        let rules = toml::from_str::<Profile>(text).expect("a profile").app;
        assert!(rules.knows_user("u1") && !rules.knows_user("u2"));
        assert!(rules.knows_process("refund") && !rules.knows_process("PROC-1"));
        assert!(rules.templates.expect("templates")["today.schema"].published);
        assert!(toml::from_str::<Profile>("app.tickets = 1").is_err());
    }
}
