//! Who may call: the schemes, their names in paths, configuration and events.

use std::fmt;

/// A way to push events to the bridge.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Scheme {
    /// Square.
    Square,
    /// Lightspeed Retail X-Series.
    LightspeedX,
    /// Lightspeed Restaurant K-Series.
    LightspeedK,
    /// Shopify.
    Shopify,
    /// Loyverse.
    Loyverse,
    /// Any sender of Standard Webhooks that pushes wire schema 1.
    Standard,
    /// Any JSON, read by configured pointers.
    Generic,
    /// `POST /v1/events`.
    Push,
}

/// Before the name of each source that is no wire. A configured source has no `/` in its name.
const SOURCE_PREFIX: &str = "hooks/";

impl Scheme {
    /// Every one.
    pub const ALL: [Self; 8] = [
        Self::Square,
        Self::LightspeedX,
        Self::LightspeedK,
        Self::Shopify,
        Self::Loyverse,
        Self::Standard,
        Self::Generic,
        Self::Push,
    ];

    /// Its name in `/hooks/NAME`.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Square => "square",
            Self::LightspeedX => "lightspeed-x",
            Self::LightspeedK => "lightspeed-k",
            Self::Shopify => "shopify",
            Self::Loyverse => "loyverse",
            Self::Standard => "standard",
            Self::Generic => "generic",
            Self::Push => "push",
        }
    }

    /// The one of this name.
    pub fn parse(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|scheme| scheme.as_str() == name)
    }

    /// Whether its body is wire schema 1.
    pub fn is_of_schema(self) -> bool {
        matches!(self, Self::Standard | Self::Push)
    }

    /// The source of the events it brings.
    pub fn source(self) -> String {
        format!("{SOURCE_PREFIX}{}", self.as_str())
    }

    /// Whether `source` is one of these and no wire.
    pub fn is_source(source: &str) -> bool {
        source.strip_prefix(SOURCE_PREFIX).is_some_and(|name| Self::parse(name).is_some())
    }
}

impl fmt::Display for Scheme {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

#[cfg(test)]
mod tests {
    use super::Scheme;

    #[test]
    fn names_read_back_and_no_wire_has_one() {
        for scheme in Scheme::ALL {
            assert_eq!(Scheme::parse(scheme.as_str()), Some(scheme));
            assert!(Scheme::is_source(&scheme.source()));
        }
        for wire in ["square", "hooks", "hooks/", "hooks/till", "counter-1"] {
            assert!(!Scheme::is_source(wire), "{wire}");
        }
    }
}
