//! The robots that carry one queue: its own, and those of its pool. Knows which are of use, and
//! which a person has to mend first.
//!
//! It decides nothing about messages and keeps nothing over a restart: after one, every robot is
//! tried again.

use std::collections::BTreeMap;

use super::revival::Revived;
use crate::clock::Clock;
use crate::config::{Config, Robot};
use crate::dingtalk::RobotClient;

/// One robot of the pool.
struct Carrier {
    robot: Robot,
    client: Option<RobotClient>,
    /// Why it is of no use.
    out: Option<String>,
    /// How often it had been said to be mended.
    revived: u64,
}

/// The robots of one queue, in the order in which they are preferred: its own first.
pub(super) struct Pool {
    head: String,
    order: Vec<String>,
    carriers: BTreeMap<String, Carrier>,
}

/// What new settings mean for a queue.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Taken {
    /// Nothing.
    Same,
    /// A robot is another one now, or may be of use again.
    Anew,
    /// The queue's own robot is not configured any more.
    Gone,
}

impl Pool {
    /// An empty pool of `head`'s queue.
    pub(super) fn new(head: &str) -> Self {
        Self { head: head.to_owned(), order: Vec::new(), carriers: BTreeMap::new() }
    }

    /// Takes up `config`. A robot whose access to `DingTalk` is as it was stays as it is.
    pub(super) fn take(&mut self, config: &Config, revived: &Revived, clock: Clock) -> Taken {
        let belongs =
            |robot: &&Robot| robot.name == self.head || robot.pool.as_ref() == Some(&self.head);
        let mut robots: Vec<&Robot> = config.robots.iter().filter(belongs).collect();
        robots.sort_by_key(|robot| robot.name != self.head);
        if robots.first().is_none_or(|robot| robot.name != self.head) {
            return Taken::Gone;
        }
        let order: Vec<String> = robots.iter().map(|robot| robot.name.clone()).collect();
        let mut taken = if order == self.order { Taken::Same } else { Taken::Anew };
        self.carriers.retain(|name, _| order.contains(name));
        self.order = order;
        for robot in robots {
            let count = revived.get(&robot.name).copied().unwrap_or(0);
            match self.carriers.get_mut(&robot.name) {
                Some(known) if same_access(&known.robot, robot) => {
                    known.robot = robot.clone();
                    if known.revived != count {
                        (known.revived, known.out) = (count, known.unusable());
                        taken = Taken::Anew;
                    }
                }
                _ => {
                    self.carriers.insert(robot.name.clone(), Carrier::new(robot, count, clock));
                    taken = Taken::Anew;
                }
            }
        }
        taken
    }

    /// All of them, the preferred one first.
    pub(super) fn names(&self) -> &[String] {
        &self.order
    }

    /// Those that can be asked, the preferred one first.
    pub(super) fn usable(&self) -> Vec<String> {
        let usable = |name: &&String| self.carriers.get(*name).is_some_and(|c| c.out.is_none());
        self.order.iter().filter(usable).cloned().collect()
    }

    /// Those that cannot, and why.
    pub(super) fn out(&self) -> Vec<(String, String)> {
        let why = |name: &String| Some((name.clone(), self.carriers.get(name)?.out.clone()?));
        self.order.iter().filter_map(why).collect()
    }

    /// A person has to mend this one.
    pub(super) fn put_out(&mut self, name: &str, reason: &str) {
        if let Some(carrier) = self.carriers.get_mut(name) {
            carrier.out = Some(reason.to_owned());
        }
    }

    /// One that can be asked.
    pub(super) fn carrier(&self, name: &str) -> Option<(&Robot, &RobotClient)> {
        let carrier = self.carriers.get(name)?;
        carrier.client.as_ref().map(|client| (&carrier.robot, client))
    }

    /// The queue's own robot.
    pub(super) fn head(&self) -> Option<&Robot> {
        self.carriers.get(&self.head).map(|carrier| &carrier.robot)
    }
}

