//! The printer itself: bytes and acts in, replies and paper out.
//!
//! Pure: it knows neither sockets nor time. While it is off line it goes on taking bytes until its
//! buffer is full and answers real-time requests, but prints and answers nothing else.

use std::collections::BTreeMap;

use super::act::Act;
use super::condition::{Condition, Paper, Pin, Setup};
use super::counts::{Counts, Happening, MAX_HAPPENINGS};
use super::device::{Device, LaneId};
use super::grammar::Heard;
use super::lane::{Lane, RealTime};
use super::status;

/// Lines of paper left when the near-end sensor sees the core: about half a metre.
const NEAR_END_LINES: u32 = 120;

/// A printer.
#[derive(Debug)]
pub struct Mechanism {
    setup: Setup,
    condition: Condition,
    /// A kick does not open it.
    drawer_stuck: bool,
    lines_left: Option<u32>,
    lanes: BTreeMap<LaneId, Lane>,
    next_lane: LaneId,
    counts: Counts,
    happenings: Vec<Happening>,
}

impl Mechanism {
    /// A printer with paper, its cover closed, on line.
    pub fn new(setup: Setup) -> Self {
        let mut new = Self {
            setup,
            condition: Condition::default(),
            drawer_stuck: false,
            lines_left: setup.roll_lines,
            lanes: BTreeMap::new(),
            next_lane: 0,
            counts: Counts::default(),
            happenings: Vec::new(),
        };
        new.change(|condition| condition.paper = paper_of(setup.roll_lines));
        new
    }

    /// How it is.
    pub fn condition(&self) -> Condition {
        self.condition
    }

    /// What it has been through.
    pub fn counts(&self) -> &Counts {
        &self.counts
    }

    /// What a person beside it noticed, oldest first, up to [`MAX_HAPPENINGS`].
    pub fn happenings(&self) -> &[Happening] {
        &self.happenings
    }

    /// A person does something to it.
    pub fn act(&mut self, act: Act) {
        if let Act::Paper(paper) = act {
            self.lines_left = match paper {
                Paper::Full => self.setup.roll_lines,
                Paper::Low => self.setup.roll_lines.map(|lines| lines.min(NEAR_END_LINES)),
                Paper::Out => self.setup.roll_lines.map(|_| 0),
            };
        }
        if let Act::Stuck(stuck) = act {
            self.drawer_stuck = stuck;
        }
        self.change(|condition| match act {
            Act::Paper(paper) => condition.paper = paper,
            Act::Cover { open } => condition.cover_open = open,
            Act::OffLine(off) => condition.off_line = off,
            Act::Drawer { open } => condition.drawer_open = open,
            Act::Stuck(_) => {}
        });
        let lanes: Vec<LaneId> = self.lanes.keys().copied().collect();
        for lane in lanes {
            self.work(lane);
        }
    }

    /// Changes the condition and tells whoever wanted to know.
    fn change(&mut self, change: impl FnOnce(&mut Condition)) {
        let old = self.condition;
        change(&mut self.condition);
        let new = self.condition;
        let differs = [
            (old.paper != new.paper, Happening::Paper { paper: new.paper }),
            (old.cover_open != new.cover_open, Happening::Cover { open: new.cover_open }),
            (old.drawer_open != new.drawer_open, Happening::Drawer { open: new.drawer_open }),
            (old.online() != new.online(), Happening::Online { online: new.online() }),
        ];
        for (_, happening) in differs.into_iter().filter(|(differs, _)| *differs) {
            self.note(happening);
        }
        let (changes, status) =
            (status::changes(old, new), status::automatic(new, self.setup.polarity));
        for lane in self.lanes.values_mut() {
            if lane.automatic & changes != 0 {
                lane.reply(&status);
            }
            lane.hold(!new.online());
        }
    }

    /// Prints what `lane` sent, as far as the printer is on line.
    fn work(&mut self, lane: LaneId) {
        while self.condition.online() {
            match self.lanes.get_mut(&lane).and_then(Lane::work) {
                Some(heard) => self.obey(lane, heard),
                None => break,
            }
        }
        if self.lanes.get(&lane).is_some_and(|lane| lane.closed && lane.idle()) {
            self.lanes.remove(&lane);
        }
    }

    fn obey(&mut self, id: LaneId, heard: Heard) {
        let (is, polarity) = (self.condition, self.setup.polarity);
        let Some(lane) = self.lanes.get_mut(&id) else { return };
        match heard {
            Heard::Cut => {
                self.counts.cut(lane.connection);
                self.note(Happening::Cut);
            }
            Heard::Kick(pin) => self.kick(pin),
            Heard::Status(n) => {
                lane.reply(status::in_order(n, is, polarity).as_slice());
            }
            Heard::Identity(n) => lane.reply(&status::identity(n)),
            Heard::ProcessId(process) => lane.reply(&status::process_id(process)),
            Heard::Automatic(mask) => {
                lane.automatic = mask;
                if mask != 0 {
                    lane.reply(&status::automatic(is, polarity));
                }
            }
            Heard::Feed(lines) => self.feed(lines),
            Heard::Part | Heard::Data(_) | Heard::Paper => {}
        }
    }

