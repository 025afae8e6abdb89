//! The shops: what they sell, how their tills print, when their customers come.

use std::time::Duration;

use toml::Spanned;

use super::raw::{RawPhase, RawScenario, RawShop, Text};
use super::resolve::TOP;
use super::resolved::{LineKind, Phase, Shape, ShopSetup, SlipChoice};
use super::scope::{Scope, hint_for, quoted};
use crate::print::Style;
use crate::shop::Shop;
use crate::wire::{FaultPlan, USUAL_BAUD};

/// Most tills of one shop, and of a run: more than a machine has loopback addresses to spare for.
const MAX_TILLS: i64 = 20_000;
/// Longest name of a shop: with a till's number it must fit on 32 columns of paper.
const MAX_NAME: usize = 10;
const MILLISECOND: Duration = Duration::from_millis(1);
const SHAPES: [&str; 5] = ["constant", "ramp", "spike", "soak", "day"];

pub(super) fn shops(
    raw: &RawScenario,
    duration: Option<Duration>,
    scope: &mut Scope<'_>,
) -> Option<Vec<ShopSetup>> {
    if raw.shop.is_empty() {
        let hint = "write [[shop]] with name = \"tea\", shop = \"bubble-tea\", tills = 2";
        scope.wrong(&TOP, "at least one [[shop]]", "none", hint);
        return None;
    }
    let duration = duration.unwrap_or(Duration::MAX / 4);
    let common = phases(&raw.phase, duration, scope);
    let mut shops: Vec<ShopSetup> = Vec::new();
    let mut sound = common.is_some();
    for typed in &raw.shop {
        let Some(mut shop) = shop(typed, duration, scope) else {
            sound = false;
            continue;
        };
        if shops.iter().any(|other| other.name == shop.name) {
            let hint = "the names of its sources begin with it";
            scope.wrong(&typed.span(), "shops of different names", quoted(&shop.name), hint);
        }
        shop.faults = shop.faults.with_seed(shops.len() as u64);
        shops.push(shop);
    }
    let common = common.filter(|_| sound)?;
    share_out(&mut shops, &common);
    for (shop, typed) in shops.iter().zip(&raw.shop).filter(|(shop, _)| shop.phases.is_empty()) {
        let hint = "write rate = \"2/min\" here, or [[phase]] for all shops";
        let expected = format!("customers for the shop {:?}", shop.name);
        scope.wrong(&typed.span(), expected, "none", hint);
    }
    Some(shops)
}

/// Gives the shops that have no customers of their own their tills' share of the common ones.
fn share_out(shops: &mut [ShopSetup], common: &[Phase]) {
    let without = |shop: &ShopSetup| shop.phases.is_empty();
    let tills: u32 = shops.iter().filter(|shop| without(shop)).map(|shop| shop.tills).sum();
    for shop in shops.iter_mut().filter(|shop| without(shop)) {
        let share = f64::from(shop.tills) / f64::from(tills);
        let part = |phase: &Phase| Phase { shape: phase.shape.share(share), ..*phase };
        shop.phases = common.iter().map(part).collect();
    }
}

fn shop(typed: &Spanned<RawShop>, duration: Duration, scope: &mut Scope<'_>) -> Option<ShopSetup> {
    let (raw, place) = (typed.get_ref(), typed.span());
    let name = name(typed, scope);
    let sold =
        scope.needed(raw.shop.as_ref(), "shop", "\"bubble-tea\"", &place).and_then(|typed| {
            let found = Shop::named(typed.get_ref());
            if found.is_none() {
                let known: Vec<&str> = Shop::ALL.iter().map(|shop| shop.id).collect();
                let hint = hint_for(typed.get_ref(), &known);
                scope.wrong(
                    &typed.span(),
                    "a shop of `possim list`",
                    quoted(typed.get_ref()),
                    hint,
                );
            }
            found
        });
    let style = sold.and_then(|shop| style(raw, shop, scope));
    let tills = scope.number(&raw.tills, 1..=MAX_TILLS, 1);
    let baud = scope.number(&raw.baud, 300..=921_600, i64::from(USUAL_BAUD));
    let pty = LineKind::Pty { baud: u32::try_from(baud?).ok()? };
    let line = scope.word(&raw.line, &[("tcp", LineKind::Tcp), ("pty", pty)], LineKind::Tcp);
    let slips = [("sales", SlipChoice::Sales), ("all", SlipChoice::All)];
    let slips = scope.word(&raw.slips, &slips, SlipChoice::Sales);
    let phases = match (&raw.rate, raw.phase.first()) {
        (Some(rate), Some(_)) => {
            let hint = "take one of them away";
            scope.wrong(&rate.span(), "rate or phases of a shop", "both", hint);
            None
        }
        (Some(rate), None) => scope.rate(rate).map(|rate| {
            vec![Phase { from: Duration::ZERO, lasts: duration, shape: Shape::Constant(rate) }]
        }),
        (None, _) => phases(&raw.phase, duration, scope),
    };
    let faults = raw.faults.as_ref().map_or(Some(FaultPlan::none()), |typed| {
        FaultPlan::parse(typed.get_ref(), 0)
            .map_err(|bad| {
                let hint = "write it like \"flip=1%,unplug=0.5%/2s\"";
                scope.wrong(&typed.span(), "faults of a line", bad.to_string(), hint);
            })
            .ok()
    });
    Some(ShopSetup {
        name: name?,
        shop: sold?,
        style: style?,
        tills: u32::try_from(tills?).ok()?,
        line: line?,
        slips: slips?,
        phases: phases?,
        faults: faults?,
    })
}

