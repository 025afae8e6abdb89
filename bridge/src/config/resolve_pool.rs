//! From what was typed to what is meant: robots that carry another robot's messages, and the robot
//! that tells alarms.

use std::ops::Range;

use toml::Spanned;

use super::raw::{RawAdmin, RawRobot};
use super::resolved::{Admin, Robot};
use super::scope::{Scope, Wrong, quoted};

impl Scope<'_> {
    /// A robot of a pool says what its head is told, the way its head says it: other keys would have
    /// no effect.
    pub(super) fn only_what_carries(&mut self, raw: &RawRobot) {
        let Some(pool) = &raw.pool else { return };
        let typed: [(&str, Option<Range<usize>>); 9] = [
            ("notices", raw.notices.as_ref().map(Spanned::span)),
            ("sources", raw.sources.as_ref().map(Spanned::span)),
            ("sales", raw.sales.as_ref().map(Spanned::span)),
            ("format", raw.format.as_ref().map(Spanned::span)),
            ("privacy", raw.privacy.as_ref().map(Spanned::span)),
            ("mention", raw.mention.as_ref().map(Spanned::span)),
            ("group", raw.group.as_ref().map(Spanned::span)),
            ("stock_left", raw.stock_left.as_ref().map(Spanned::span)),
            ("stock_tone", raw.stock_tone.as_ref().map(Spanned::span)),
        ];
        for (key, at) in typed {
            let Some(at) = at else { continue };
            let head = pool.get_ref();
            let hint = format!("it carries what {} is told; write `{key}` there", quoted(head));
            self.wrong(at, "a robot without `pool`", format!("`{key}` beside `pool`"), hint);
        }
    }

    /// Every pool has a head that is no carrier itself; carriers take over how it speaks.
    pub(super) fn pools(&mut self, raw: &[Spanned<RawRobot>], robots: &mut [Robot]) -> Option<()> {
        let mut good = Some(());
        for typed in raw.iter().filter_map(|robot| robot.get_ref().pool.as_ref()) {
            let head = robots.iter().find(|robot| robot.name == *typed.get_ref());
            let (expected, hint) = match head {
                None => ("the name of a robot", "name the [[robot]] whose messages it carries"),
                Some(head) if head.pool.is_some() => {
                    ("a robot without `pool`", "name the robot at the head of the pool")
                }
                Some(_) => continue,
            };
            self.wrong(typed.span(), expected, quoted(typed.get_ref()), hint);
            good = None;
        }
        good?;
        let heads: Vec<Robot> =
            robots.iter().filter(|robot| robot.pool.is_none()).cloned().collect();
        for robot in robots {
            let Some(head) = heads.iter().find(|head| Some(&head.name) == robot.pool.as_ref())
            else {
                continue;
            };
            robot.notices = Vec::new();
            robot.findings = Vec::new();
            (robot.format, robot.privacy, robot.sales) = (head.format, head.privacy, head.sales);
            robot.mentions = head.mentions.clone();
            (robot.stock_left, robot.stock_tone) = (head.stock_left, head.stock_tone);
            robot.sources = head.sources.clone();
        }
        Some(())
    }

    /// `[admin]`.
    pub(super) fn admin(
        &mut self,
        raw: &RawAdmin,
        robots: &[Spanned<RawRobot>],
    ) -> Result<Option<Admin>, Wrong> {
        let mention = self.admin_mention(raw.mention.as_ref());
        let Some(robot) = &raw.robot else {
            if let Some(mention) = &raw.mention {
                let hint = "name the robot that tells alarms: robot = \"owner\"";
                self.wrong(mention.span(), "a `robot` beside `mention`", "none", hint);
                return Err(Wrong);
            }
            return Ok(None);
        };
        let named = robots.iter().map(Spanned::get_ref).find(|other| {
            other.name.as_ref().is_some_and(|name| name.get_ref() == robot.get_ref())
        });
        let (expected, hint) = match named {
            None => ("the name of a robot", "name one of the [[robot]] tables"),
            Some(other) if other.pool.is_some() => {
                ("a robot without `pool`", "name the robot at the head of the pool")
            }
            Some(_) => {
                return Ok(Some(Admin {
                    robot: robot.get_ref().clone(),
                    mention: mention.ok_or(Wrong)?,
                }));
            }
        };
        self.wrong(robot.span(), expected, quoted(robot.get_ref()), hint);
        Err(Wrong)
    }
}
