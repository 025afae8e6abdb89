//! Whom an answer is for: what a group may hear is what the robot that speaks there hears.
//!
//! A group that a `[[robot]]` names is that robot's. One that nobody names is answered as the robots
//! without a `group` are: from what all of them hear, as little as the shyest of them says. So
//! nobody learns by asking in a new group what no group is told. Alone, only listed people are
//! answered.

use std::collections::BTreeSet;

use crate::config::{Config, Privacy, Robot};
use crate::dingtalk::stream::BotMessage;

/// What is told, and how much of it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Scope<'c> {
    /// The robots whose group it is, heads of their pools.
    pub(super) robots: Vec<&'c Robot>,
    /// Whether the configuration names the group: then a robot can say late what was asked here.
    pub(super) named: bool,
    /// How much leaves the shop.
    pub(super) privacy: Privacy,
    /// Shops of which every till is heard; `""` is the only one.
    pub(super) shops: Vec<&'c str>,
    /// All tills that are heard, with their shops.
    pub(super) tills: Vec<(&'c str, &'c str)>,
}

/// Why nothing is told.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum NoScope {
    /// The group is no robot's.
    NoRobot,
    /// Somebody who is not listed asked alone.
    Alone,
}

impl<'c> Scope<'c> {
    /// What whoever wrote `message` may hear where it was written.
    pub(super) fn of(config: &'c Config, message: &BotMessage) -> Result<Self, NoScope> {
        let heads = || config.robots.iter().filter(|robot| robot.pool.is_none());
        if !message.is_group {
            let listed = config.dingtalk.may_change(message.staff_id.as_deref());
            return if listed { Self::everything(config) } else { Err(NoScope::Alone) };
        }
        let is_here = |robot: &&Robot| {
            let group = robot.group.as_deref();
            group.is_some_and(|group| {
                group == message.conversation_id || Some(group) == message.group.as_deref()
            })
        };
        let here: Vec<&Robot> = heads().filter(is_here).collect();
        if !here.is_empty() {
            let any = |source: &str| here.iter().any(|robot| robot.sources.contains(source));
            return Self::hearing(config, here.clone(), true, any);
        }
        let rest: Vec<&Robot> = heads().filter(|robot| robot.group.is_none()).collect();
        let all = |source: &str| rest.iter().all(|robot| robot.sources.contains(source));
        Self::hearing(config, rest.clone(), false, all)
    }

    /// What a listed person hears alone: all of it, as the robot that says most says it.
    fn everything(config: &'c Config) -> Result<Self, NoScope> {
        let robots: Vec<&Robot> =
            config.robots.iter().filter(|robot| robot.pool.is_none()).collect();
        let most = robots.iter().map(|robot| robot.privacy).max();
        let scope = Self::hearing(config, robots, false, |_| true)?;
        Ok(Self { privacy: most.unwrap_or(scope.privacy), ..scope })
    }

    fn hearing(
        config: &'c Config,
        robots: Vec<&'c Robot>,
        named: bool,
        hears: impl Fn(&str) -> bool,
    ) -> Result<Self, NoScope> {
        let privacy = robots.iter().map(|robot| robot.privacy).min().ok_or(NoScope::NoRobot)?;
        let sources = || config.sources.iter();
        let whole = |shop: &str| {
            sources().filter(|source| source.shop == shop).all(|source| hears(&source.name))
        };
        let shops: BTreeSet<&str> = sources().map(|source| source.shop.as_str()).collect();
        let told = sources().filter(|source| hears(&source.name));
        let tills: Vec<_> =
            told.map(|source| (source.shop.as_str(), source.name.as_str())).collect();
        if tills.is_empty() {
            return Err(NoScope::NoRobot);
        }
        let shops = shops.into_iter().filter(|shop| whole(shop)).collect();
        Ok(Self { robots, named, privacy, shops, tills })
    }

    /// The shops whose tills are heard, in whole or in part; only the one that is `named`.
    pub(super) fn places(&self, named: Option<&str>) -> Vec<&'c str> {
        let all: BTreeSet<&str> = self.tills.iter().map(|(shop, _)| *shop).collect();
        all.into_iter().filter(|shop| named.is_none_or(|named| named == *shop)).collect()
    }

    /// The tills of `shop` that are heard.
    pub(super) fn tills_of(&self, shop: &str) -> Vec<&'c str> {
        self.tills.iter().filter(|(of, _)| *of == shop).map(|(_, till)| *till).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::{NoScope, Scope};
    use crate::ask::samples::{message, two_shops};
    use crate::config::Privacy;

    #[test]
    fn a_group_hears_of_its_own_robots_sources_and_a_strange_one_of_nothing() {
        let config = two_shops();
        let in_group = |group: &str| Scope::of(&config, &message("u1", Some(group), "?"));
        let central = in_group("中環店群").expect("a robot speaks there");
        assert_eq!((central.shops, central.named), (vec!["中環"], true));
        let part = in_group("旺角樓面").expect("a robot speaks there");
        assert_eq!((part.shops, part.tills), (Vec::new(), vec![("旺角", "mk-1")]));
        assert_eq!(in_group("別的群"), Err(NoScope::NoRobot));
    }

    #[test]
    fn alone_only_listed_people_are_answered() {
        let config = two_shops();
        let alone = |user: &str| Scope::of(&config, &message(user, None, "?"));
        let all = alone("boss").expect("listed");
        assert_eq!((all.shops.len(), all.tills.len(), all.privacy), (2, 3, Privacy::Full));
        assert_eq!(alone("u1"), Err(NoScope::Alone));
    }

    #[test]
    fn a_group_that_nobody_named_hears_what_every_robot_without_one_hears() {
        let mut config = two_shops();
        for robot in &mut config.robots {
            robot.group = None;
        }
        let strange = message("u1", Some("別的群"), "?");
        assert_eq!(Scope::of(&config, &strange), Err(NoScope::NoRobot), "they share no till");
        config.robots.truncate(1);
        let scope = Scope::of(&config, &strange).expect("one robot");
        assert_eq!((scope.shops, scope.named), (vec!["中環"], false));
    }
}