fn name(typed: &Spanned<RawShop>, scope: &mut Scope<'_>) -> Option<String> {
    let name = scope.needed(typed.get_ref().name.as_ref(), "name", "\"tea\"", &typed.span())?;
    let text = name.get_ref();
    let plain = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit();
    if text.is_empty() || text.len() > MAX_NAME || !text.chars().all(plain) {
        let expected = format!("1 to {MAX_NAME} small letters and digits");
        let hint = "its tills are called by it: tea-1, tea-2";
        scope.wrong(&name.span(), expected, quoted(text), hint);
        return None;
    }
    Some(text.clone())
}

/// The style that was typed, or the first that speaks the shop's language.
fn style(raw: &RawShop, shop: &'static Shop, scope: &mut Scope<'_>) -> Option<&'static Style> {
    let suitable = || Style::ALL.iter().filter(|style| style.suits(shop));
    let Some(typed) = &raw.style else { return suitable().next() };
    let found = suitable().find(|style| style.name == typed.get_ref());
    if found.is_none() {
        let known: Vec<&str> = suitable().map(|style| style.name).collect();
        let expected = format!("a style in which {} prints", shop.id);
        let hint = hint_for(typed.get_ref(), &known);
        scope.wrong(&typed.span(), expected, quoted(typed.get_ref()), hint);
    }
    found
}

/// The phases one after the other; the last may take what is left.
fn phases(
    raw: &[Spanned<RawPhase>],
    duration: Duration,
    scope: &mut Scope<'_>,
) -> Option<Vec<Phase>> {
    let mut from = Duration::ZERO;
    let mut phases = Vec::new();
    for (at, typed) in raw.iter().enumerate() {
        let left = duration.saturating_sub(from);
        let phase = typed.get_ref();
        if phase.lasts.is_none() && at + 1 < raw.len() {
            let hint = "write lasts = \"1m\"; only the last phase may take what is left";
            scope.wrong(&typed.span(), "the key `lasts`", "none", hint);
            return None;
        }
        let lasts = scope.time(&phase.lasts, MILLISECOND, left)?;
        if lasts > left {
            let expected = format!("phases of {duration:?} together, the scenario's duration");
            let hint = "shorten a phase, or raise `duration`";
            scope.wrong(&typed.span(), expected, format!("{:?}", from + lasts), hint);
            return None;
        }
        phases.push(Phase { from, lasts, shape: shape(typed, scope)? });
        from += lasts;
    }
    Some(phases)
}

fn shape(typed: &Spanned<RawPhase>, scope: &mut Scope<'_>) -> Option<Shape> {
    let (raw, place) = (typed.get_ref(), typed.span());
    let word = scope.word(&raw.shape, &SHAPES.map(|word| (word, word)), "constant")?;
    let mut rate = |key: &str, typed: &Text| {
        let typed = scope.needed(typed.as_ref(), key, "\"10/s\"", &place);
        typed.and_then(|typed| scope.rate(typed))
    };
    Some(match word {
        "ramp" => Shape::Ramp(rate("from", &raw.from)?, rate("to", &raw.to)?),
        "spike" => {
            let (base, peak) = (rate("rate", &raw.rate)?, rate("peak", &raw.peak)?);
            let width = scope.needed(raw.width.as_ref(), "width", "\"5s\"", &place)?;
            Shape::Spike { base, peak, width: scope.time_of(width, MILLISECOND)? }
        }
        "day" => Shape::Day(scope.real(&raw.times, 0.001..=100_000.0, 1.0)?),
        // A soak is a constant that lasts: the word is there because people look for it.
        _ => Shape::Constant(rate("rate", &raw.rate)?),
    })
}
