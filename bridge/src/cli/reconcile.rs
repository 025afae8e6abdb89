//! `posbridge reconcile`: the till's Z report, or the cash in its drawer, beside our own count.

use std::io::{self, Write};

use clap::Args;
use jiff::civil::Date;
use pos_protocol::event::Entry;
use pos_protocol::money::Amount;

use super::report::journal;
use super::stock::hand_over;
use super::{Configured, Exit, Failure, print};
use crate::config::{Config, Source};
use crate::notice;
use crate::shop::{Drawer, Reckoning};

/// Before it nothing was printed.
const FIRST_DAY: Date = Date::constant(1970, 1, 1);

/// Which report, or how much cash.
#[derive(Args)]
pub(super) struct Arguments {
    #[command(flatten)]
    configured: Configured,
    /// The report with this number; else the last one of each till
    #[arg(long, value_name = "NUMBER", conflicts_with = "cash")]
    z: Option<String>,
    /// Cash counted in the drawer: 4310.50 or 4,310.50
    #[arg(long, value_name = "AMOUNT", value_parser = amount)]
    cash: Option<Amount>,
    /// Only of this till
    #[arg(long, value_name = "NAME")]
    source: Option<String>,
    /// As JSON Lines
    #[arg(long)]
    json: bool,
}

fn amount(text: &str) -> Result<Amount, String> {
    let plain = text.replace(',', "");
    let parsed = Amount::parse(&plain).filter(|amount| !amount.is_negative());
    parsed.ok_or_else(|| "expected an amount such as 4310.50 or 4,310.50".to_owned())
}

pub(super) fn run(arguments: &Arguments) -> Result<(), Failure> {
    let config = arguments.configured.load()?;
    if let Some(only) = &arguments.source
        && !config.sources.iter().any(|source| source.name == *only)
    {
        let known: Vec<&str> = config.sources.iter().map(|source| &*source.name).collect();
        let message = format!("expected a source ({}), found {only:?}", known.join(", "));
        return Err(Failure::said(Exit::Usage, message));
    }
    match arguments.cash {
        Some(counted) => cash(arguments, &config, counted),
        None => reports(arguments, &config),
    }
}

fn failed(error: &dyn std::error::Error) -> Failure {
    Failure::new(Exit::Failed, error)
}

/// Every kept report of the tills that are asked for, oldest first.
fn kept(arguments: &Arguments, config: &Config) -> Result<Vec<Reckoning>, Failure> {
    let reader = journal(config)?;
    let shops: std::collections::BTreeSet<&str> =
        config.sources.iter().map(|source| &*source.shop).collect();
    let mut all = Vec::new();
    for shop in shops {
        let found = reader.look_at_books(|rows| Reckoning::range(rows, shop, FIRST_DAY, Date::MAX));
        all.extend(found.map_err(|error| failed(&error))?);
    }
    all.retain(|one| arguments.source.as_ref().is_none_or(|only| one.source == *only));
    Ok(all)
}

fn reports(arguments: &Arguments, config: &Config) -> Result<(), Failure> {
    let mut all = kept(arguments, config)?;
    if let Some(number) = &arguments.z {
        all.retain(|one| one.number.as_ref() == Some(number));
    } else {
        let last: std::collections::BTreeMap<String, Reckoning> =
            all.into_iter().map(|one| (one.source.clone(), one)).collect();
        all = last.into_values().collect();
    }
    if all.is_empty() {
        let which = arguments.z.as_ref().map(|z| format!(" with the number {z}"));
        let message = format!("expected a Z report{}, found none", which.unwrap_or_default());
        return Err(Failure::said(Exit::Failed, message)
            .hint("posbridge events --kind shift_report lists what the tills printed"));
    }
    print(|out| {
        for (at, one) in all.iter().enumerate() {
            if arguments.json {
                serde_json::to_writer(&mut *out, one)?;
                writeln!(out)?;
                continue;
            }
            if at > 0 {
                writeln!(out)?;
            }
            tell(one, config, out)?;
        }
        Ok(())
    })
}