impl Carrier {
    fn new(robot: &Robot, revived: u64, clock: Clock) -> Self {
        let (client, out) = match RobotClient::new(robot, clock) {
            Ok(client) => (Some(client), None),
            Err(error) => (None, Some(error.to_string())),
        };
        Self { robot: robot.clone(), client, out, revived }
    }

    /// Why there is no client: what no `send-test` can have mended.
    fn unusable(&self) -> Option<String> {
        if self.client.is_some() { None } else { self.out.clone() }
    }
}

/// Whether `DingTalk` would be asked in the same way: what a person changes to mend a robot.
fn same_access(old: &Robot, new: &Robot) -> bool {
    old.url == new.url
        && old.secret == new.secret
        && old.keywords == new.keywords
        && old.ca_file == new.ca_file
        && old.proxy == new.proxy
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use super::{Pool, Taken};
    use crate::clock::Clock;
    use crate::config::{Config, Language, Robot, Shop};
    use crate::secret::Secret;

    fn config(robots: &[(&str, Option<&str>)]) -> Config {
        let robots = robots.iter().map(|(name, pool)| Robot {
            pool: pool.map(str::to_owned),
            ..Robot::for_tests(name, "http://127.0.0.1:9/robot/send?access_token=t")
        });
        let dir = std::path::Path::new("/nowhere");
        Config::for_tests(dir, Shop::for_tests(Language::En), robots.collect())
    }

    fn pool(config: &Config) -> Pool {
        let mut pool = Pool::new("owner");
        assert_eq!(pool.take(config, &BTreeMap::new(), Clock::real()), Taken::Anew);
        pool
    }

    #[test]
    fn a_pool_is_the_head_and_the_robots_that_name_it() {
        let config = config(&[("more", Some("owner")), ("chef", None), ("owner", None)]);
        let pool = pool(&config);
        assert_eq!(pool.names(), ["owner", "more"]);
        assert_eq!(pool.usable(), ["owner", "more"]);
        let chef = Pool::new("chef").take(&config, &BTreeMap::new(), Clock::real());
        assert_eq!(chef, Taken::Anew);
        let gone = Pool::new("gone").take(&config, &BTreeMap::new(), Clock::real());
        assert_eq!(gone, Taken::Gone);
    }

    #[test]
    fn a_robot_is_out_until_its_access_changes_or_somebody_says_it_works() {
        let mut config = config(&[("owner", None), ("more", Some("owner"))]);
        let mut pool = pool(&config);
        pool.put_out("owner", "no such token");
        assert_eq!(pool.usable(), ["more"]);
        config.robots[0].notices = vec![pos_protocol::event::Kind::Sale];
        assert_eq!(pool.take(&config, &BTreeMap::new(), Clock::real()), Taken::Same);
        assert_eq!(pool.out(), [("owner".to_owned(), "no such token".to_owned())]);

        let revived = BTreeMap::from([("owner".to_owned(), 1)]);
        assert_eq!(pool.take(&config, &revived, Clock::real()), Taken::Anew);
        assert_eq!(pool.take(&config, &revived, Clock::real()), Taken::Same);
        assert_eq!(pool.usable().len(), 2);

        pool.put_out("owner", "no such token");
        config.robots[0].url = Secret::new("http://127.0.0.1:9/robot/send?access_token=new");
        assert_eq!(pool.take(&config, &revived, Clock::real()), Taken::Anew);
        assert_eq!(pool.usable().len(), 2);
    }

    #[test]
    fn a_robot_that_cannot_be_set_up_is_not_revived_by_words() {
        let mut config = config(&[("owner", None)]);
        config.robots[0].ca_file = Some("/nowhere/ca.pem".into());
        let mut pool = pool(&config);
        assert_eq!(pool.usable(), [""; 0]);
        let revived = BTreeMap::from([("owner".to_owned(), 1)]);
        pool.take(&config, &revived, Clock::real());
        assert!(pool.out()[0].1.contains("ca.pem"), "{:?}", pool.out());
        assert!(pool.carrier("owner").is_none());
    }
}
