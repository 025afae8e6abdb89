//! The sensor's statements, by what it was shown.

use super::super::{HighMeans, Setup};
use super::{CONFIRM_NS, LEARN_NS, POLL_GAP_NS, Place, REST_EVIDENCE_NS, Sample, Sensed, Sensor};
use crate::event::{DrawerState, EventId};
use crate::span::Span;
use crate::time::Timestamp;

const SECOND: u64 = 1_000_000_000;
const DAY: u64 = 86_400 * SECOND;

fn place(answer: bool, start: u64) -> Place {
    Place { answer, conn: 0, span: Span::new(start, start + 1) }
}

fn id() -> EventId {
    EventId::parse(&"1".repeat(32)).expect("32 hex digits")
}

fn setup(high_means: HighMeans) -> Setup {
    Setup { high_means, ..Setup::default() }
}

fn show(sensor: &mut Sensor, high_means: HighMeans, high: bool, mono: u64) -> Option<Sensed> {
    at(sensor, high_means, high, mono, true)
}

fn at(
    sensor: &mut Sensor,
    high_means: HighMeans,
    high: bool,
    mono: u64,
    unasked: bool,
) -> Option<Sensed> {
    let sample = Sample { high, unasked, place: place(true, mono), at: Timestamp::new(mono, 0) };
    sensor.sample(sample, &setup(high_means), true)
}

fn kick(sensor: &mut Sensor, mono: u64) -> Place {
    let place = place(false, mono);
    sensor.kick(place, Timestamp::new(mono, 0), true);
    place
}

fn closed_then(high_means: HighMeans) -> Sensor {
    let mut sensor = Sensor::default();
    assert_eq!(show(&mut sensor, high_means, high_means == HighMeans::Closed, 0), None);
    sensor
}

#[test]
fn a_kick_that_opens_it_is_confirmed_and_nothing_is_said() {
    for (means, open) in [(HighMeans::Open, true), (HighMeans::Closed, false)] {
        let mut sensor = closed_then(means);
        let kick = kick(&mut sensor, SECOND);
        assert_eq!(sensor.state(kick), DrawerState::Commanded);
        assert_eq!(show(&mut sensor, means, open, 2 * SECOND), None);
        assert_eq!(sensor.state(kick), DrawerState::Opened);
        assert_eq!(show(&mut sensor, means, !open, 3 * SECOND), None, "shut again: no news");
        assert_eq!(sensor.expire(DAY, &setup(means), true), []);
    }
}

#[test]
fn an_opening_without_a_kick_is_by_key_and_its_end_is_told_once_it_was_an_alarm() {
    let mut sensor = closed_then(HighMeans::Open);
    assert_eq!(show(&mut sensor, HighMeans::Open, true, SECOND), Some(Sensed::ByKey));
    sensor.told(place(true, SECOND), id(), true);
    assert_eq!(
        show(&mut sensor, HighMeans::Open, false, 9 * SECOND),
        Some(Sensed::Closed { related: id() })
    );
    let kick = kick(&mut sensor, 10 * SECOND);
    let late = 10 * SECOND + CONFIRM_NS + 1;
    assert_eq!(show(&mut sensor, HighMeans::Open, true, late), Some(Sensed::ByKey));
    assert_eq!(sensor.state(kick), DrawerState::Commanded, "that was another opening");
}

#[test]
fn a_drawer_that_was_found_open_accuses_nobody() {
    let mut sensor = Sensor::default();
    assert_eq!(show(&mut sensor, HighMeans::Open, true, 0), None);
    assert_eq!(sensor.deadline(), None);
    assert_eq!(show(&mut sensor, HighMeans::Open, false, SECOND), None);
}

#[test]
fn a_kick_is_unconfirmed_only_by_a_sensor_that_is_known_to_work_and_is_watched() {
    let means = HighMeans::Open;
    let expired = |works: bool, watched: bool, told: bool| {
        let mut sensor = closed_then(means);
        if works {
            kick(&mut sensor, 1);
            show(&mut sensor, means, true, 2);
            show(&mut sensor, means, false, 3);
        }
        let kick = kick(&mut sensor, SECOND);
        if told {
            sensor.told(kick, id(), false);
        }
        assert_eq!(sensor.deadline(), Some(SECOND + CONFIRM_NS));
        let found = sensor.expire(SECOND + CONFIRM_NS, &setup(means), watched);
        assert_eq!(sensor.deadline(), None);
        (found, sensor.state(kick))
    };
    let (found, state) = expired(true, true, true);
    assert!(matches!(found[..], [Sensed::Unconfirmed { told, .. }] if told == id()), "{found:?}");
    assert_eq!(state, DrawerState::Unconfirmed);
    assert_eq!(expired(true, true, false), (vec![], DrawerState::Unconfirmed), "its paper says it");
    assert_eq!(expired(false, true, true), (vec![], DrawerState::Commanded));
    assert_eq!(expired(true, false, true), (vec![], DrawerState::Commanded));
}

