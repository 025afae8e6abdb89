//! Scales, ticks, and numbers as people write them.
//!
//! It draws nothing.

/// From values to pixels.
#[derive(Clone, Copy, Debug)]
pub(super) struct Scale {
    from: f64,
    to: f64,
    first_px: f64,
    last_px: f64,
}

impl Scale {
    pub(super) fn new((from, to): (f64, f64), (first_px, last_px): (f64, f64)) -> Self {
        // One value alone still needs a length.
        let to = if to > from { to } else { from + 1.0 };
        Self { from, to, first_px, last_px }
    }

    pub(super) fn at(&self, value: f64) -> f64 {
        let share = ((value - self.from) / (self.to - self.from)).clamp(0.0, 1.0);
        self.first_px + share * (self.last_px - self.first_px)
    }
}

/// Round values from 0 to at least `max`, about `wanted` of them.
pub(super) fn round_ticks(max: f64, wanted: u32) -> Vec<f64> {
    let rough = max.max(f64::MIN_POSITIVE) / f64::from(wanted.max(1));
    let magnitude = 10_f64.powf(rough.log10().floor());
    let step = [1.0, 2.0, 2.5, 5.0, 10.0]
        .into_iter()
        .map(|factor| factor * magnitude)
        .find(|step| *step >= rough * 0.999)
        .unwrap_or(magnitude * 10.0);
    let count = (max / step - 1e-9).ceil().max(1.0) as u32;
    (0..=count).map(|n| f64::from(n) * step).collect()
}

/// Steps of a clock, in seconds.
const CLOCK_STEPS: [f64; 18] = [
    1.0, 2.0, 5.0, 10.0, 15.0, 30.0, 60.0, 120.0, 300.0, 600.0, 900.0, 1_800.0, 3_600.0, 7_200.0,
    10_800.0, 21_600.0, 43_200.0, 86_400.0,
];

/// The first round length of time that is at least so many seconds.
pub(in crate::report) fn round_seconds(least: f64) -> f64 {
    let day = 86_400.0;
    CLOCK_STEPS
        .into_iter()
        .find(|step| *step >= least)
        .unwrap_or_else(|| (least / day).ceil() * day)
}

/// Moments of a run of so many seconds, at most six steps apart.
pub(super) fn clock_ticks(end: f64) -> Vec<f64> {
    let day = 86_400.0;
    let step = CLOCK_STEPS
        .into_iter()
        .find(|step| end / step <= 6.0)
        .unwrap_or_else(|| round_ticks(end / day, 5)[1].max(1.0) * day);
    (0..=(end / step) as u32).map(|n| f64::from(n) * step).collect()
}

/// A moment of a run, and what its parts are: `2:30` of `minutes:seconds`.
pub(super) fn clock(at: f64, end: f64) -> String {
    let at = at.round() as u64;
    if end >= 2.0 * 86_400.0 {
        format!("{}", at / 86_400)
    } else if end >= 7_200.0 {
        format!("{}:{:02}", at / 3_600, at % 3_600 / 60)
    } else {
        format!("{}:{:02}", at / 60, at % 60)
    }
}

/// The unit of [`clock`].
pub(super) fn clock_unit(end: f64) -> &'static str {
    if end >= 2.0 * 86_400.0 {
        "days of the run"
    } else if end >= 7_200.0 {
        "hours:minutes of the run"
    } else {
        "minutes:seconds of the run"
    }
}

/// Times that people have a feeling for, each about ten times the one before, in microseconds.
const LADDER: [u64; 14] = [
    1,
    10,
    100,
    1_000,
    10_000,
    100_000,
    1_000_000,
    10_000_000,
    60_000_000,
    600_000_000,
    3_600_000_000,
    36_000_000_000,
    432_000_000_000,
    4_320_000_000_000,
];

/// The steps of the ladder around a range of microseconds, at least two.
pub(super) fn ladder(least: u64, most: u64) -> &'static [u64] {
    let bottom = LADDER.iter().rposition(|step| *step <= least).unwrap_or(0);
    let bottom = bottom.min(LADDER.len() - 2);
    let top = LADDER.iter().position(|step| *step >= most).unwrap_or(LADDER.len() - 1);
    &LADDER[bottom..=top.max(bottom + 1)]
}

/// Microseconds in the unit that suits them.
pub(in crate::report) fn micros(us: u64) -> String {
    let value = us as f64;
    match us {
        0..1_000 => format!("{us} µs"),
        1_000..1_000_000 => format!("{} ms", three_digits(value / 1e3)),
        1_000_000..120_000_000 => format!("{} s", three_digits(value / 1e6)),
        120_000_000..7_200_000_000 => format!("{} min", three_digits(value / 60e6)),
        7_200_000_000..172_800_000_000 => format!("{} h", three_digits(value / 3.6e9)),
        _ => format!("{} days", three_digits(value / 86.4e9)),
    }
}

