//! What every shop of the street must be.

use super::{Shop, Words};
use crate::shop::words::Language;

fn every_word(shop: &'static Shop) -> Vec<Words> {
    let dishes = shop.dishes().flat_map(|dish| dish.modifiers.iter().copied().chain([dish.name]));
    let pages = shop.menu.iter().map(|page| page.name);
    let tenders = shop.tenders.iter().map(|tender| tender.label);
    let tax = shop.tax.iter().map(|tax| tax.label);
    let people = shop.staff.iter().copied();
    let door = [shop.name, shop.address];
    dishes.chain(pages).chain(tenders).chain(tax).chain(people).chain(door).collect()
}

#[test]
fn payment_shares_sum_to_a_hundred() {
    for shop in Shop::ALL {
        assert_eq!(shop.tenders.iter().map(|t| t.share).sum::<u32>(), 100, "{}", shop.id);
    }
}

#[test]
fn every_word_is_said_in_every_language_of_its_shop() {
    for shop in Shop::ALL {
        for word in every_word(shop) {
            for &language in shop.languages {
                assert!(!word.of(language).trim().is_empty(), "{}: {word:?}", shop.id);
            }
        }
    }
}

#[test]
fn chinese_words_are_chinese_where_the_receipt_is() {
    let chinese = |text: &str| text.chars().any(|c| ('\u{4E00}'..='\u{9FFF}').contains(&c));
    for shop in Shop::ALL {
        for dish in shop.dishes() {
            for language in [Language::ZhHant, Language::ZhHans] {
                if shop.languages.contains(&language) {
                    assert!(chinese(dish.name.of(language)), "{}: {:?}", shop.id, dish.name);
                }
            }
        }
    }
}

#[test]
fn a_day_has_peaks_and_ends_after_it_began() {
    for shop in Shop::ALL {
        let hours = shop.hours;
        assert!(0 <= hours.opens && hours.opens < hours.closes && hours.closes < 24, "{}", shop.id);
        let open = &hours.customers[hours.opens as usize..hours.closes as usize];
        let (most, fewest) = (open.iter().max(), open.iter().min());
        assert!(most >= fewest.map(|fewest| fewest * 2).as_ref(), "{}: no peak", shop.id);
        assert!(open.iter().all(|&rate| rate > 0), "{}: nobody comes for an hour", shop.id);
    }
}

#[test]
fn the_street_has_by_weight_recipes_tables_taxes_of_both_kinds_and_three_scales_of_money() {
    let any = |wanted: fn(&Shop) -> bool| Shop::ALL.iter().any(wanted);
    assert!(any(|shop| shop.dishes().any(|dish| dish.measure == super::Measure::Kilogram)));
    assert!(any(|shop| shop.dishes().any(|dish| dish.recipe.len() > 1)));
    assert!(any(|shop| shop.tables.is_some()));
    assert!(any(|shop| shop.tax.is_some_and(|tax| tax.included)));
    assert!(any(|shop| shop.tax.is_some_and(|tax| !tax.included)));
    assert!(any(|shop| shop.money.digits == 0));
    assert!(any(|shop| shop.money.printed_digits < shop.money.digits));
}

#[test]
fn a_shop_is_found_by_its_id_only() {
    assert_eq!(Shop::named("bubble-tea").map(|shop| shop.phone), Some("2345 6789"));
    assert!(Shop::named("Bubble Tea").is_none());
}
