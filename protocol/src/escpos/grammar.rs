//! Which row of the table a command's first bytes select, and where the command ends.
//!
//! Most commands are known by one or two bytes, so those are looked up directly; the few longer
//! prefixes are searched for.

use super::length::{Item, Length, Measure};
use super::{Row, find};

/// Bytes of a head that rules look at together: more than any rule asks for.
pub(super) const MAX_HEAD_BYTES: usize = 512;

/// Nothing starts so.
const NOTHING: u16 = 0;
/// Longer prefixes start so: search from the row whose number is in the other bits.
const SEARCH: u16 = 0x8000;
/// Lead bytes whose second byte is looked up; no table has more.
const LEADS: usize = 8;

/// Up to here a parameter is what any manual allows, and no letter or control byte that was meant
/// for itself.
const PLAUSIBLE: u8 = 7;

/// A command table with its index.
#[derive(Debug)]
pub(super) struct Grammar {
    pub(super) rows: &'static [Row],
    /// By lead byte: a row's number plus one, or what the constants say.
    single: [u16; 32],
    /// By lead byte: which of `double` to look in, plus one.
    lead: [u8; 32],
    double: [[u16; 256]; LEADS],
    /// By byte: the row that is complete with it.
    plain: [Option<&'static Row>; 32],
}

/// What the first bytes of a command are.
enum Lookup {
    Wait,
    Row(&'static Row),
    /// Not a command, which is clear after so many bytes.
    Nothing(usize),
}

/// What the bytes from a control byte on are.
#[derive(Debug)]
pub(super) enum Step {
    /// More bytes are needed to tell.
    Wait,
    /// A command with this many parameters; then `next` follows.
    Done { row: &'static Row, args: usize, refused: u64, next: Next },
    /// The first so many bytes are explained by nothing.
    Unknown(usize),
    /// The first `n` bytes are a command without the end it must have.
    Broken { row: &'static Row, n: usize },
}

/// What follows a command's parameters.
#[derive(Debug)]
pub(super) enum Next {
    Ground,
    Payload(u64),
    Items { count: u32, item: Item },
}

impl Grammar {
    /// Indexes `rows`, which are sorted by prefix.
    pub(super) const fn new(rows: &'static [Row]) -> Self {
        let mut single = [NOTHING; 32];
        let mut lead = [0_u8; 32];
        let mut double = [[NOTHING; 256]; LEADS];
        let mut leads = 0;
        let mut i = 0;
        while i < rows.len() {
            let prefix = rows[i].prefix;
            let first = prefix[0] as usize;
            if first < 32 {
                if prefix.len() == 1 {
                    single[first] = i as u16 + 1;
                } else {
                    if lead[first] == 0 {
                        leads += 1;
                        lead[first] = leads;
                    }
                    let slot = &mut double[lead[first] as usize - 1][prefix[1] as usize];
                    // Rows are sorted: a shorter prefix stands right before the longer ones.
                    *slot = match *slot {
                        NOTHING if prefix.len() == 2 => i as u16 + 1,
                        NOTHING => SEARCH | i as u16,
                        number if number & SEARCH == 0 => SEARCH | (number - 1),
                        search => search,
                    };
                    // A lead byte that is a command by itself as well needs the search.
                    if single[first] != NOTHING && single[first] & SEARCH == 0 {
                        single[first] = SEARCH | (single[first] - 1);
                    }
                }
            }
            i += 1;
        }
        let mut plain = [None; 32];
        let mut i = 0;
        while i < 32 {
            if single[i] != NOTHING && single[i] & SEARCH == 0 {
                let row = &rows[single[i] as usize - 1];
                if matches!(row.length, Length::Fixed(0)) {
                    plain[i] = Some(row);
                }
            }
            i += 1;
        }
        Self { rows, single, lead, double, plain }
    }

    /// The command that `byte` is by itself, whatever follows.
    #[inline]
    pub(super) fn plain(&self, byte: u8) -> Option<&'static Row> {
        self.plain.get(usize::from(byte)).copied().flatten()
    }

    /// The commands that lines are full of: two bytes and at most one parameter, a small number,
    /// which can be nothing else. Returns the row and the command's bytes. What this answers,
    /// [`Self::step`] answers too.
    #[inline]
    pub(super) fn simple(&self, bytes: &[u8]) -> Option<(&'static Row, usize)> {
        let [first, second, ..] = *bytes else { return None };
        let first = usize::from(first);
        let second_of = usize::from(*self.lead.get(first)?).checked_sub(1)?;
        let number = self.double[second_of][usize::from(second)];
        if number == NOTHING || number & SEARCH != 0 || self.single[first] != NOTHING {
            return None;
        }
        let row = &self.rows[usize::from(number) - 1];
        match (row.length, bytes.get(2)) {
            (Length::Fixed(0), _) => Some((row, 2)),
            (Length::Fixed(1), Some(0..=PLAUSIBLE)) => Some((row, 3)),
            _ => None,
        }
    }

    /// The row that `bytes`, a control byte and what follows it, select.
    #[inline]
    fn lookup(&self, bytes: &[u8]) -> Lookup {
        let first = usize::from(bytes[0]);
        // Star's raster letters are the only commands that do not begin with a control byte.
        let Some(&single) = self.single.get(first) else {
            let from = self.rows.partition_point(|row| row.prefix[0] < bytes[0]);
            return self.search(from, 1, bytes);
        };
        let slot = self.lead[first];
        if single == NOTHING && slot > 0 {
            let Some(&second) = bytes.get(1) else { return Lookup::Wait };
            match self.double[usize::from(slot) - 1][usize::from(second)] {
                NOTHING => Lookup::Nothing(2),
                from if from & SEARCH != 0 => self.search(usize::from(from & !SEARCH), 2, bytes),
                row => Lookup::Row(&self.rows[usize::from(row) - 1]),
            }
        } else if single == NOTHING {
            Lookup::Nothing(1)
        } else if single & SEARCH != 0 {
            self.search(usize::from(single & !SEARCH), 1, bytes)
        } else {
            Lookup::Row(&self.rows[usize::from(single) - 1])
        }
    }

    /// Among the rows from `from` on that begin with the first `known` of `bytes`: the longest
    /// prefix wins; where a longer one is possible still, the next byte decides.
    fn search(&self, from: usize, known: usize, bytes: &[u8]) -> Lookup {
        let family = self.rows[from..].iter();
        let own = |row: &&Row| {
            row.prefix[0] == bytes[0] && (known < 2 || row.prefix.get(1) == bytes.get(1))
        };
        let family = family.take_while(own);
        let (mut best, mut settled): (Option<&'static Row>, usize) = (None, known);
        for row in family {
            let same = row.prefix.iter().zip(bytes).take_while(|(a, b)| a == b).count();
            // A longer prefix than so many bytes is possible.
            settled = settled.max(same.min(row.prefix.len() - 1) + 1);
            if same == row.prefix.len() {
                best = Some(row);
            }
        }
        match best {
            _ if settled > bytes.len() => Lookup::Wait,
            Some(row) => Lookup::Row(row),
            None => Lookup::Nothing(settled),
        }
    }

    /// The row that `bytes` select if nothing more comes.
    pub(super) fn row_at_end(&self, bytes: &[u8]) -> Option<&'static Row> {
        (1..=bytes.len()).rev().find_map(|len| find(self.rows, &bytes[..len]).row)
    }

    /// What `bytes`, from a control byte on, are. More bytes never change an answer that was
    /// given, so it does not matter how many there are already.
    #[inline]
    pub(super) fn step(&self, bytes: &[u8]) -> Step {
        let row = match self.lookup(bytes) {
            Lookup::Row(row) => row,
            Lookup::Wait => return Step::Wait,
            Lookup::Nothing(len) => return Step::Unknown(unknown_len(&bytes[..len])),
        };
        if let Length::Fixed(count) = row.length {
            return fixed(row, &bytes[row.prefix.len()..], usize::from(count));
        }
        Self::measured(row, bytes)
    }

    /// A command whose parameters have to be looked at to tell how many there are.
    fn measured(row: &'static Row, bytes: &[u8]) -> Step {
        let args = &bytes[row.prefix.len()..bytes.len().min(MAX_HEAD_BYTES)];
        let (count, refused, next) = match row.length.measure(args) {
            Measure::Need(_) => return Step::Wait,
            Measure::Args(count) => (count, 0, Next::Ground),
            Measure::Payload { args, rest } => (args, 0, Next::Payload(rest)),
            Measure::Items { args, count, item } => (args, 0, Next::Items { count, item }),
            Measure::TooLong { args, claimed } => (args, claimed, Next::Payload(claimed)),
            Measure::Unterminated { args } => {
                return Step::Broken { row, n: row.prefix.len() + args };
            }
        };
        match swallowed(row, &args[..count]) {
            Some(at) => Step::Broken { row, n: row.prefix.len() + at },
            None => Step::Done { row, args: count, refused, next },
        }
    }
}

/// Most commands: always so many parameters.
#[inline]
fn fixed(row: &'static Row, args: &[u8], count: usize) -> Step {
    let Some(args) = args.get(..count) else { return Step::Wait };
    let broken = match args {
        [] | [0..=PLAUSIBLE] => None,
        [_] => implausible(row, args),
        _ => implausible(row, args).or_else(|| swallowed(row, args)),
    };
    match broken {
        Some(at) => Step::Broken { row, n: row.prefix.len() + at },
        None => Step::Done { row, args: count, refused: 0, next: Next::Ground },
    }
}

/// Parameters that the manual does not allow and that read as something else: how many are the
/// command's own.
fn implausible(row: &Row, args: &[u8]) -> Option<usize> {
    match (row.prefix, args) {
        // Justification is 0 to 2; a letter is the first of the line.
        ([0x1B, 0x61] | [0x1B, 0x1D, 0x61], [b'3'..=0xFF | b' '..=b'/'])
            if row.effect == super::Effect::Text =>
        {
            Some(0)
        }
        // Width and height are 1 to 8 in ESC/POS, 1 to 6 in Star.
        ([0x1D, 0x21], [n]) if n & 0x88 != 0 => Some(0),
        ([0x1B, 0x69], [_, _]) => args.iter().position(|n| !matches!(n, 0..=5 | b'0'..=b'5')),
        _ => None,
    }
}

/// Where parameters hold what can only be a command of its own, because the one before lost a
/// byte or was never meant: a reset, a kick, a cut. Dots may look like anything.
fn swallowed(row: &Row, args: &[u8]) -> Option<usize> {
    const SHORTEST: usize = 2;
    if args.len() < SHORTEST || row.effect == super::Effect::Graphics {
        return None;
    }
    args.windows(SHORTEST).enumerate().find_map(|(at, pair)| {
        let after = args.get(at + SHORTEST);
        let own = match pair {
            [0x1B, 0x40] => true,
            [0x1B, 0x70] => matches!(after, Some(0 | 1 | b'0' | b'1')),
            [0x1D, 0x56] => matches!(after, Some(0 | 1 | b'0' | b'1' | 65 | 66)),
            _ => false,
        };
        own.then_some(at)
    })
}

/// How many of a head's bytes are lost with it: an unknown command letter goes with its prefix, a
/// control byte may begin the next command.
fn unknown_len(bytes: &[u8]) -> usize {
    match bytes {
        [_] => 1,
        [.., last] if *last < 0x20 => bytes.len() - 1,
        _ => bytes.len(),
    }
}

#[cfg(test)]
mod tests {
    use super::{Grammar, Lookup, Next, Step};
    use crate::escpos::{find, table};
    use crate::star;