/// Digits after the point of the least number that is not nothing.
const LEAST_DIGITS: i32 = 6;

/// A length of time in seconds, in words.
pub(in crate::report) fn seconds(seconds: f64) -> String {
    micros((seconds * 1e6).round() as u64)
}

fn three_digits(value: f64) -> String {
    let before_point = if value > 0.0 { value.log10().floor() as i32 } else { 0 };
    let digits = (2 - before_point).clamp(0, LEAST_DIGITS) as usize;
    let text = format!("{value:.digits$}");
    if text.contains('.') {
        text.trim_end_matches('0').trim_end_matches('.').to_owned()
    } else {
        text
    }
}

/// A number with thousands apart and no more digits than it needs.
pub(in crate::report) fn number(value: f64) -> String {
    if value.abs() < 999.5 {
        let text = three_digits(value.abs());
        return if value < 0.0 && text != "0" { format!("-{text}") } else { text };
    }
    let digits = format!("{:.0}", value.abs());
    let mut text = String::new();
    for (index, digit) in digits.chars().enumerate() {
        if index > 0 && (digits.len() - index).is_multiple_of(3) {
            text.push(',');
        }
        text.push(digit);
    }
    if value < 0.0 { format!("-{text}") } else { text }
}

#[cfg(test)]
mod tests {
    use super::{clock, clock_ticks, ladder, micros, number, round_ticks};

    #[test]
    fn ticks_are_round_and_reach_the_largest_value() {
        assert_eq!(round_ticks(100.0, 4), [0.0, 25.0, 50.0, 75.0, 100.0]);
        assert_eq!(round_ticks(63.0, 4), [0.0, 20.0, 40.0, 60.0, 80.0]);
        assert_eq!(round_ticks(0.9, 4), [0.0, 0.25, 0.5, 0.75, 1.0]);
        for max in [0.0, 1e-6, 3.0, 7.7, 1e9] {
            let ticks = round_ticks(max, 4);
            assert!(ticks.len() >= 2 && ticks.len() <= 7, "{max} {ticks:?}");
            assert!(ticks[ticks.len() - 1] >= max, "{max} {ticks:?}");
        }
    }

    #[test]
    fn a_clock_steps_in_minutes_hours_or_days() {
        assert_eq!(clock_ticks(300.0), [0.0, 60.0, 120.0, 180.0, 240.0, 300.0]);
        assert_eq!(clock(150.0, 300.0), "2:30");
        assert_eq!(clock(5_400.0, 86_400.0), "1:30");
        assert_eq!(clock_ticks(365.0 * 86_400.0)[..2], [0.0, 100.0 * 86_400.0]);
        assert_eq!(clock(172_800.0, 1e6), "2");
        for end in [0.5, 1.0, 59.0, 3_600.0, 86_400.0, 604_800.0, 3.2e7] {
            let ticks = clock_ticks(end);
            assert!((1..=7).contains(&ticks.len()), "{end} {ticks:?}");
        }
    }

    #[test]
    fn the_ladder_encloses_what_it_is_given() {
        assert_eq!(ladder(300, 45_000), [100, 1_000, 10_000, 100_000]);
        assert_eq!(ladder(1_000, 10_000), [1_000, 10_000]);
        assert_eq!(ladder(0, 0), [1, 10]);
        assert_eq!(ladder(50_000_000, 70_000_000), [10_000_000, 60_000_000, 600_000_000]);
        assert_eq!(ladder(u64::MAX, u64::MAX).len(), 2);
    }

    #[test]
    fn times_and_numbers_are_written_as_people_write_them() {
        for (us, text) in [
            (0, "0 µs"),
            (999, "999 µs"),
            (1_000, "1 ms"),
            (12_345, "12.3 ms"),
            (100_000, "100 ms"),
            (1_500_000, "1.5 s"),
            (600_000_000, "10 min"),
            (86_400_000_000, "24 h"),
        ] {
            assert_eq!(micros(us), text);
        }
        for (value, text) in [
            (0.0, "0"),
            (0.25, "0.25"),
            (999.9, "1,000"),
            (30_000.0, "30,000"),
            (0.025, "0.025"),
            (0.00075, "0.00075"),
            (9.996, "10"),
            (-1.5, "-1.5"),
        ] {
            assert_eq!(number(value), text);
        }
    }
}