    fn kick(&mut self, pin: Pin) {
        self.counts.kicks += 1;
        self.note(Happening::Kick { pin });
        if pin == self.setup.drawer_on && !self.drawer_stuck {
            self.change(|condition| condition.drawer_open = true);
        }
    }

    fn feed(&mut self, lines: u32) {
        if let Some(left) = &mut self.lines_left {
            *left = left.saturating_sub(lines);
            let paper = paper_of(self.lines_left);
            self.change(|condition| condition.paper = paper);
        }
    }

    fn note(&mut self, happening: Happening) {
        if self.happenings.len() < MAX_HAPPENINGS {
            self.happenings.push(happening);
        }
    }
}

impl Device for Mechanism {
    fn open(&mut self, serial: bool) -> LaneId {
        let id = self.next_lane;
        self.next_lane += 1;
        let mut lane = Lane::new(self.counts.connect(), serial);
        lane.hold(!self.condition.online());
        self.lanes.insert(id, lane);
        id
    }

    fn close(&mut self, id: LaneId) {
        if let Some(lane) = self.lanes.get_mut(&id) {
            lane.closed = true;
            lane.automatic = 0;
        }
        self.work(id);
    }

    fn room(&self, id: LaneId) -> usize {
        self.lanes.get(&id).map_or(0, Lane::room)
    }

    fn receive(&mut self, id: LaneId, bytes: &[u8]) {
        let Some(lane) = self.lanes.get(&id) else { return };
        self.counts.received(lane.connection, bytes);
        for &byte in bytes {
            let at_once = self.lanes.get_mut(&id).and_then(|lane| lane.take(byte));
            match at_once {
                Some(RealTime::Kick(pin)) => self.kick(pin),
                Some(RealTime::Status(n)) => {
                    let answer = status::real_time(n, self.condition, self.setup.polarity);
                    if let Some(lane) = self.lanes.get_mut(&id) {
                        lane.reply(answer.as_slice());
                    }
                }
                None => {}
            }
            self.work(id);
        }
    }

    fn take_replies(&mut self, id: LaneId) -> Vec<u8> {
        self.lanes.get_mut(&id).map(Lane::take_replies).unwrap_or_default()
    }
}

fn paper_of(lines: Option<u32>) -> Paper {
    match lines {
        Some(0) => Paper::Out,
        Some(1..=NEAR_END_LINES) => Paper::Low,
        Some(_) | None => Paper::Full,
    }
}

#[cfg(test)]
mod tests {
    use super::{Act, Device, Happening, Mechanism, NEAR_END_LINES, Paper, Pin, Setup};
    use crate::print::Style;
    use crate::printer::Polarity;
    use crate::shop::{OPENING, Shop, Till};

    const NOTHING: [u8; 0] = [];
    const ASK: [u8; 3] = [0x10, 0x04, 0x01];
    const KICK: [u8; 5] = [0x1B, b'p', 0, 25, 250];
    const WATCH_ALL: [u8; 3] = [0x1D, b'a', 0xFF];

    fn printer() -> Mechanism {
        Mechanism::new(Setup { polarity: Polarity::OpenIsHigh, ..Setup::default() })
    }

    fn say(printer: &mut Mechanism, lane: u64, bytes: &[u8]) -> Vec<u8> {
        printer.receive(lane, bytes);
        printer.take_replies(lane)
    }

    #[test]
    fn receipts_are_counted_in_every_epson_style_and_however_the_bytes_arrive() {
        for name in ["english-42", "zh-hant-32-gb18030", "zh-hant-32-big5"] {
            let style = Style::named(name).expect("a style");
            let mut till = Till::open(&Shop::ALL[0], 9, "counter-2", 2001, OPENING);
            let bytes: Vec<u8> = (0..20).flat_map(|_| style.print(&till.sell())).collect();
            for size in [1, 7, bytes.len()] {
                let mut printer = printer();
                let lane = printer.open(false);
                bytes.chunks(size).for_each(|chunk| printer.receive(lane, chunk));
                assert_eq!(printer.counts().receipts, 20, "{name} in chunks of {size}");
            }
        }
    }

