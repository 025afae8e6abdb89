//! How many customers come when: a rate at each moment of a phase. Pure.

use std::time::Duration;

use jiff::SignedDuration;
use jiff::civil::DateTime;

use super::resolved::{Phase, Rate, Shape, ShopSetup};

impl Shape {
    /// The same pattern with a share of the customers.
    #[must_use]
    pub fn share(self, share: f64) -> Self {
        match self {
            Self::Constant(rate) => Self::Constant(rate * share),
            Self::Ramp(from, to) => Self::Ramp(from * share, to * share),
            Self::Spike { base, peak, width } => {
                Self::Spike { base: base * share, peak: peak * share, width }
            }
            // A day is each till's own.
            Self::Day(times) => Self::Day(times),
        }
    }
}

impl ShopSetup {
    /// Customers a second at `at`, when the run began at `opening`.
    pub fn rate(&self, at: Duration, opening: DateTime) -> Rate {
        let phase = self.phases.iter().find(|phase| at < phase.from + phase.lasts);
        phase.map_or(0.0, |phase| self.rate_in(phase, at, opening))
    }

    /// The highest rate there ever is.
    pub fn peak(&self) -> Rate {
        let of = |phase: &Phase| match phase.shape {
            Shape::Constant(rate) => rate,
            Shape::Ramp(from, to) => from.max(to),
            Shape::Spike { base, peak, .. } => base.max(peak),
            Shape::Day(times) => {
                let busiest = self.shop.hours.customers.iter().max().copied().unwrap_or(0);
                self.day(busiest.into(), times)
            }
        };
        self.phases.iter().map(of).fold(0.0, f64::max)
    }

    fn rate_in(&self, phase: &Phase, at: Duration, opening: DateTime) -> Rate {
        let since = at.saturating_sub(phase.from);
        match phase.shape {
            Shape::Constant(rate) => rate,
            Shape::Ramp(from, to) => {
                from + (to - from) * since.as_secs_f64() / phase.lasts.as_secs_f64()
            }
            Shape::Spike { base, peak, width } => {
                let off = since.abs_diff(phase.lasts / 2);
                if off * 2 < width { peak } else { base }
            }
            Shape::Day(times) => {
                let since = SignedDuration::try_from(at).unwrap_or(SignedDuration::MAX);
                let now = opening.checked_add(since).unwrap_or(opening);
                let (hour, minute) = (now.hour() as usize, f64::from(now.minute()));
                let of = |hour: usize| f64::from(self.shop.hours.customers[hour % 24]);
                let open = (self.shop.hours.opens..self.shop.hours.closes).contains(&now.hour());
                let between = of(hour) + (of(hour + 1) - of(hour)) * minute / 60.0;
                if open { self.day(between, times) } else { 0.0 }
            }
        }
    }

    /// `customers` an hour at each till, as a rate of the shop.
    fn day(&self, customers: f64, times: f64) -> Rate {
        customers * times * f64::from(self.tills) / 3_600.0
    }
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::{Phase, Shape};
    use crate::scenario::{Scenario, ShopSetup};
    use crate::shop::OPENING;

    fn shop(shape: Shape) -> ShopSetup {
        let text = "name=\"x\"\nduration=\"100s\"\n[[shop]]\nname=\"x\"\nshop=\"bubble-tea\"\n\
                    tills=2\nrate=\"1/s\"";
        let scenario = Scenario::parse(text, std::path::Path::new("x")).expect("sound");
        let phase = Phase { from: Duration::ZERO, lasts: Duration::from_secs(100), shape };
        ShopSetup { phases: vec![phase], ..scenario.shops[0].clone() }
    }

    /// Customers in a thousand seconds, as whole numbers: they compare exactly.
    fn rates(shape: Shape, at: [u64; 3]) -> [u64; 3] {
        at.map(|at| (shop(shape).rate(Duration::from_secs(at), OPENING) * 1_000.0).round() as u64)
    }

    #[test]
    fn each_shape_has_its_rates_and_none_exceeds_its_peak() {
        assert_eq!(rates(Shape::Constant(3.0), [0, 99, 100]), [3_000, 3_000, 0]);
        assert_eq!(rates(Shape::Ramp(0.0, 10.0), [0, 50, 100]), [0, 5_000, 0]);
        let spike = Shape::Spike { base: 1.0, peak: 9.0, width: Duration::from_secs(10) };
        assert_eq!(rates(spike, [40, 50, 60]), [1_000, 9_000, 1_000]);
        let day = shop(Shape::Day(1.0));
        let hours = day.shop.hours.customers;
        // Two tills, at the hour at which the run begins.
        let expected = f64::from(hours[11]) * 2.0 / 3_600.0;
        assert!((day.rate(Duration::ZERO, OPENING) - expected).abs() < 1e-9);
        assert!(day.peak() >= day.rate(Duration::from_hours(2), OPENING));
    }
}
