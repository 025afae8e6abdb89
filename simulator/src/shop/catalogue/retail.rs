//! Where Hong Kong shops.

use pos_protocol::event::Method;

use super::{
    CARDS, COUNTER, Category, HKD, Habits, Hours, STROLLERS, Shop, Tender, category, dish, same,
    tender, words,
};
use crate::shop::words::{Language, Words};

const BOTH: &[Language] = &[Language::ZhHant, Language::En];

const SIZES: &[Words] = &[
    words("Size S", "細碼"),
    words("Size M", "中碼"),
    words("Size L", "大碼"),
    words("Black", "黑色"),
    words("Navy", "深藍"),
];

pub(super) const FASHION: Shop = Shop {
    id: "fashion",
    name: words("Tong Lau Studio", "唐樓衣舍"),
    address: words("G/F, 21 Pottinger St", "中環砵典乍街21號地下"),
    phone: "2521 9090",
    languages: BOTH,
    money: &HKD,
    utc_offset: 8,
    menu: CLOTHES,
    staff: &[words("Yan", "欣欣"), words("Marcus", "文傑")],
    tenders: CARDS,
    tables: None,
    service_percent: None,
    tax: None,
    discount_chance: 18,
    offer_chance: 25,
    hours: Hours { opens: 11, closes: 21, customers: STROLLERS },
    habits: Habits { kitchen: false, bills: false, card_slips: true, top_ups: false },
};

const CLOTHES: &[Category] = &[
    category(
        words("Tops", "上衣"),
        &[
            dish(words("Linen Shirt", "亞麻恤衫"), 39_900).taking(SIZES),
            dish(words("Cotton Tee", "純棉T恤"), 15_900).taking(SIZES),
            dish(words("Wool Cardigan", "羊毛外套"), 68_000).taking(SIZES),
        ],
    ),
    category(
        words("Bottoms", "下身"),
        &[
            dish(words("Pleated Skirt", "百褶裙"), 42_900).taking(SIZES),
            dish(words("Denim Trousers", "牛仔褲"), 49_900).taking(SIZES),
        ],
    ),
    category(
        words("Accessories", "配飾"),
        &[
            dish(words("Silk Scarf", "絲巾"), 28_800),
            dish(words("Canvas Tote", "帆布袋"), 9_900),
            dish(words("Carrier Bag", "膠袋"), 100),
        ],
    ),
];

pub(super) const GROCERY: Shop = Shop {
    id: "grocery",
    name: words("Green Basket", "綠籃子鮮果"),
    address: words("33 Shek Pai Wan Rd", "香港仔石排灣道33號"),
    phone: "2553 8800",
    languages: BOTH,
    money: &HKD,
    utc_offset: 8,
    menu: FRESH,
    staff: &[words("Auntie Ho", "何太"), words("Ah Keung", "阿強")],
    tenders: COUNTER,
    tables: None,
    service_percent: None,
    tax: None,
    discount_chance: 5,
    offer_chance: 10,
    hours: Hours { opens: 8, closes: 21, customers: STROLLERS },
    habits: Habits { kitchen: false, bills: false, card_slips: false, top_ups: true },
};

const FRESH: &[Category] = &[
    category(
        words("By weight", "磅裝"),
        &[
            dish(words("Choy Sum", "菜心"), 2_480).weighed(),
            dish(words("Tomatoes", "番茄"), 3_280).weighed(),
            dish(words("Pork Belly", "五花腩"), 11_800).weighed(),
            dish(words("Grass Carp", "鯇魚"), 8_850).weighed(),
            dish(words("Navel Oranges", "香橙"), 2_990).weighed(),
        ],
    ),
    category(
        words("Packed", "包裝"),
        &[
            dish(words("Jasmine Rice 5kg", "香米五公斤"), 7_990),
            dish(words("Eggs, dozen", "雞蛋一打"), 2_650),
            dish(words("Soy Sauce", "生抽"), 1_890),
            dish(words("Tofu", "豆腐"), 950),
        ],
    ),
];

const MEDICINE_TENDERS: &[Tender] = &[
    tender(Method::Octopus, words("OCTOPUS", "八達通"), 30),
    tender(Method::Cash, words("CASH", "現金"), 20),
    tender(Method::Visa, same("VISA"), 20),
    tender(Method::Fps, words("FPS", "轉數快"), 10),
    tender(Method::WechatPay, words("WECHAT PAY", "微信支付"), 10),
    tender(Method::Eps, words("EPS", "易辦事"), 10),
];

pub(super) const PHARMACY: Shop = Shop {
    id: "pharmacy",
    name: words("Wing On Tong", "永安堂藥房"),
    address: words("105 Castle Peak Road", "荃灣青山公路105號"),
    phone: "2490 3366",
    languages: BOTH,
    money: &HKD,
    utc_offset: 8,
    menu: MEDICINE,
    staff: &[words("Dr Chow", "周藥師"), words("Ah Lan", "阿蘭")],
    tenders: MEDICINE_TENDERS,
    tables: None,
    service_percent: None,
    tax: None,
    discount_chance: 8,
    offer_chance: 12,
    hours: Hours { opens: 9, closes: 21, customers: STROLLERS },
    habits: Habits { kitchen: false, bills: false, card_slips: true, top_ups: true },
};

const MEDICINE: &[Category] = &[
    category(
        words("Medicine", "藥品"),
        &[
            dish(words("Cold Capsules", "感冒丸"), 3_850),
            dish(words("Paracetamol 500", "必理痛"), 2_590),
            dish(words("White Flower Oil", "白花油"), 4_200),
            dish(words("Cough Syrup", "止咳水"), 5_680),
        ],
    ),
    category(
        words("Care", "護理"),
        &[
            dish(words("Face Masks 50", "口罩50個"), 4_990),
            dish(words("Plasters", "膠布"), 1_550),
            dish(words("Contact Solution", "隱形眼鏡水"), 8_900),
        ],
    ),
];
