//! What the configuration means once it has been checked: who is asked about what, and whose
//! calendar and tasks are filled.

use std::collections::BTreeSet;
use std::time::Duration;

use pos_protocol::event::{About, Way};
use pos_protocol::money::Amount;

use super::resolved_shop::OccasionKind;
use crate::notice::ReceiptLink;
use crate::secret::Secret;

/// One `[[approval]]`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Approve {
    /// What has to be decided; no two have the same.
    pub about: About,
    /// How people are asked.
    pub by: AskBy,
    /// The robot whose group hears how it ended. Its `privacy` says what of a receipt is shown.
    pub robot: String,
    /// Of a drawer: only what is missing beyond this.
    pub over: Amount,
}

/// How people are asked.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum AskBy {
    /// A process of the organisation's OA.
    Oa {
        /// Its template: `PROC-...`.
        process_code: String,
        /// In whose name it is asked, a user id.
        originator: String,
        /// Their department; their first one where nothing is said.
        department: Option<i64>,
        /// What stands in which field of the form.
        fields: Vec<(String, Filling)>,
    },
    /// A process of a Yida application.
    Yida {
        /// The application: `APP_...`.
        app_type: String,
        /// Its key.
        system_token: Secret,
        /// The form: `FORM-...`.
        form: String,
        /// Its process, where it has several.
        process_code: Option<String>,
        /// In whose name it is started, a user id.
        originator: String,
        /// What stands in which field of the form.
        fields: Vec<(String, Filling)>,
    },
    /// A card with buttons in a group.
    Card {
        /// Its template.
        template: String,
        /// The group's conversation.
        group: String,
        /// Who may decide, by user id.
        deciders: BTreeSet<String>,
    },
    /// A form that staff open by themselves: of a return.
    Form {
        /// Where it is.
        link: ReceiptLink,
        /// The process that it starts.
        process_code: Option<String>,
        /// Where its number is read, so that a result is told with its receipt.
        read: Option<FormRead>,
    },
}

/// Where the number of a receipt stands in a form that staff filled in.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FormRead {
    /// The Yida application: `APP_...`.
    pub app_type: String,
    /// Its key.
    pub system_token: Secret,
    /// In whose name it is read, a user id.
    pub originator: String,
    /// The field's unique id.
    pub number_field: String,
}

impl AskBy {
    /// The word in events; a form is opened by people, not by us.
    pub fn way(&self) -> Option<Way> {
        match self {
            Self::Oa { .. } => Some(Way::Oa),
            Self::Yida { .. } => Some(Way::Yida),
            Self::Card { .. } => Some(Way::Card),
            Self::Form { .. } => None,
        }
    }

    /// The process that its results come from.
    pub fn process_code(&self) -> Option<&str> {
        match self {
            Self::Oa { process_code, .. } => Some(process_code),
            Self::Yida { process_code, .. } | Self::Form { process_code, .. } => {
                process_code.as_deref()
            }
            Self::Card { .. } => None,
        }
    }
}

/// What stands in a field of a form.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Filling {
    /// What is to be decided, in one line.
    Title,
    /// The receipt in words.
    Receipt,
    /// Receipt number.
    Number,
    /// The money, a plain number.
    Amount,
    /// The shop; of a transfer, the one that gives.
    Shop,
    /// The shop that gets.
    To,
    /// What is to go, and how much of it.
    Goods,
    /// When it came up, local time.
    Time,
    /// The till.
    Source,
    /// Our short name of the matter.
    Reference,
    /// These words.
    Text(String),
}

/// `[agenda]`: whose calendar and tasks are filled.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Agenda {
    /// Whose calendar it is, and who makes the tasks, by union id.
    pub owner: String,
    /// Who is asked to the dates and does the tasks, by union id; at least one.
    pub people: Vec<String>,
    /// What is made for a promotion.
    pub promotions: Made,
    /// What is made for something that runs out.
    pub restock: Made,
    /// Minutes before a date that people are reminded.
    pub remind: Vec<u32>,
    /// The page that a task opens where there is no better one.
    pub page: String,
}

/// What is made.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Made {
    /// An event in the calendar.
    pub date: bool,
    /// A task.
    pub task: bool,
}

/// `[today]`: one card that shows the day and changes in place.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TodayCard {
    /// Its template.
    pub template: String,
    /// The group's conversation.
    pub group: String,
    /// Shortest time between two changes.
    pub every: Duration,
}

impl OccasionKind {
    /// Whether goods are sold at other prices.
    pub fn is_promotion(self) -> bool {
        matches!(self, Self::Promotion)
    }
}
