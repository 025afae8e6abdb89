//! Where Hong Kong eats and drinks.

use super::{
    COUNTER, Category, HKD, Habits, Hours, MEALS, STROLLERS, Shop, TABLE, category, dish, uses,
    words,
};
use crate::shop::words::{Language, Words};

const BOTH: &[Language] = &[Language::ZhHant, Language::En];

const SWEETNESS: &[Words] = &[
    words("Less sugar", "少甜"),
    words("No sugar", "無糖"),
    words("Less ice", "少冰"),
    words("No ice", "走冰"),
    words("Add pearls", "加珍珠"),
];

const NOODLES: &[Words] = &[
    words("No spring onion", "走青"),
    words("Flat noodles", "轉河粉"),
    words("Extra spicy", "加辣"),
    words("Soup on side", "湯另上"),
];

const RICE: &[Words] = &[
    words("Less rice", "少飯"),
    words("Extra sauce", "多汁"),
    words("Add egg", "加蛋"),
    words("Take away", "外賣"),
];

pub(super) const BUBBLE_TEA: Shop = Shop {
    id: "bubble-tea",
    name: words("Jade Leaf Tea", "翠葉茶飲"),
    address: words("Shop 3, 88 Fa Yuen St, Mong Kok", "旺角花園街88號3號舖"),
    phone: "2345 6789",
    languages: BOTH,
    money: &HKD,
    utc_offset: 8,
    menu: TEAS,
    staff: &[words("Amy", "阿美"), words("Ken", "阿健"), words("Wing", "詠詩")],
    tenders: COUNTER,
    tables: None,
    service_percent: None,
    tax: None,
    discount_chance: 15,
    offer_chance: 0,
    hours: Hours { opens: 11, closes: 22, customers: STROLLERS },
    habits: Habits { kitchen: true, bills: false, card_slips: true, top_ups: false },
};

const TEAS: &[Category] = &[
    category(
        words("Milk tea", "奶茶"),
        &[
            dish(words("Pearl Milk Tea", "珍珠奶茶"), 1800)
                .taking(SWEETNESS)
                .made_of(&[uses("black tea", 8, "g"), uses("tapioca pearls", 60, "g")]),
            dish(words("Brown Sugar Milk", "黑糖鮮奶"), 2600)
                .taking(SWEETNESS)
                .made_of(&[uses("milk", 250, "ml"), uses("tapioca pearls", 60, "g")]),
            dish(words("Taro Milk Tea", "香芋奶茶"), 2400)
                .taking(SWEETNESS)
                .made_of(&[uses("taro", 80, "g"), uses("milk", 200, "ml")]),
        ],
    ),
    category(
        words("Tea and fruit", "茶及鮮果"),
        &[
            dish(words("Jasmine Green Tea", "茉莉綠茶"), 1650).taking(SWEETNESS),
            dish(words("Lemon Black Tea", "檸檬紅茶"), 1950)
                .taking(SWEETNESS)
                .made_of(&[uses("lemon", 1, "piece"), uses("black tea", 8, "g")]),
            dish(words("Mango Pomelo Sago", "楊枝甘露"), 3200)
                .made_of(&[uses("mango", 120, "g"), uses("sago", 40, "g")]),
            dish(words("Passion Fruit Tea", "百香果茶"), 2350).taking(SWEETNESS),
            dish(words("Grass Jelly Tea", "仙草凍茶"), 2050).taking(SWEETNESS),
        ],
    ),
];

pub(super) const CHA_CHAAN_TENG: Shop = Shop {
    id: "cha-chaan-teng",
    name: words("Lucky Star Cafe", "吉星茶餐廳"),
    address: words("12 Wharf Road, North Point", "北角和富道12號"),
    phone: "2876 5432",
    languages: BOTH,
    money: &HKD,
    utc_offset: 8,
    menu: CAFE,
    staff: &[words("Mei Ling", "美玲"), words("Uncle Fai", "輝叔")],
    tenders: TABLE,
    tables: Some(18),
    service_percent: Some(10),
    tax: None,
    discount_chance: 12,
    offer_chance: 0,
    hours: Hours { opens: 7, closes: 22, customers: MEALS },
    habits: Habits { kitchen: true, bills: true, card_slips: true, top_ups: false },
};