/// Every figure on both sides, then what makes them differ.
fn tell(one: &Reckoning, config: &Config, out: &mut dyn Write) -> io::Result<()> {
    let number = one.number.as_deref().unwrap_or("without a number");
    writeln!(out, "Z {number} of {}, {}", one.source, one.at.replace('T', " "))?;
    if !one.whole {
        writeln!(out, "our count began in the middle of this shift")?;
    }
    writeln!(out, "{:<24}{:>14}{:>14}{:>14}", "", "report", "ours", "more")?;
    for line in &one.found.lines {
        let more = line.report.checked_sub(line.own).filter(|more| !more.is_zero());
        let more = more.map(|more| more.to_string()).unwrap_or_default();
        let row = format!(
            "{:<24}{:>14}{:>14}{more:>14}",
            line.figure.word(),
            line.report.to_string(),
            line.own.to_string()
        );
        writeln!(out, "{}", row.trim_end())?;
    }
    if one.found.agrees() {
        return writeln!(out, "they agree");
    }
    for cause in notice::causes(one, config) {
        writeln!(out, "- {cause}")?;
    }
    Ok(())
}

fn cash(arguments: &Arguments, config: &Config, counted: Amount) -> Result<(), Failure> {
    let source = till(arguments, config)?;
    let reader = journal(config)?;
    let (shop, float) = (&source.shop, config.shop.float);
    let drawer =
        reader.look_at_books(|rows| Drawer::counted(rows, shop, &source.name, float, counted));
    let drawer = drawer.map_err(|error| failed(&error))?.ok_or_else(|| {
        Failure::said(Exit::Usage, "expected an amount that can be in a drawer, found a larger one")
    })?;
    let entry = Entry::Cash { amount: counted, till: Some(source.name.clone()), at: None };
    hand_over(config.clone(), arguments.configured.clock()?, &source.shop, entry)?;
    print(|out| {
        if arguments.json {
            serde_json::to_writer(&mut *out, &drawer)?;
            return writeln!(out);
        }
        let Drawer { source, float, takings, expected, counted, over } = &drawer;
        writeln!(out, "drawer of {source}")?;
        for (label, amount) in [
            ("float", float),
            ("cash taken", takings),
            ("expected", expected),
            ("counted", counted),
        ] {
            writeln!(out, "{label:<12}{:>14}", amount.to_string())?;
        }
        let words = if over.is_zero() {
            "it is right".to_owned()
        } else if over.is_negative() {
            format!("short by {}", over.checked_neg().unwrap_or(*over))
        } else {
            format!("over by {over}")
        };
        writeln!(out, "{words}")
    })
}

/// The till whose drawer was counted.
fn till<'a>(arguments: &Arguments, config: &'a Config) -> Result<&'a Source, Failure> {
    if let Some(only) = &arguments.source {
        let found = config.sources.iter().find(|source| source.name == *only);
        return found.ok_or_else(|| Failure::said(Exit::Usage, "expected a source"));
    }
    match &*config.sources {
        [one] => Ok(one),
        many => {
            let known: Vec<&str> = many.iter().map(|source| &*source.name).collect();
            let message =
                format!("expected --source, since there are several tills: {}", known.join(", "));
            Err(Failure::said(Exit::Usage, message).hint("each till has a drawer of its own"))
        }
    }
}

#[cfg(test)]
mod tests {
    use super::amount;

    #[test]
    fn an_amount_may_have_commas_and_nothing_else() {
        assert_eq!(amount("4,310.50").map(|amount| amount.to_string()), Ok("4310.50".to_owned()));
        for bad in ["", "-5", "4.310,50 HKD", "ten"] {
            assert!(amount(bad).is_err(), "{bad}");
        }
    }
}
