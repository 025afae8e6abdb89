//! What of the configuration the books follow from besides the events: kept with each event, so that
//! it can be read again as it was read when it came.
//!
//! Thresholds, tones and rules are not here: they decide what is found, never what is kept.

use std::collections::BTreeMap;

use jiff::civil::Time;
use jiff::tz::TimeZone;
use pos_protocol::money::Currency;
use serde::{Deserialize, Serialize};

use crate::config::Config;
use crate::inbound::Scheme;

/// One state of them.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Settings {
    /// IANA name.
    timezone: String,
    pub(super) day_ends: Time,
    /// ISO 4217 code of the shop's currency.
    pub(super) currency: String,
    /// The shop of each source that names one.
    shops: BTreeMap<String, String>,
}

impl Settings {
    pub(super) fn of(config: &Config) -> Self {
        let named = config.sources.iter().filter(|source| !source.shop.is_empty());
        let pushing = config.hooks.iter().filter(|hooks| !hooks.shop.is_empty());
        let pushed = pushing.flat_map(|hooks| {
            Scheme::ALL.into_iter().map(|scheme| (scheme.source(), hooks.shop.clone()))
        });
        Self {
            timezone: config.shop.timezone.iana_name().unwrap_or("UTC").to_owned(),
            day_ends: config.shop.day_ends,
            currency: config.shop.currency.code().to_owned(),
            shops: named
                .map(|source| (source.name.clone(), source.shop.clone()))
                .chain(pushed)
                .collect(),
        }
    }

    /// The shop that a source belongs to.
    pub(super) fn shop(&self, source: &str) -> &str {
        self.shops.get(source).map_or("", String::as_str)
    }

    /// `config` as it was when these were in force, as far as rows follow from it.
    pub(super) fn applied_to(&self, config: &Config) -> Config {
        let mut config = config.clone();
        config.shop.timezone = self.zone();
        config.shop.day_ends = self.day_ends;
        if let Some(currency) = Currency::from_code(&self.currency) {
            config.shop.currency = currency;
        }
        for source in &mut config.sources {
            self.shop(&source.name).clone_into(&mut source.shop);
        }
        config
    }

    pub(super) fn zone(&self) -> TimeZone {
        TimeZone::get(&self.timezone).unwrap_or(TimeZone::UTC)
    }
}