const CAFE: &[Category] = &[
    category(
        words("Drinks", "飲品"),
        &[
            dish(words("Hot Milk Tea", "熱奶茶"), 2000)
                .taking(SWEETNESS)
                .made_of(&[uses("black tea", 10, "g"), uses("evaporated milk", 60, "ml")]),
            dish(words("Iced Lemon Tea", "凍檸茶"), 2300)
                .taking(SWEETNESS)
                .made_of(&[uses("black tea", 10, "g"), uses("lemon", 1, "piece")]),
            dish(words("Yuenyeung", "鴛鴦"), 2200).taking(SWEETNESS),
        ],
    ),
    category(
        words("Bakery", "麵包"),
        &[
            dish(words("Pineapple Bun", "菠蘿油"), 1600)
                .made_of(&[uses("bun", 1, "piece"), uses("butter", 20, "g")]),
            dish(words("French Toast", "西多士"), 3000)
                .made_of(&[uses("bread", 2, "slice"), uses("egg", 2, "piece")]),
            dish(words("Egg Tart", "蛋撻"), 900),
        ],
    ),
    category(
        words("Noodles and rice", "粉麵飯"),
        &[
            dish(words("Satay Beef Noodles", "沙嗲牛肉麵"), 4200)
                .taking(NOODLES)
                .made_of(&[uses("beef", 90, "g"), uses("instant noodles", 1, "pack")]),
            dish(words("Macaroni with Ham", "火腿通粉"), 3600),
            dish(words("Char Siu Rice", "叉燒飯"), 5200)
                .taking(RICE)
                .made_of(&[uses("char siu", 150, "g"), uses("rice", 250, "g")]),
            dish(words("Baked Pork Chop Rice", "焗豬扒飯"), 6400)
                .taking(RICE)
                .made_of(&[uses("pork chop", 1, "piece"), uses("rice", 250, "g")]),
        ],
    ),
];

pub(super) const DIM_SUM: Shop = Shop {
    id: "dim-sum",
    name: words("Harbour Court", "海景皇宮"),
    address: words("2/F, 9 Canton Road, TST", "尖沙咀廣東道9號2樓"),
    phone: "2730 1122",
    languages: BOTH,
    money: &HKD,
    utc_offset: 8,
    menu: YUM_CHA,
    staff: &[words("Captain Lau", "劉部長"), words("Siu Man", "小文"), words("Fong", "阿芳")],
    tenders: TABLE,
    tables: Some(42),
    service_percent: Some(10),
    tax: None,
    discount_chance: 10,
    offer_chance: 6,
    hours: Hours { opens: 7, closes: 22, customers: MEALS },
    habits: Habits { kitchen: true, bills: true, card_slips: true, top_ups: false },
};

const YUM_CHA: &[Category] = &[
    category(
        words("Tea", "茶芥"),
        &[dish(words("Tea per guest", "茶位"), 1800).taking(&[
            words("Pu-erh", "普洱"),
            words("Jasmine", "香片"),
            words("Shou Mei", "壽眉"),
        ])],
    ),
    category(
        words("Steamed", "蒸點"),
        &[
            dish(words("Shrimp Dumplings", "筍尖蝦餃"), 4800)
                .made_of(&[uses("shrimp", 80, "g"), uses("wrapper", 4, "piece")]),
            dish(words("Siu Mai", "蟹籽燒賣"), 4200)
                .made_of(&[uses("pork", 80, "g"), uses("shrimp", 20, "g")]),
            dish(words("BBQ Pork Buns", "蜜汁叉燒包"), 3600)
                .made_of(&[uses("char siu", 60, "g"), uses("flour", 90, "g")]),
            dish(words("Chicken Feet", "豉汁鳳爪"), 3800).made_of(&[uses(
                "chicken feet",
                5,
                "piece",
            )]),
            dish(words("Rice Rolls, Shrimp", "鮮蝦腸粉"), 4600),
        ],
    ),
    category(
        words("Kitchen", "廚點"),
        &[
            dish(words("Congee, Pork", "皮蛋瘦肉粥"), 5200).taking(NOODLES),
            dish(words("Fried Noodles", "豉油皇炒麵"), 6800).taking(NOODLES),
            dish(words("Mango Pudding", "香芒布甸"), 3200),
        ],
    ),
];

pub(super) const NOODLE_STALL: Shop = Shop {
    id: "noodle-stall",
    name: words("Sister Nine Noodles", "九姐車仔麵"),
    address: words("Stall 7, Wan Chai Market", "灣仔街市7號檔"),
    phone: "9123 4567",
    languages: BOTH,
    money: &HKD,
    utc_offset: 8,
    menu: STALL,
    staff: &[words("Sister Nine", "九姐")],
    tenders: TABLE,
    tables: None,
    service_percent: None,
    tax: None,
    discount_chance: 3,
    offer_chance: 0,
    hours: Hours { opens: 10, closes: 21, customers: MEALS },
    habits: Habits { kitchen: false, bills: false, card_slips: false, top_ups: false },
};

const STALL: &[Category] = &[
    category(
        words("Noodles", "麵"),
        &[
            dish(words("Wonton Noodles", "鮮蝦雲吞麵"), 3800)
                .taking(NOODLES)
                .made_of(&[uses("wonton", 4, "piece"), uses("egg noodles", 1, "nest")]),
            dish(words("Beef Brisket Noodles", "柱侯牛腩麵"), 4600)
                .taking(NOODLES)
                .made_of(&[uses("brisket", 120, "g"), uses("egg noodles", 1, "nest")]),
            dish(words("Cart Noodles", "車仔麵三式"), 4200).taking(NOODLES),
        ],
    ),
    category(
        words("Extras", "小食"),
        &[
            dish(words("Fish Balls", "咖喱魚蛋"), 1200).made_of(&[uses("fish ball", 6, "piece")]),
            dish(words("Choy Sum", "油菜"), 1800),
            dish(words("Soy Milk", "豆漿"), 1000),
        ],
    ),
];
