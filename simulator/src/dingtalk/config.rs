//! What a mock is told before it starts.

use std::net::{Ipv4Addr, SocketAddr};
use std::path::PathBuf;

use super::app::AppConfig;
use super::profile::Profile;
use crate::clock::Clock;

/// Most keywords of one robot.
pub const MAX_KEYWORDS: usize = 10;

/// A mock and its robots.
#[derive(Clone, Debug)]
pub struct MockConfig {
    /// Where to listen; port 0 takes a free one.
    pub listen: SocketAddr,
    /// The robots of the group.
    pub robots: Vec<RobotConfig>,
    /// How this DingTalk behaves.
    pub profile: Profile,
    /// Whether the limits of minute, month and address are kept.
    pub limited: bool,
    /// What time it is.
    pub clock: Clock,
    /// The application, where there is one.
    pub app: Option<AppConfig>,
    /// Where every call is appended as a line of JSON.
    pub log: Option<PathBuf>,
}

impl MockConfig {
    /// A mock on a free loopback port, limited, with the default profile and the machine's clock.
    pub fn new(robots: Vec<RobotConfig>) -> Self {
        Self {
            listen: SocketAddr::from((Ipv4Addr::LOCALHOST, 0)),
            robots,
            profile: Profile::default(),
            limited: true,
            clock: Clock::real(),
            app: None,
            log: None,
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
