//! The styles by name: a layout, a language, paper, a printer and the habits of its drawer.

use pos_protocol::event::Kind;

use super::charset::Charset;
use super::encoder::{Dialect, Encoder};
use super::layout::Layout;
use super::numbers::Numbers;
use super::sheet::Sheet;
use crate::shop::{Language, Sale, Shop, Slip};

/// When the drawer is kicked.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Drawer {
    /// Before the text.
    Before,
    /// After the text, before the cut.
    After,
    /// After the cut: the kick stands outside every receipt.
    AfterCut,
}

/// One way of printing.
#[derive(Debug, PartialEq, Eq)]
pub struct Style {
    /// What `--style` calls it.
    pub name: &'static str,
    /// What stands where.
    pub layout: Layout,
    /// Columns of the paper.
    pub columns: usize,
    /// Language.
    pub language: Language,
    /// Character set.
    pub charset: Charset,
    /// Command language.
    pub dialect: Dialect,
    /// When the drawer is kicked.
    pub drawer: Drawer,
    /// Whether a drawer opened by hand leaves a slip, or only the kick.
    pub no_sale_slip: bool,
    /// Whether a picture stands on top.
    pub logo: bool,
    /// Whether a QR code stands at the bottom.
    pub qr: bool,
    /// How amounts are written.
    pub numbers: Numbers,
    /// How times are written, for `strftime`.
    pub dates: &'static str,
}

/// Day first, with seconds.
const DAY_FIRST: &str = "%d/%m/%Y %H:%M:%S";
/// Year first, with seconds.
const YEAR_FIRST: &str = "%Y-%m-%d %H:%M:%S";

const fn style(
    name: &'static str,
    layout: Layout,
    columns: usize,
    language: Language,
    charset: Charset,
    dialect: Dialect,
) -> Style {
    Style {
        name,
        layout,
        columns,
        language,
        charset,
        dialect,
        drawer: Drawer::After,
        no_sale_slip: true,
        logo: false,
        qr: false,
        numbers: Numbers::PLAIN,
        dates: DAY_FIRST,
    }
}

