//! Where a till prints to, as typed.

use std::path::PathBuf;
use std::str::FromStr;

/// `tcp:HOST:PORT`, `serial:PATH` or `pty:LINK`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Destination {
    /// A printer, or a bridge in its place, on the network.
    Tcp(String),
    /// A serial port that exists.
    Serial(PathBuf),
    /// A pty that is made, with a symbolic link to it.
    Pty(PathBuf),
}

/// A destination that cannot be read.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("expected tcp:HOST:PORT, serial:PATH or pty:LINK, found {found:?}")]
pub struct BadDestination {
    found: String,
}

impl FromStr for Destination {
    type Err = BadDestination;

    fn from_str(text: &str) -> Result<Self, BadDestination> {
        let bad = || BadDestination { found: text.to_owned() };
        match text.split_once(':').ok_or_else(bad)? {
            ("tcp", address) => {
                let (host, port) = address.rsplit_once(':').ok_or_else(bad)?;
                let sound = !host.is_empty() && port.parse::<u16>().is_ok_and(|port| port > 0);
                if sound { Ok(Self::Tcp(address.to_owned())) } else { Err(bad()) }
            }
            ("serial", path) if !path.is_empty() => Ok(Self::Serial(path.into())),
            ("pty", link) if !link.is_empty() => Ok(Self::Pty(link.into())),
            _ => Err(bad()),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::Destination;

    #[test]
    fn the_three_forms_are_read_and_nothing_else() {
        let read = |text: &str| text.parse::<Destination>();
        assert_eq!(read("tcp:[::1]:9100"), Ok(Destination::Tcp("[::1]:9100".to_owned())));
        assert_eq!(read("serial:/dev/ttyUSB0"), Ok(Destination::Serial("/dev/ttyUSB0".into())));
        assert_eq!(read("pty:/tmp/till"), Ok(Destination::Pty("/tmp/till".into())));
        for bad in
            ["", "tcp:", "tcp:host", "tcp::9100", "tcp:host:0", "tcp:host:99999", "pty:", "usb:x"]
        {
            assert!(read(bad).is_err(), "{bad:?}");
        }
    }
}
