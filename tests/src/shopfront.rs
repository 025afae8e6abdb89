//! What stands around a box before anything is known to it: a till on a cable whose speed and encoding
//! nobody told, and a group with a robot. The box itself is not here.

use std::net::{Ipv4Addr, SocketAddr};
use std::path::Path;

use pos_protocol::event::Event;
use possim::clock::Clock;
use possim::dingtalk::{MockConfig, MockRobot, RobotConfig};
use possim::print::Style;
use possim::shop::{OPENING, Shop, Till};
use possim::truth;
use tokio::runtime::Runtime;

use crate::uart::Cable;
use crate::world::{KEYWORD, SECRET, TOKEN};

/// Speed of the till.
const BAUD: u32 = 19_200;
/// How it prints: Traditional Chinese in Big5.
const STYLE: &str = "zh-hant-32-big5";

/// The till, its cable and the group.
#[derive(Debug)]
pub struct Shopfront {
    /// The group.
    pub mock: MockRobot,
    /// The cable.
    pub cable: Cable,
    /// What the group's robot runs on, and whoever visits the page.
    pub runtime: Runtime,
    till: Till,
}

impl Shopfront {
    /// The cable ends at `link`; the till sells by `seed`.
    ///
    /// # Panics
    /// Where the machine has no room for it.
    pub fn open(link: &Path, seed: u64) -> Self {
        let runtime = Runtime::new().expect("threads");
        let robot = RobotConfig {
            token: TOKEN.to_owned(),
            secret: Some(SECRET.to_owned()),
            keywords: vec![KEYWORD.to_owned()],
        };
        let config = MockConfig { clock: Clock::real(), ..MockConfig::new(vec![robot]) };
        let mock = runtime.block_on(MockRobot::start(config)).expect("a mock");
        let cable = Cable::plug(link, BAUD);
        let till = Till::open(&Shop::ALL[0], seed, "counter-1", 1_001, OPENING);
        Self { mock, cable, runtime, till }
    }

    /// The robot's address, as DingTalk shows it.
    pub fn webhook(&self) -> String {
        let address: SocketAddr = self.mock.address();
        debug_assert_eq!(address.ip(), Ipv4Addr::LOCALHOST);
        format!("http://{address}/robot/send?access_token={TOKEN}")
    }

    /// A customer pays: what is printed, and what was sold.
    pub fn sell(&mut self) -> (Vec<u8>, Event) {
        let style = Style::named(STYLE).expect("a style of the simulator");
        let sale = self.till.sell();
        let sold = truth::event(&sale, style.language, "counter-1");
        (style.print(&sale), sold)
    }

    /// What the group reads, oldest first.
    pub fn group(&self) -> Vec<String> {
        self.mock.messages().into_iter().map(|told| told.text).collect()
    }
}
