//! The IP list of a robot: single IPv4 addresses and CIDR ranges.
//!
//! IPv6 is not supported, because DingTalk does not.

use std::net::{IpAddr, Ipv4Addr};
use std::str::FromStr;

use serde::Deserialize;

/// An IPv4 address, or all that share its first bits.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(try_from = "String")]
pub struct IpRange {
    network: u32,
    mask: u32,
}

impl IpRange {
    /// Whether `address` lies in it. An IPv6 address lies in none, unless it stands for an IPv4 one.
    pub fn contains(&self, address: IpAddr) -> bool {
        match address.to_canonical() {
            IpAddr::V4(address) => u32::from(address) & self.mask == self.network,
            IpAddr::V6(_) => false,
        }
    }
}

impl FromStr for IpRange {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let bad =
            || format!("expected an IPv4 address or range such as 1.1.1.0/24, found {text:?}");
        let (address, bits) = match text.split_once('/') {
            Some((address, bits)) => (address, bits.parse::<u32>().map_err(|_| bad())?),
            None => (text, 32),
        };
        let address: Ipv4Addr = address.parse().map_err(|_| bad())?;
        if bits > 32 {
            return Err(bad());
        }
        let mask = u32::MAX.checked_shl(32 - bits).unwrap_or(0);
        Ok(Self { network: u32::from(address) & mask, mask })
    }
}

impl TryFrom<String> for IpRange {
    type Error = String;

    fn try_from(text: String) -> Result<Self, String> {
        text.parse()
    }
}

#[cfg(test)]
mod tests {
    use super::IpRange;

    fn holds(range: &str, address: &str) -> bool {
        let range: IpRange = range.parse().expect("a range");
        range.contains(address.parse().expect("an address"))
    }

    #[test]
    fn an_address_lies_in_itself_and_in_its_ranges_only() {
        assert!(holds("1.1.1.1", "1.1.1.1") && !holds("1.1.1.1", "1.1.1.2"));
        assert!(holds("1.1.1.0/24", "1.1.1.255") && !holds("1.1.1.0/24", "1.1.2.0"));
        assert!(holds("1.1.1.77/24", "1.1.1.2"), "the bits beyond the mask do not matter");
        assert!(holds("0.0.0.0/0", "9.9.9.9"));
        assert!(holds("1.1.1.1", "::ffff:1.1.1.1"), "an IPv4 caller of an IPv6 socket");
        assert!(!holds("0.0.0.0/0", "::1"));
    }

    #[test]
    fn ipv6_and_nonsense_are_refused() {
        for bad in ["::1", "1.1.1.0/33", "1.1.1", "1.1.1.1/", "1.1.1.1/x", ""] {
            let error = bad.parse::<IpRange>().expect_err(bad);
            assert!(error.contains("expected an IPv4 address"), "{error}");
        }
    }
}
