//! What tests start from. A test says what matters to it and leaves the rest as it is here.

use std::collections::BTreeSet;

use super::exceptions::Exceptions;
use super::hooks::{Hooks, Pushed};
use super::resolved::{
    Admin, Config, Dingtalk, Format, Hears, Journal, Mode, Privacy, Robot, Sales, Tone,
};
use super::resolved_shop::{Language, Shop};
use super::web::Web;
use crate::secret::Secret;

impl Robot {
    /// A robot that is told nothing yet, in plain text.
    pub(crate) fn for_tests(name: &str, url: &str) -> Self {
        Self {
            name: name.into(),
            url: Secret::new(url),
            secret: None,
            keywords: Vec::new(),
            notices: Vec::new(),
            findings: Vec::new(),
            sources: Hears::All,
            format: Format::Text,
            privacy: Privacy::Totals,
            ca_file: None,
            sales: Sales::Each,
            pool: None,
            proxy: None,
            mentions: Vec::new(),
            group: None,
            stock_left: false,
            stock_tone: Tone::Plain,
        }
    }
}

impl Shop {
    /// A shop in Hong Kong that has not said when it is open.
    pub(crate) fn for_tests(language: Language) -> Self {
        Self {
            name: "明記冰室".into(),
            timezone: jiff::tz::TimeZone::get("Asia/Hong_Kong").expect("a known zone"),
            currency: pos_protocol::money::Currency::HKD,
            language,
            hours: None,
            day_ends: jiff::civil::time(4, 0, 0, 0),
            float: pos_protocol::money::Amount::zero(0),
        }
    }
}

impl Config {
    /// A configuration in `dir` with these robots and no source.
    pub(crate) fn for_tests(dir: &std::path::Path, shop: Shop, robots: Vec<Robot>) -> Self {
        Self {
            file: dir.join("posbridge.toml"),
            mode: Mode::Live,
            shop,
            journal: Journal { path: dir.join("j.db"), keep_days: 30, max_mib: 1024 },
            sources: Vec::new(),
            robots,
            exceptions: Exceptions::default(),
            rules: Vec::new(),
            dingtalk: Dingtalk { monthly_quota: 3_000, app: None, may_change: BTreeSet::new() },
            admin: None::<Admin>,
            templates: None,
            wording: crate::notice::Templates::shared(),
            receipt_link: None,
            web: Web::default(),
            hooks: None,
            calendar: Vec::new(),
            approvals: Vec::new(),
            agenda: None,
            today: None,
        }
    }
}

impl Hooks {
    /// Tills may push, and this is what proves it.
    pub(crate) fn for_tests(pushed: Pushed) -> Self {
        Self { listen: ([127, 0, 0, 1], 0).into(), shop: String::new(), pushed }
    }
}