#[test]
fn a_drawer_left_open_is_told_once_and_only_while_it_is_watched() {
    let means = HighMeans::Open;
    let left_open = setup(means).left_open_ms * 1_000_000;
    for watched in [true, false] {
        let mut sensor = closed_then(means);
        show(&mut sensor, means, true, SECOND);
        assert_eq!(sensor.deadline(), Some(SECOND + left_open));
        let found = sensor.expire(SECOND + left_open, &setup(means), watched);
        assert_eq!(found.len(), usize::from(watched), "{found:?}");
        assert_eq!(sensor.deadline(), None);
        assert_eq!(sensor.expire(DAY, &setup(means), watched), []);
    }
}

#[test]
fn polls_far_apart_do_not_add_up_to_a_drawer_left_open() {
    let means = HighMeans::Open;
    let long = setup(means).left_open_ms * 1_000_000 / POLL_GAP_NS + 2;
    for (gap, told) in [(POLL_GAP_NS, true), (POLL_GAP_NS + 1, false)] {
        let mut sensor = Sensor::default();
        at(&mut sensor, means, false, 0, false);
        let mut found = Vec::new();
        for poll in 1..=long {
            found.extend(at(&mut sensor, means, true, poll * gap, false));
            found.extend(sensor.expire(poll * gap, &setup(means), false));
        }
        let left = found.iter().filter(|sensed| matches!(sensed, Sensed::LeftOpen { .. })).count();
        assert_eq!(left, usize::from(told), "{found:?}");
    }
}

#[test]
fn an_opening_between_two_polls_is_laid_to_any_kick_between_them() {
    let mut sensor = Sensor::default();
    at(&mut sensor, HighMeans::Open, false, 0, false);
    let kick = kick(&mut sensor, SECOND);
    assert_eq!(at(&mut sensor, HighMeans::Open, true, 900 * SECOND, false), None);
    assert_eq!(sensor.state(kick), DrawerState::Opened);
}

#[test]
fn polarity_is_learned_from_what_a_kick_does() {
    for open in [true, false] {
        let mut sensor = Sensor::default();
        show(&mut sensor, HighMeans::Learn, !open, 0);
        let kick = kick(&mut sensor, SECOND);
        assert_eq!(show(&mut sensor, HighMeans::Learn, open, SECOND + LEARN_NS), None);
        assert_eq!(sensor.state(kick), DrawerState::Opened);
        show(&mut sensor, HighMeans::Learn, !open, 3 * SECOND);
        let by_key = show(&mut sensor, HighMeans::Learn, open, 60 * SECOND);
        assert_eq!(by_key, Some(Sensed::ByKey));
    }
}

#[test]
fn polarity_is_learned_from_long_rest_and_not_from_a_short_one() {
    for (rest, told) in [(REST_EVIDENCE_NS, Some(Sensed::ByKey)), (REST_EVIDENCE_NS / 2, None)] {
        let mut sensor = Sensor::default();
        show(&mut sensor, HighMeans::Learn, true, 0);
        assert_eq!(show(&mut sensor, HighMeans::Learn, false, rest), told);
    }
    let mut polled = Sensor::default();
    at(&mut polled, HighMeans::Learn, true, 0, false);
    assert_eq!(at(&mut polled, HighMeans::Learn, false, DAY, false), None, "which level lasted?");
}

#[test]
fn after_a_gap_nothing_is_concluded_from_before() {
    let mut sensor = closed_then(HighMeans::Open);
    kick(&mut sensor, SECOND);
    sensor.gap();
    assert_eq!(sensor.deadline(), None);
    assert_eq!(show(&mut sensor, HighMeans::Open, true, 2 * SECOND), None);
}
