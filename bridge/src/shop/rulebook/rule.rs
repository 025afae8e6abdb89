//! One rule: on which events it is asked, what must hold, what is said, and to whom.

use std::sync::Arc;

use minijinja::{Environment, UndefinedBehavior, Value, filters};
use pos_protocol::event::{Event, Kind};

use super::condition::{Asks, translate};
use super::facts::{Today, facts};
use super::fault::{ExpressionFault, RuleFault};
use super::said::Said;
use super::say::Say;
use crate::config::{Config, Robot};
use crate::journal::{JournalError, Rows};
use crate::notice::{Context, spoken};
use crate::shop::moment::Moment;

/// Most steps of one condition: the longest takes a tenth.
const MAX_STEPS: u64 = 20_000;
/// The condition's name in its engine.
const NAME: &str = "when";
/// What the engine writes where a condition holds.
const HOLDS: &str = "y";

/// One `[[rule]]`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Rule {
    /// Unique.
    pub name: String,
    /// The kinds of event it is asked on; at least one.
    pub on: Vec<Kind>,
    /// What must hold; always where nothing is said.
    pub when: Option<Condition>,
    /// What is said.
    pub say: Say,
    /// The robot that says it; all that have `rule` among their notices where none is named.
    pub robot: Option<String>,
    /// Mobile numbers that are called.
    pub mention: Vec<String>,
    /// Whether it goes before ordinary notices.
    pub urgent: bool,
    /// How often it is said.
    pub once: Once,
}

/// How often a rule speaks.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Once {
    /// On every event that it holds of.
    Event,
    /// On the first of a business day, in each shop.
    Day,
}

/// A condition that compiles.
#[derive(Clone, Debug)]
pub struct Condition {
    source: String,
    engine: Arc<Environment<'static>>,
    asks: Asks,
}

/// The same holds under the same words.
impl PartialEq for Condition {
    fn eq(&self, other: &Self) -> bool {
        self.source == other.source
    }
}

impl Eq for Condition {}

impl Condition {
    /// Reads, types and compiles `source`.
    pub fn new(source: &str) -> Result<Self, ExpressionFault> {
        let (code, asks) = translate(source)?;
        let mut engine = Environment::empty();
        engine.set_undefined_behavior(UndefinedBehavior::Lenient);
        engine.set_fuel(Some(MAX_STEPS));
        engine.add_filter("lower", filters::lower);
        engine.add_filter("nought", |value: Value| {
            if value.is_undefined() || value.is_none() { Value::from(0) } else { value }
        });
        engine.add_test("known", |value: Value| !value.is_undefined() && !value.is_none());
        let text = format!("{{% if {code} %}}{HOLDS}{{% endif %}}");
        engine.add_template_owned(NAME, text).map_err(|error| {
            let hint = "please report it: the reader took what the engine does not";
            ExpressionFault::new(0..source.len(), "a condition", error.to_string(), hint)
        })?;
        Ok(Self { source: source.to_owned(), engine: Arc::new(engine), asks })
    }

    /// As it was typed.
    pub fn source(&self) -> &str {
        &self.source
    }

    pub(super) fn holds(&self, facts: Value) -> Result<bool, minijinja::Error> {
        Ok(self.engine.get_template(NAME)?.render(facts)? == HOLDS)
    }
}

/// An event that rules are asked on, after it was counted.
#[derive(Clone, Copy, Debug)]
pub(in crate::shop) struct Occasion<'a> {
    pub(in crate::shop) event: &'a Event,
    pub(in crate::shop) at: Moment,
    pub(in crate::shop) shop: &'a str,
}