    #[test]
    fn a_real_time_request_is_answered_in_the_middle_of_a_picture() {
        let mut printer = printer();
        let lane = printer.open(false);
        let picture = [&[0x1D, b'v', b'0', 0, 6, 0, 1, 0][..], &ASK, &[0x1D, b'V', 0]].concat();
        assert_eq!(say(&mut printer, lane, &picture), [0x12]);
        assert_eq!(printer.counts().receipts, 0);
    }

    #[test]
    fn a_kick_opens_the_drawer_and_its_sensor_follows() {
        let mut printer = printer();
        let lane = printer.open(false);
        assert_eq!(say(&mut printer, lane, &WATCH_ALL), [0x10, 0, 0, 0x0F]);
        assert_eq!(say(&mut printer, lane, &KICK), [0x14, 0, 0, 0x0F]);
        assert_eq!(say(&mut printer, lane, &[0x1D, b'r', 2]), [1]);
        assert_eq!(say(&mut printer, lane, &KICK), NOTHING, "it is open already");
        printer.act(Act::Drawer { open: false });
        assert_eq!(printer.take_replies(lane), [0x10, 0, 0, 0x0F]);
        printer.act(Act::Stuck(true));
        assert_eq!(say(&mut printer, lane, &KICK), NOTHING, "it is stuck");
        assert_eq!(printer.counts().kicks, 3);
        assert_eq!(
            printer.happenings()[..2],
            [Happening::Kick { pin: Pin::Pin2 }, Happening::Drawer { open: true }]
        );
    }

    #[test]
    fn a_kick_on_the_other_pin_or_in_real_time_counts_too() {
        let mut printer = printer();
        let lane = printer.open(false);
        say(&mut printer, lane, &[0x1B, b'p', 1, 25, 250]);
        assert!(!printer.condition().drawer_open, "nothing hangs on pin 5");
        say(&mut printer, lane, &[0x10, 0x14, 1, 0, 2]);
        assert!(printer.condition().drawer_open);
        assert_eq!(printer.counts().kicks, 2);
    }

    #[test]
    fn without_paper_it_stops_answers_in_real_time_and_goes_on_where_it_was() {
        let mut printer = printer();
        let lane = printer.open(false);
        printer.act(Act::Paper(Paper::Out));
        let receipt = [&b"TEA 18.00\n"[..], &[0x1D, b'r', 1], &[0x1D, b'V', 0]].concat();
        assert_eq!(say(&mut printer, lane, &receipt), NOTHING);
        assert_eq!(say(&mut printer, lane, &[0x10, 0x04, 4]), [0x7E]);
        assert_eq!(printer.counts().receipts, 0);
        printer.act(Act::Paper(Paper::Full));
        assert_eq!(printer.take_replies(lane), [0], "the question that waited");
        assert_eq!(printer.counts().receipts, 1);
    }

    #[test]
    fn a_roll_runs_low_and_then_out() {
        let lines = NEAR_END_LINES + 2;
        let mut printer = Mechanism::new(Setup { roll_lines: Some(lines), ..Setup::default() });
        let lane = printer.open(false);
        let mut seen = Vec::new();
        for _ in 0..=lines {
            say(&mut printer, lane, b"x\n");
            seen.push(printer.condition().paper);
        }
        assert_eq!(seen[..2], [Paper::Full, Paper::Low]);
        assert_eq!(seen[lines as usize - 2..], [Paper::Low, Paper::Out, Paper::Out]);
        printer.act(Act::Paper(Paper::Full));
        assert!(printer.condition().online());
    }

    #[test]
    fn a_serial_host_is_told_to_wait_and_to_go_on() {
        let mut printer = printer();
        let (serial, network) = (printer.open(true), printer.open(false));
        printer.act(Act::Cover { open: true });
        assert_eq!(printer.take_replies(serial), [0x13]);
        printer.act(Act::Cover { open: false });
        assert_eq!(printer.take_replies(serial), [0x11]);
        assert_eq!(printer.take_replies(network), NOTHING);
    }

    #[test]
    fn off_line_the_buffer_fills_and_no_further() {
        let mut printer = printer();
        let lane = printer.open(false);
        printer.act(Act::OffLine(true));
        while printer.room(lane) > 0 {
            let room = printer.room(lane).min(100);
            printer.receive(lane, &vec![b'x'; room]);
        }
        assert_eq!(printer.counts().bytes, 4_096);
        printer.act(Act::OffLine(false));
        assert_eq!(printer.room(lane), 4_096);
    }

    #[test]
    fn a_host_that_goes_away_while_the_cover_is_open_gets_its_receipt_printed() {
        let mut printer = printer();
        let lane = printer.open(false);
        printer.act(Act::Cover { open: true });
        printer.receive(lane, &[b'x', b'\n', 0x1D, b'V', 0]);
        printer.close(lane);
        printer.act(Act::Cover { open: false });
        assert_eq!(printer.counts().receipts, 1);
    }
}
