//! The three tills and the bridge's configuration.

use jiff::civil::{Date, date};
use possim::print::Style;
use possim::shop::{Dish, Shop};

/// The first day: a Monday whose next day begins a month, so that every period ends in the week.
pub(super) const MONDAY: Date = date(2026, 11, 30);
/// The doors of all three, the last guests' bills among them.
const HOURS: &str = "07:00-23:30";

/// A till, the shop it stands in and what its paper looks like.
#[derive(Clone, Copy, Debug)]
pub(super) struct Stand {
    /// The source.
    pub(super) till: &'static str,
    /// The shop, as the configuration calls it.
    pub(super) shop: &'static str,
    /// A shop of the simulator's catalogue.
    sold_by: &'static str,
    /// A style of the simulator.
    style: &'static str,
    /// The encoding of its bytes, as the configuration calls it.
    pub(super) encoding: &'static str,
    /// Its first receipt number.
    pub(super) first_number: u32,
    /// A refund of more is large, in dollars.
    pub(super) refund_over: i64,
}

/// The tills of the week.
pub(super) const STANDS: [Stand; 3] = [
    Stand {
        till: "tea-1",
        shop: "tea",
        sold_by: "bubble-tea",
        style: "zh-hant-32-big5",
        encoding: "big5",
        first_number: 1_001,
        refund_over: 150,
    },
    Stand {
        till: "dim-1",
        shop: "dimsum",
        sold_by: "dim-sum",
        style: "zh-hant-32-gb18030",
        encoding: "gb18030",
        first_number: 20_001,
        refund_over: 350,
    },
    Stand {
        till: "wear-1",
        shop: "fashion",
        sold_by: "fashion",
        style: "erpnext-48",
        encoding: "auto",
        first_number: 5_001,
        refund_over: 2_500,
    },
];

impl Stand {
    pub(super) fn shop(&self) -> &'static Shop {
        Shop::named(self.sold_by).expect("a shop of the simulator")
    }

    pub(super) fn style(&self) -> &'static Style {
        Style::named(self.style).expect("a style of the simulator")
    }

    /// A dish as this till prints it.
    pub(super) fn name(&self, dish: &Dish) -> &'static str {
        dish.name.of(self.style().language)
    }
}

/// The configuration of the bridge, with a robot that hears of everything.
pub(super) fn config() -> String {
    let source = |stand: &Stand| {
        format!(
            "[[source]]\nname = \"{}\"\nshop = \"{}\"\nkind = \"file\"\npath = \"{0}\"\n\
                 exceptions = {{ refund_over = \"{}.00\" }}\n\n",
            stand.till, stand.shop, stand.refund_over
        )
    };
    let sources = STANDS.iter().map(source).collect::<Vec<_>>().concat();
    format!(
        "[shop]\nname = \"Holding\"\ntimezone = \"Asia/Hong_Kong\"\ncurrency = \"HKD\"\n\
         hours = \"{HOURS}\"\n\n{sources}[[robot]]\nname = \"owner\"\n\
         url = \"http://127.0.0.1/?access_token=t\"\n"
    )
}
