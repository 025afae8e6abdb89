//! What a person does to a printer, as a script types it: `paper out`, `cover open`, `drawer closed`.

use std::str::FromStr;

use super::condition::Paper;

/// One thing that a person does.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Act {
    /// Puts paper in, or lets it run low or out. New paper is a whole roll.
    Paper(Paper),
    /// Opens or closes the cover.
    Cover {
        /// Which.
        open: bool,
    },
    /// Takes it off line or on line at its panel.
    OffLine(bool),
    /// Opens the drawer with its key, or pushes it shut.
    Drawer {
        /// Which.
        open: bool,
    },
    /// Jams the drawer, or frees it.
    Stuck(bool),
}

/// A line that is no act.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error(
    "expected paper full|low|out, cover open|closed, drawer open|closed|stuck|free, offline or \
     online, found {found:?}"
)]
pub struct BadAct {
    found: String,
}

impl FromStr for Act {
    type Err = BadAct;

    fn from_str(text: &str) -> Result<Self, BadAct> {
        let words: Vec<&str> = text.split_whitespace().collect();
        Ok(match words.as_slice() {
            ["paper", "full"] => Self::Paper(Paper::Full),
            ["paper", "low"] => Self::Paper(Paper::Low),
            ["paper", "out"] => Self::Paper(Paper::Out),
            ["cover", "open"] => Self::Cover { open: true },
            ["cover", "closed"] => Self::Cover { open: false },
            ["drawer", "open"] => Self::Drawer { open: true },
            ["drawer", "closed"] => Self::Drawer { open: false },
            ["drawer", "stuck"] => Self::Stuck(true),
            ["drawer", "free"] => Self::Stuck(false),
            ["offline"] => Self::OffLine(true),
            ["online"] => Self::OffLine(false),
            _ => return Err(BadAct { found: text.to_owned() }),
        })
    }
}

#[cfg(test)]
mod tests {
    use super::{Act, Paper};

    #[test]
    fn a_line_is_an_act_or_says_what_was_expected() {
        assert_eq!(" paper  out ".parse(), Ok(Act::Paper(Paper::Out)));
        assert_eq!("drawer closed".parse(), Ok(Act::Drawer { open: false }));
        for bad in ["", "paper", "paper gone", "drawer", "explode"] {
            let said = bad.parse::<Act>().expect_err(bad).to_string();
            assert!(said.contains("cover open|closed"), "{said}");
        }
    }
}
