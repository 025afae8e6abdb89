//! What a mock is told before it starts.

use std::net::{Ipv4Addr, SocketAddr};

use super::answer::Wording;
use crate::clock::Clock;

/// A mock and its robots.
#[derive(Clone, Debug)]
pub struct MockConfig {
    /// Where to listen; port 0 takes a free one.
    pub listen: SocketAddr,
    /// The robots of the group.
    pub robots: Vec<RobotConfig>,
    /// Generation of error texts and codes.
    pub wording: Wording,
    /// Whether the rate limit is kept.
    pub limited: bool,
    /// What time it is.
    pub clock: Clock,
}

impl MockConfig {
    /// A mock on a free loopback port, limited, with the newest wording and the machine's clock.
    pub fn new(robots: Vec<RobotConfig>) -> Self {
        Self {
            listen: SocketAddr::from((Ipv4Addr::LOCALHOST, 0)),
            robots,
            wording: Wording::default(),
            limited: true,
            clock: Clock::real(),
        }
    }
}

/// One robot.
#[derive(Clone, Debug)]
pub struct RobotConfig {
    /// Its `access_token`.
    pub token: String,
    /// Its signing secret, where it demands signatures.
    pub secret: Option<String>,
    /// Words of which a message must contain one; none means no such demand.
    pub keywords: Vec<String>,
}