    #[test]
    fn the_index_finds_what_the_table_holds() {
        for rows in [table::ROWS, star::table::ROWS] {
            let grammar = Grammar::new(rows);
            for row in rows.iter().filter(|row| row.prefix[0] < 0x20) {
                let longer = find(rows, row.prefix).longer;
                match grammar.lookup(row.prefix) {
                    Lookup::Row(found) => assert_eq!(found.prefix, row.prefix),
                    Lookup::Wait => assert!(longer, "{}", row.name),
                    Lookup::Nothing(_) => panic!("{} is not found", row.name),
                }
            }
        }
    }

    #[test]
    fn what_is_simple_is_what_the_rules_say() {
        let grammar = Grammar::new(table::ROWS);
        let mut simple = 0;
        for first in 0..0x20 {
            for (second, third) in
                (0..=0xFF).flat_map(|second| (0..=0xFF).map(move |n| (second, n)))
            {
                let bytes = [first, second, third, b'A'];
                let Some((row, n)) = grammar.simple(&bytes) else { continue };
                let Step::Done { row: stepped, args, refused: 0, next: Next::Ground } =
                    grammar.step(&bytes)
                else {
                    panic!("{bytes:02x?} is not simple");
                };
                assert_eq!((row, n), (stepped, stepped.prefix.len() + args));
                simple += 1;
            }
        }
        assert!(simple > 1_000, "only {simple} were compared");
    }