impl Rule {
    /// What each robot is to say on `occasion`, or why that cannot be known.
    pub(in crate::shop) fn apply(
        &self,
        occasion: &Occasion<'_>,
        config: &Config,
        rows: &dyn Rows,
    ) -> Result<Result<Vec<(String, Said)>, RuleFault>, JournalError> {
        let Occasion { event, at, shop } = *occasion;
        if !self.on.contains(&event.kind) {
            return Ok(Ok(Vec::new()));
        }
        let once = match self.once {
            Once::Event => event.id.to_string(),
            Once::Day => format!("{shop}/{}", at.day),
        };
        // What was said today need not be worked out again.
        if self.once == Once::Day && rows.told(&format!("rule/{}@{once}", self.name))? {
            return Ok(Ok(Vec::new()));
        }
        let asks = self.when.as_ref().map_or(Asks::default(), |when| when.asks);
        let names = |word: &str| self.say.source().contains(word);
        let categories = asks.categories || names("categories");
        let asks = Asks { items: asks.items || names("today"), categories };
        let today = Today::read(rows, shop, at, asks)?;
        Ok(self
            .judge(occasion, &today, &once, config)
            .map_err(|error| self.fault(occasion, &error)))
    }

    fn judge(
        &self,
        occasion: &Occasion<'_>,
        today: &Today,
        once: &str,
        config: &Config,
    ) -> Result<Vec<(String, Said)>, minijinja::Error> {
        if !self.holds(occasion, today)? {
            return Ok(Vec::new());
        }
        let mut all = Vec::new();
        for robot in config.robots.iter().filter(|robot| self.speaks(robot, &occasion.event.source))
        {
            let said = Said {
                rule: self.name.clone(),
                once: once.to_owned(),
                text: self.text(occasion, today, config, robot)?,
                event: occasion.event.id.to_string(),
                source: occasion.event.source.clone(),
                mention: self.mention.clone(),
                urgent: self.urgent,
            };
            all.push((robot.name.clone(), said));
        }
        Ok(all)
    }

    fn holds(&self, occasion: &Occasion<'_>, today: &Today) -> Result<bool, minijinja::Error> {
        let Some(when) = &self.when else { return Ok(true) };
        when.holds(facts(occasion.event, occasion.shop, occasion.at, today))
    }

    fn speaks(&self, robot: &Robot, source: &str) -> bool {
        let meant = match &self.robot {
            Some(name) => robot.name == *name,
            None => robot.findings.contains(&crate::shop::FindingKind::Rule),
        };
        meant && robot.pool.is_none() && robot.sources.contains(source)
    }

    fn text(
        &self,
        occasion: &Occasion<'_>,
        today: &Today,
        config: &Config,
        robot: &Robot,
    ) -> Result<String, minijinja::Error> {
        let context = Context::new(config, robot);
        let mut fields = spoken::event(occasion.event, &context);
        fields.extend([
            ("rule", Value::from(self.name.as_str())),
            ("date", Value::from(occasion.at.day.to_string())),
            ("weekday", Value::from(occasion.at.local.strftime("%A").to_string())),
            ("today", spoken::day(&today.spoken(), &context)),
        ]);
        if !occasion.shop.is_empty() {
            fields.insert("shop", spoken::name(occasion.shop));
        }
        self.say.text(Value::from_pairs(fields))
    }

    /// What the rule would do with a sample: whether it holds, and what `robot` would say.
    pub fn rehearse(
        &self,
        event: &Event,
        at: Moment,
        config: &Config,
        robot: &Robot,
    ) -> Result<(bool, String), RuleFault> {
        let occasion = Occasion { event, at, shop: "" };
        let today = Today::default();
        let holds = self.holds(&occasion, &today);
        let both =
            holds.and_then(|holds| Ok((holds, self.text(&occasion, &today, config, robot)?)));
        both.map_err(|error| self.fault(&occasion, &error))
    }

    fn fault(&self, occasion: &Occasion<'_>, error: &minijinja::Error) -> RuleFault {
        let why = match error.detail() {
            Some(detail) => format!("{}: {detail}", error.kind()),
            None => error.kind().to_string(),
        };
        let when = self.when.as_ref().map_or("", Condition::source);
        let text = format!("{when}\n{}", self.say.source());
        RuleFault {
            rule: self.name.clone(),
            why,
            version: format!("{:08x}", crc32fast::hash(text.as_bytes())),
            source: occasion.event.source.clone(),
        }
    }
}
