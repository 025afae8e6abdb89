//! The shops: what they are called, what they sell, who works there, how people pay.
//!
//! Names are short enough for the narrowest paper that prints them, so that no style has to cut a
//! word the truth holds (a test keeps it so).

use pos_protocol::event::Method;

/// Language of a receipt.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Language {
    /// English.
    En,
    /// Traditional Chinese as written in Hong Kong.
    ZhHant,
}

/// The same words in both languages.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Words {
    /// English.
    pub en: &'static str,
    /// Traditional Chinese.
    pub zh: &'static str,
}

impl Words {
    /// The words in `language`.
    pub fn of(&self, language: Language) -> &'static str {
        match language {
            Language::En => self.en,
            Language::ZhHant => self.zh,
        }
    }
}

const fn words(en: &'static str, zh: &'static str) -> Words {
    Words { en, zh }
}

/// Something on the menu.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Dish {
    /// Name.
    pub name: Words,
    /// Price in cents.
    pub cents: i64,
}

const fn dish(en: &'static str, zh: &'static str, cents: i64) -> Dish {
    Dish { name: words(en, zh), cents }
}

/// A means of payment and how often it is used.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Tender {
    /// The means, in the schema's words.
    pub method: Method,
    /// The means, in the receipt's words.
    pub label: Words,
    /// Share of sales paid so, in percent; a shop's shares sum to 100.
    pub share: u32,
}

const fn tender(method: Method, en: &'static str, zh: &'static str, share: u32) -> Tender {
    Tender { method, label: words(en, zh), share }
}

/// A shop.
#[derive(Debug, PartialEq, Eq)]
pub struct Shop {
    /// What `--shop` calls it.
    pub id: &'static str,
    /// Name over the door.
    pub name: Words,
    /// Address.
    pub address: Words,
    /// Telephone.
    pub phone: &'static str,
    /// Menu.
    pub menu: &'static [Dish],
    /// People at the till.
    pub staff: &'static [Words],
    /// How customers pay.
    pub tenders: &'static [Tender],
    /// Tables, where customers sit down.
    pub tables: Option<u32>,
    /// Service charge in percent, where there is one.
    pub service_percent: Option<u32>,
    /// Chance of a reduction of the whole bill, in percent.
    pub discount_chance: u32,
}

impl Shop {
    /// Every shop, in the order `list` prints them.
    pub const ALL: &'static [Self] = &[BUBBLE_TEA, CHA_CHAAN_TENG];

    /// The shop that `--shop` calls `id`.
    pub fn named(id: &str) -> Option<&'static Self> {
        Self::ALL.iter().find(|shop| shop.id == id)
    }
}

const BUBBLE_TEA: Shop = Shop {
    id: "bubble-tea",
    name: words("Jade Leaf Tea", "翠葉茶飲"),
    address: words("Shop 3, 88 Fa Yuen St, Mong Kok", "旺角花園街88號3號舖"),
    phone: "2345 6789",
    menu: &[
        dish("Pearl Milk Tea", "珍珠奶茶", 1800),
        dish("Brown Sugar Milk", "黑糖鮮奶", 2600),
        dish("Jasmine Green Tea", "茉莉綠茶", 1650),
        dish("Lemon Black Tea", "檸檬紅茶", 1950),
        dish("Mango Pomelo Sago", "楊枝甘露", 3200),
        dish("Passion Fruit Tea", "百香果茶", 2350),
        dish("Taro Milk Tea", "香芋奶茶", 2400),
        dish("Grass Jelly Tea", "仙草凍茶", 2050),
    ],
    staff: &[words("Amy", "阿美"), words("Ken", "阿健"), words("Wing", "詠詩")],
    tenders: &[
        tender(Method::Octopus, "OCTOPUS", "八達通", 40),
        tender(Method::Cash, "CASH", "現金", 25),
        tender(Method::Payme, "PAYME", "PayMe", 12),
        tender(Method::Alipay, "ALIPAYHK", "支付寶", 10),
        tender(Method::Fps, "FPS", "轉數快", 8),
        tender(Method::Visa, "VISA", "VISA", 5),
    ],
    tables: None,
    service_percent: None,
    discount_chance: 15,
};

const CHA_CHAAN_TENG: Shop = Shop {
    id: "cha-chaan-teng",
    name: words("Lucky Star Cafe", "吉星茶餐廳"),
    address: words("12 Wharf Road, North Point", "北角和富道12號"),
    phone: "2876 5432",
    menu: &[
        dish("Hot Milk Tea", "熱奶茶", 2000),
        dish("Iced Lemon Tea", "凍檸茶", 2300),
        dish("Yuenyeung", "鴛鴦", 2200),
        dish("Pineapple Bun", "菠蘿油", 1600),
        dish("French Toast", "西多士", 3000),
        dish("Satay Beef Noodles", "沙嗲牛肉麵", 4200),
        dish("Macaroni with Ham", "火腿通粉", 3600),
        dish("Char Siu Rice", "叉燒飯", 5200),
        dish("Baked Pork Chop Rice", "焗豬扒飯", 6400),
        dish("Egg Tart", "蛋撻", 900),
    ],
    staff: &[words("Mei Ling", "美玲"), words("Uncle Fai", "輝叔")],
    tenders: &[
        tender(Method::Cash, "CASH", "現金", 45),
        tender(Method::Octopus, "OCTOPUS", "八達通", 30),
        tender(Method::Alipay, "ALIPAYHK", "支付寶", 9),
        tender(Method::Payme, "PAYME", "PayMe", 6),
        tender(Method::Fps, "FPS", "轉數快", 5),
        tender(Method::Visa, "VISA", "VISA", 5),
    ],
    tables: Some(18),
    service_percent: Some(10),
    discount_chance: 12,
};

#[cfg(test)]
mod tests {
    use super::Shop;

    #[test]
    fn payment_shares_sum_to_a_hundred() {
        for shop in Shop::ALL {
            assert_eq!(shop.tenders.iter().map(|t| t.share).sum::<u32>(), 100, "{}", shop.id);
        }
    }

    #[test]
    fn service_charge_never_needs_half_a_coin() {
        for shop in Shop::ALL.iter().filter(|shop| shop.service_percent.is_some()) {
            assert!(shop.menu.iter().all(|dish| dish.cents % 100 == 0), "{}", shop.id);
        }
    }

    #[test]
    fn a_shop_is_found_by_its_id_only() {
        assert_eq!(Shop::named("bubble-tea").map(|shop| shop.phone), Some("2345 6789"));
        assert!(Shop::named("Bubble Tea").is_none());
    }
}