    #[test]
    fn more_bytes_change_no_answer() {
        let grammar = Grammar::new(table::ROWS);
        for row in table::ROWS {
            // Terminators that come too late, and all kinds of counts.
            let fills: [&[u8]; 9] = [
                &[0x00],
                &[0x01],
                &[0x20],
                &[0x31],
                &[0x7F],
                &[0xFF],
                &[0x41; 30],
                b"AAAAAAAAAAAAAAAAAAAA;",
                b"AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA\x1e\0",
            ];
            for fill in fills {
                let fill: Vec<u8> = fill.iter().copied().cycle().take(500).collect();
                let bytes = [row.prefix, &fill].concat();
                let whole = format!("{:?}", grammar.step(&bytes));
                let first = (1..=bytes.len()).map(|n| grammar.step(&bytes[..n]));
                let early = first.into_iter().find(|step| !matches!(step, Step::Wait));
                assert_eq!(early.map(|step| format!("{step:?}")), Some(whole), "{}", row.name);
            }
        }
    }

    #[test]
    fn parameters_that_are_a_command_of_their_own_are_given_back() {
        let grammar = Grammar::new(table::ROWS);
        let step = grammar.step(b"\x1bW\x00\x1bp\x00\x19\xfaAB");
        assert!(matches!(step, Step::Broken { n: 3, .. }), "{step:?}");
        let step = grammar.step(b"\x1bp\x00\x19\xfa");
        assert!(matches!(step, Step::Done { args: 3, .. }), "{step:?}");
    }
}
