//! What every message depends on besides what it tells.

use pos_protocol::event::About;

use super::link::ReceiptLink;
use super::templates::Templates;
use crate::config::{Admin, AskBy, Config, Mode, Robot, Shop};
use crate::shop::stock::Left;

/// Whose message, how, and to whom. Borrowed: making one costs nothing.
#[derive(Clone, Copy, Debug)]
pub struct Context<'a> {
    /// The shop that speaks.
    pub shop: &'a Shop,
    /// The robot whose group is told; of a pool, its head.
    pub robot: &'a Robot,
    /// Whether receipts count.
    pub mode: Mode,
    /// Who is called by alarms of the bridge itself.
    pub admin: Option<&'a Admin>,
    /// Where a receipt can be looked at.
    pub link: Option<&'a ReceiptLink>,
    /// Where staff put what was brought back.
    pub form: Option<&'a ReceiptLink>,
    /// How messages are laid out.
    pub templates: &'a Templates,
    /// What is left of each line of a sale, where that is to be shown.
    pub left: &'a [Option<Left>],
}

impl<'a> Context<'a> {
    /// Of `robot` under `config`.
    pub fn new(config: &'a Config, robot: &'a Robot) -> Self {
        Self {
            shop: &config.shop,
            robot,
            mode: config.mode,
            admin: config.admin.as_ref(),
            link: config.receipt_link.as_ref(),
            form: form(config),
            templates: &config.wording,
            left: &[],
        }
    }
}

/// The form of a return, where there is one.
fn form(config: &Config) -> Option<&ReceiptLink> {
    match &config.approval(About::Return)?.by {
        AskBy::Form { link, .. } => Some(link),
        _ => None,
    }
}
