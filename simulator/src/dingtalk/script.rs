//! The fault script: what is left of it, and which fault strikes a call. Pure.

use std::collections::VecDeque;

use super::fault::Fault;

/// Most lines of the fault script.
pub const MAX_FAULTS: usize = 1_000;

/// Faults in the order in which they were scripted.
#[derive(Clone, Debug, Default)]
pub(super) struct Script(VecDeque<Waiting>);

/// A fault that has yet to strike, or to strike again.
#[derive(Clone, Debug)]
struct Waiting {
    fault: Fault,
    /// When its time has passed.
    until_ms: Option<i64>,
}

impl Waiting {
    fn is_over(&self, now_ms: i64) -> bool {
        self.until_ms.is_some_and(|until| now_ms >= until)
    }
}

impl Script {
    /// Appends, all or nothing; a fault that does nothing, or a script that is full, is refused.
    pub(super) fn append(&mut self, faults: Vec<Fault>, now_ms: i64) -> bool {
        let fits = self.0.len() + faults.len() <= MAX_FAULTS;
        let taken = fits && faults.iter().all(Fault::is_sensible);
        if taken {
            self.0.extend(faults.into_iter().map(|fault| Waiting {
                until_ms: fault.for_ms.map(|lasts| now_ms.saturating_add_unsigned(lasts)),
                fault,
            }));
        }
        taken
    }

    /// The first fault that strikes a call, taken off once it is over.
    pub(super) fn strike(
        &mut self,
        strikes: impl Fn(&Fault) -> bool,
        now_ms: i64,
    ) -> Option<Fault> {
        self.0.retain(|waiting| !waiting.is_over(now_ms));
        let at = self.0.iter().position(|waiting| strikes(&waiting.fault))?;
        let fault = &mut self.0.get_mut(at)?.fault;
        let struck = fault.clone();
        if let Some(left) = &mut fault.count {
            *left -= 1;
            if *left == 0 {
                self.0.remove(at);
            }
        }
        Some(struck)
    }

    /// The faults that are not over, each with the time that it has left.
    pub(super) fn left(&self, now_ms: i64) -> Vec<Fault> {
        let waiting = self.0.iter().filter(|waiting| !waiting.is_over(now_ms));
        let left = |until: i64| until.saturating_sub(now_ms).unsigned_abs();
        waiting
            .map(|waiting| Fault { for_ms: waiting.until_ms.map(left), ..waiting.fault.clone() })
            .collect()
    }

    /// Drops it.
    pub(super) fn clear(&mut self) {
        self.0.clear();
    }
}

#[cfg(test)]
mod tests {
    use super::{Fault, MAX_FAULTS, Script};

    fn fault(text: &str) -> Fault {
        serde_json::from_str(text).expect("a fault")
    }

    #[test]
    fn a_fault_with_a_time_strikes_until_it_has_passed_or_its_count_is_used_up() {
        let mut script = Script::default();
        assert!(script.append(vec![fault(r#"{"for_ms":60000,"answer":"html"}"#)], 1_000));
        assert!((0..100).all(|_| script.strike(|fault| fault.strikes(Some("t")), 1_000).is_some()));
        assert_eq!(script.left(31_000)[0].for_ms, Some(30_000));
        assert!(script.left(61_000).is_empty());
        assert_eq!(script.strike(|fault| fault.strikes(Some("t")), 61_000), None);
        assert!(script.append(vec![fault(r#"{"for_ms":60000,"count":1,"answer":"html"}"#)], 0));
        assert!(
            script.strike(|fault| fault.strikes(None), 0).is_some()
                && script.strike(|fault| fault.strikes(None), 0).is_none()
        );
    }

    #[test]
    fn a_script_is_taken_whole_or_not_at_all() {
        let mut script = Script::default();
        let (good, idle) = (fault(r#"{"count":1,"answer":"html"}"#), fault(r#"{"count":1}"#));
        assert!(!script.append(vec![good.clone(), idle], 0));
        assert!(!script.append(vec![good.clone(); MAX_FAULTS + 1], 0));
        assert!(script.left(0).is_empty());
        assert!(script.append(vec![good; MAX_FAULTS], 0));
    }
}
