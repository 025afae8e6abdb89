//! Which faults of a plan happen: all of them, those up to one, or some by number, perhaps shorter.
//!
//! `3,17=250ms` is fault 3 as it was planned and fault 17 for a quarter of a second.

use std::fmt;
use std::str::FromStr;
use std::time::Duration;

use super::error::ChaosError;
use super::fault::Planned;

/// Some faults of a plan.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Choice(Vec<(u32, Option<Duration>)>);

/// A list of faults that cannot be read.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("expected numbers of faults such as 3,17=250ms, found {0:?}")]
pub struct BadChoice(String);

impl Choice {
    /// What makes `smallest` of the plan that has `all`.
    pub fn of(smallest: &[Planned], all: &[Planned]) -> Self {
        let lasts = |planned: &Planned| {
            let same = all.iter().any(|other| other == planned);
            (planned.n, (!same).then(|| planned.fault.lasts()))
        };
        Self(smallest.iter().map(lasts).collect())
    }

    /// The faults of `all` that it names.
    pub fn take(&self, all: &[Planned]) -> Result<Vec<Planned>, ChaosError> {
        let mut taken = Vec::new();
        for (n, lasts) in &self.0 {
            let mut planned = found(all, *n)?.clone();
            if let Some(lasts) = lasts {
                planned.fault = planned.fault.lasting(*lasts);
            }
            taken.push(planned);
        }
        taken.sort_by_key(|planned| planned.n);
        Ok(taken)
    }
}

/// The faults of `all` up to number `last`.
pub fn up_to(all: &[Planned], last: u32) -> Result<Vec<Planned>, ChaosError> {
    found(all, last)?;
    Ok(all.iter().filter(|planned| planned.n <= last).cloned().collect())
}

fn found(all: &[Planned], n: u32) -> Result<&Planned, ChaosError> {
    let last = all.last().map_or(0, |planned| planned.n);
    all.iter().find(|planned| planned.n == n).ok_or(ChaosError::NoFault { found: n, last })
}

impl FromStr for Choice {
    type Err = BadChoice;

    fn from_str(text: &str) -> Result<Self, BadChoice> {
        let bad = || BadChoice(text.to_owned());
        let one = |part: &str| {
            let (n, lasts) = part.split_once('=').map_or((part, None), |(n, ms)| (n, Some(ms)));
            let lasts = lasts.map(|lasts| {
                let ms = lasts.strip_suffix("ms")?.parse().ok()?;
                Some(Duration::from_millis(ms))
            });
            // A length that cannot be read is a mistake and not a missing one.
            let lasts = match lasts {
                Some(None) => return None,
                Some(lasts) => lasts,
                None => None,
            };
            Some((n.trim().parse().ok()?, lasts))
        };
        // No fault at all is a choice too: whether it fails without any.
        let parts = text.split(',').filter(|_| !text.is_empty());
        parts.map(one).collect::<Option<_>>().map(Self).ok_or_else(bad)
    }
}

impl fmt::Display for Choice {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (at, (n, lasts)) in self.0.iter().enumerate() {
            f.write_str(if at == 0 { "" } else { "," })?;
            match lasts {
                Some(lasts) => write!(f, "{n}={}ms", lasts.as_millis())?,
                None => write!(f, "{n}")?,
            }
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::super::fault::Fault;
    use super::{Choice, Planned, up_to};

    fn plan() -> Vec<Planned> {
        let fault = Fault::NetworkAway { away_for: Duration::from_secs(2) };
        (1..=20)
            .map(|n| Planned { n, at: Duration::from_secs(n.into()), fault: fault.clone() })
            .collect()
    }

    #[test]
    fn what_a_choice_says_chooses_the_same_again() {
        let all = plan();
        let mut smallest = vec![all[2].clone(), all[16].clone()];
        smallest[1].fault = smallest[1].fault.lasting(Duration::from_millis(250));
        let choice = Choice::of(&smallest, &all);
        assert_eq!(choice.to_string(), "3,17=250ms");
        let read: Choice = "3,17=250ms".parse().expect("what it says");
        assert_eq!(read.take(&all).expect("faults of the plan"), smallest);
        let none: Choice = "".parse().expect("none at all");
        assert!(none.take(&all).expect("none").is_empty());
    }

    #[test]
    fn a_choice_of_what_is_not_there_is_refused() {
        for bad in ["x", "1,", "1=2", "1=soonms", "-1"] {
            assert!(bad.parse::<Choice>().is_err(), "{bad}");
        }
        let strange: Choice = "21".parse().expect("a number");
        let said = strange.take(&plan()).expect_err("no such fault").to_string();
        assert_eq!(said, "expected a fault from 1 to 20, found 21");
        assert!(up_to(&plan(), 21).is_err());
        assert_eq!(up_to(&plan(), 5).expect("five").len(), 5);
    }
}
