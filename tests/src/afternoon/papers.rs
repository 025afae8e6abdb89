//! Sales and refunds of given goods, printed by the simulator's tills.

use jiff::civil::DateTime;
use pos_protocol::event::{Kind, Method};
use possim::print::Style;
use possim::shop::{Dish, Line, Payment, Sale, Shop, Slip, Words};

use super::shops::{SELLS, Stand};
use crate::week::refund_of;

/// Notes that customers hand over, in minor units.
const NOTE: i64 = 10_000;

fn shop() -> &'static Shop {
    Shop::named(SELLS).expect("a shop of the simulator")
}

fn dish(name: &str) -> &'static Dish {
    shop().dishes().find(|dish| dish.name.zh == name).expect("a dish of the menu")
}

fn cashier(stand: &Stand) -> Words {
    shop().staff[stand.cashier]
}

/// `goods`, sold at `stand`.
pub(super) fn sale(
    stand: &Stand,
    number: &str,
    at: DateTime,
    goods: &[(&str, i64)],
    by: Method,
) -> Sale {
    let (shop, money) = (shop(), shop().money);
    let line = |(name, count): &(&str, i64)| {
        let dish = dish(name);
        Line {
            dish,
            count: *count,
            unit_price: money.amount(dish.price),
            amount: money.amount(dish.price * count),
            modifiers: Vec::new(),
            offer: None,
        }
    };
    let lines: Vec<Line> = goods.iter().map(line).collect();
    let total: i64 = lines.iter().map(|line| line.amount.minor()).sum();
    let tender = shop.tenders.iter().find(|tender| tender.method == by).expect("it is taken");
    let paid = (total + NOTE - 1) / NOTE * NOTE;
    let cash = (by == Method::Cash).then(|| (money.amount(paid), money.amount(paid - total)));
    Sale {
        shop,
        number: number.to_owned(),
        at,
        terminal: stand.till.to_owned(),
        cashier: cashier(stand),
        table: None,
        lines,
        subtotal: money.amount(total),
        discount: None,
        service_charge: None,
        tax: None,
        rounding: None,
        total: money.amount(total),
        payment: Payment { tender, cash },
        original: None,
    }
}

/// All of `sale` paid back at `stand`.
pub(super) fn refund(stand: &Stand, sale: &Sale, number: &str, at: DateTime) -> Sale {
    refund_of(sale, number.to_owned(), at, cashier(stand))
}

/// What the till of `stand` sends.
pub(super) fn printed(stand: &Stand, kind: Kind, sale: Sale) -> Vec<u8> {
    let style = Style::named(stand.style).expect("a style of the simulator");
    style.print_slip(&Slip::Ticket(kind, sale))
}
