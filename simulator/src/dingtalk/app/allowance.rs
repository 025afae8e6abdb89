//! What an application may still call: so often a second per interface, so often a month.
//!
//! A call that was too fast costs nothing of the month.

use std::collections::{HashMap, VecDeque};

use super::endpoint::Endpoint;
use super::refusal::ApiRefusal;
use super::rules::AppRules;
use crate::dingtalk::limiter::end_of_month;

/// Window of the rate, in milliseconds of the mock's clock.
const SECOND_MS: i64 = 1_000;

/// Calls that were made.
#[derive(Clone, Debug, Default)]
pub(super) struct Allowance {
    recent: HashMap<Endpoint, VecDeque<i64>>,
    month_ends_ms: i64,
    month: u32,
}

impl Allowance {
    /// Lets one more call through, or says why not.
    pub(super) fn spend(
        &mut self,
        endpoint: Endpoint,
        rules: &AppRules,
        now_ms: i64,
    ) -> Result<(), ApiRefusal> {
        let recent = self.recent.entry(endpoint).or_default();
        while recent.front().is_some_and(|at| at + SECOND_MS <= now_ms) {
            recent.pop_front();
        }
        if recent.len() >= rules.calls_per_second as usize {
            return Err(ApiRefusal::too_fast());
        }
        recent.push_back(now_ms);
        if now_ms >= self.month_ends_ms {
            (self.month_ends_ms, self.month) = (end_of_month(now_ms), 0);
        }
        if self.month >= rules.calls_monthly {
            return Err(ApiRefusal::month());
        }
        self.month += 1;
        Ok(())
    }

    /// Calls of this month.
    pub(super) fn used(&self) -> u32 {
        self.month
    }
}

#[cfg(test)]
mod tests {
    use super::{Allowance, AppRules, Endpoint};

    fn spend(allowance: &mut Allowance, endpoint: Endpoint, at: i64) -> Result<(), String> {
        let rules = AppRules { calls_per_second: 2, calls_monthly: 4, ..AppRules::default() };
        let refusal = |refusal: super::ApiRefusal| {
            refusal.code.rsplit('.').next().unwrap_or_default().to_owned()
        };
        allowance.spend(endpoint, &rules, at).map_err(refusal)
    }

    #[test]
    fn a_second_is_of_one_interface_and_what_it_refuses_costs_nothing_of_the_month() {
        let mut allowance = Allowance::default();
        let too_fast = Err("QpsLimitForAppkeyAndApi".to_owned());
        assert_eq!(spend(&mut allowance, Endpoint::GroupSend, 0), Ok(()));
        assert_eq!(spend(&mut allowance, Endpoint::GroupSend, 1), Ok(()));
        assert_eq!(spend(&mut allowance, Endpoint::GroupSend, 2), too_fast);
        assert_eq!(spend(&mut allowance, Endpoint::GroupSend, 999), too_fast);
        assert_eq!(spend(&mut allowance, Endpoint::CardUpdate, 2), Ok(()));
        assert_eq!(spend(&mut allowance, Endpoint::GroupSend, 1_000), Ok(()));
        assert_eq!(allowance.used(), 4);
        let month = Err("ApiCountLimitForOrg".to_owned());
        assert_eq!(spend(&mut allowance, Endpoint::OneToOne, 2_000), month);
        let next = super::end_of_month(2_000);
        assert_eq!(spend(&mut allowance, Endpoint::OneToOne, next), Ok(()));
    }
}
