//! How the Stream is, for `status`.

use std::fmt;

use serde::{Deserialize, Serialize};

/// How the Stream is.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Link {
    /// A connection stands.
    pub connected: bool,
    /// Connections tried since the start.
    pub tries: u64,
    /// Connections that stood.
    pub connections: u64,
    /// Messages and presses that nobody had room for.
    pub lost: u64,
    /// Frames that could not be read.
    pub unreadable: u64,
    /// Callbacks that had come before.
    pub repeated: u64,
    /// What is wrong at present, in words.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub trouble: Option<String>,
}

impl fmt::Display for Link {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(if self.connected { "connected" } else { "not connected" })?;
        write!(f, ", {} of {} tries stood", self.connections, self.tries)?;
        if self.lost > 0 {
            write!(f, ", {} questions or presses LOST", self.lost)?;
        }
        match &self.trouble {
            Some(trouble) => write!(f, "; {trouble}"),
            None => Ok(()),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::Link;

    #[test]
    fn one_line_says_how_it_is() {
        let mut link = Link { connected: true, tries: 3, connections: 2, ..Link::default() };
        assert_eq!(link.to_string(), "connected, 2 of 3 tries stood");
        (link.connected, link.lost, link.trouble) = (false, 1, Some("cut".into()));
        let expected = "not connected, 2 of 3 tries stood, 1 questions or presses LOST; cut";
        assert_eq!(link.to_string(), expected);
    }
}