impl Style {
    /// Every style, in the order `list` prints them.
    pub const ALL: &'static [Self] = &[
        style("english-42", Layout::Cafe, 42, Language::En, Charset::Ascii, Dialect::Epson),
        Self { logo: true, dates: YEAR_FIRST, ..chinese("zh-hant-32-gb18030", Charset::Gb18030) },
        Self { logo: true, dates: YEAR_FIRST, ..chinese("zh-hant-32-big5", Charset::Big5) },
        Self {
            dates: YEAR_FIRST,
            qr: true,
            drawer: Drawer::AfterCut,
            no_sale_slip: false,
            ..style(
                "vivipos-42-big5",
                Layout::Vivipos,
                42,
                Language::ZhHant,
                Charset::Big5,
                Dialect::Epson,
            )
        },
        Self {
            dates: "%Y/%m/%d %H:%M",
            drawer: Drawer::Before,
            numbers: Numbers::COMMAS,
            ..style(
                "vivipos-48-gbk-clone",
                Layout::Vivipos,
                48,
                Language::ZhHant,
                Charset::Gb18030,
                Dialect::Clone,
            )
        },
        Self {
            drawer: Drawer::Before,
            no_sale_slip: false,
            ..style(
                "unicenta-42",
                Layout::UniCenta,
                42,
                Language::En,
                Charset::Ascii,
                Dialect::Epson,
            )
        },
        Self {
            numbers: Numbers::COMMAS,
            dates: "%d-%m-%Y %H:%M:%S",
            qr: true,
            ..style("erpnext-48", Layout::ErpNext, 48, Language::En, Charset::Ascii, Dialect::Epson)
        },
        Self {
            dates: "%d/%m/%Y %H:%M",
            no_sale_slip: false,
            ..style(
                "sambapos-42-1252",
                Layout::SambaPos,
                42,
                Language::En,
                Charset::Western,
                Dialect::Epson,
            )
        },
        style(
            "floreant-42-star-line",
            Layout::Floreant,
            42,
            Language::En,
            Charset::Ascii,
            Dialect::StarLine,
        ),
        Self {
            logo: true,
            qr: true,
            drawer: Drawer::Before,
            numbers: Numbers::COMMAS,
            ..style(
                "ospos-48-star-prnt",
                Layout::Ospos,
                48,
                Language::En,
                Charset::Western,
                Dialect::StarPrnt,
            )
        },
        Self {
            drawer: Drawer::Before,
            dates: "%d-%m-%Y %H:%M",
            ..style(
                "hardware-till-32",
                Layout::Hardware,
                32,
                Language::En,
                Charset::Ascii,
                Dialect::Clone,
            )
        },
        Self {
            numbers: Numbers::COMMAS,
            ..style(
                "odoo-48-raster",
                Layout::Odoo,
                48,
                Language::En,
                Charset::Ascii,
                Dialect::Epson,
            )
        },
        Self {
            dates: YEAR_FIRST,
            qr: true,
            ..style(
                "mainland-32-gbk-clone",
                Layout::TwoLines,
                32,
                Language::ZhHans,
                Charset::Gb18030,
                Dialect::Clone,
            )
        },
        Self {
            numbers: Numbers::DOTS,
            ..style(
                "struk-32-clone",
                Layout::TwoLines,
                32,
                Language::Id,
                Charset::Ascii,
                Dialect::Clone,
            )
        },
        style("resit-48", Layout::OneLine, 48, Language::Ms, Charset::Ascii, Dialect::Epson),
        Self {
            numbers: Numbers::DOTS,
            drawer: Drawer::AfterCut,
            ..style(
                "hoadon-48-1258",
                Layout::OneLine,
                48,
                Language::Vi,
                Charset::Vietnamese,
                Dialect::Epson,
            )
        },
        Self {
            numbers: Numbers::COMMAS,
            ..style("thai-42-874", Layout::OneLine, 42, Language::Th, Charset::Thai, Dialect::Epson)
        },
        Self {
            numbers: Numbers::COMMAS,
            dates: "%Y/%m/%d %H:%M:%S",
            ..style(
                "ryoshusho-42-sjis-star-line",
                Layout::OneLine,
                42,
                Language::Ja,
                Charset::ShiftJis,
                Dialect::StarLine,
            )
        },
        Self {
            numbers: Numbers::COMMAS,
            dates: "%Y/%m/%d %H:%M:%S",
            drawer: Drawer::Before,
            ..style(
                "ryoshusho-32-sjis",
                Layout::TwoLines,
                32,
                Language::Ja,
                Charset::ShiftJis,
                Dialect::Epson,
            )
        },
    ];

    /// The style that `--style` calls `name`.
    pub fn named(name: &str) -> Option<&'static Self> {
        Self::ALL.iter().find(|style| style.name == name)
    }

    /// Whether `shop` speaks its language.
    pub fn suits(&self, shop: &Shop) -> bool {
        shop.languages.contains(&self.language)
    }

    /// The kinds of slip it can print.
    pub fn kinds(&self) -> &'static [Kind] {
        self.layout.kinds()
    }

    /// Whether it leaves `slip` on paper, or only a kick.
    pub fn leaves_paper(&self, slip: &Slip) -> bool {
        self.no_sale_slip || !matches!(slip, Slip::NoSale(_))
    }

    /// The receipt of `sale`, from the first byte to the last.
    pub fn print(&self, sale: &Sale) -> Vec<u8> {
        self.print_slip(&Slip::Ticket(Kind::Sale, sale.clone()))
    }

    /// All bytes of `slip`: text, drawer and cut.
    pub fn print_slip(&self, slip: &Slip) -> Vec<u8> {
        let kick = slip.opens_drawer();
        let mut sheet = Sheet::new(self, slip.shop());
        if !self.leaves_paper(slip) {
            sheet.out.kick();
            return sheet.out.into_bytes();
        }
        sheet.out.initialise();
        if kick && self.drawer == Drawer::Before {
            sheet.out.kick();
        }
        self.layout.write(&mut sheet, slip);
        sheet.out.feed(FEED_LINES);
        if kick && self.drawer == Drawer::After {
            sheet.out.kick();
        }
        sheet.out.cut();
        if kick && self.drawer == Drawer::AfterCut {
            sheet.out.kick();
        }
        sheet.out.into_bytes()
    }

    pub(super) fn encoder(&self) -> Encoder {
        match self.layout {
            Layout::Odoo => Encoder::drawing(self.dialect, self.columns),
            _ => Encoder::new(self.dialect, self.charset),
        }
    }
}

/// Lines between the text and the knife.
const FEED_LINES: u8 = 3;

const fn chinese(name: &'static str, charset: Charset) -> Style {
    style(name, Layout::Restaurant, 32, Language::ZhHant, charset, Dialect::Epson)
}
