//! One shop each on the mainland, in Jakarta, Kuala Lumpur, Ho Chi Minh City, Bangkok, London and
//! Tokyo: other money, other taxes, other coins.

use pos_protocol::event::Method;

use super::{
    Category, Habits, Hours, MEALS, Money, Shop, TaxRule, category, dish, same, tender, uses,
};
use crate::shop::words::{Language, Words, local};

const COOKED: Habits = Habits { kitchen: true, bills: true, card_slips: false, top_ups: false };
const COUNTER_ONLY: Habits =
    Habits { kitchen: true, bills: false, card_slips: true, top_ups: false };

const CNY: Money = Money {
    code: "CNY",
    digits: 2,
    printed_digits: 2,
    sign: "¥",
    coin: 10,
    notes: [1_000, 2_000, 5_000, 10_000],
};

pub(super) const MAINLAND_CANTEEN: Shop = Shop {
    id: "mainland-canteen",
    name: local("Old Lane Dumplings", "老巷子饺子馆"),
    address: local("18 Huaqiang North Road", "深圳市福田区华强北路18号"),
    phone: "0755-8321",
    languages: &[Language::ZhHans],
    money: &CNY,
    utc_offset: 8,
    menu: &[
        category(
            local("Dumplings", "饺子"),
            &[
                dish(local("Pork and Cabbage", "白菜猪肉"), 2_200)
                    .taking(TASTES)
                    .made_of(&[uses("pork", 90, "g"), uses("flour", 120, "g")]),
                dish(local("Lamb and Leek", "羊肉大葱"), 2_800).taking(TASTES),
                dish(local("Three Delights", "三鲜水饺"), 2_600).taking(TASTES),
            ],
        ),
        category(
            local("Sides", "凉菜"),
            &[
                dish(local("Smashed Cucumber", "拍黄瓜"), 1_200),
                dish(local("Hot and Sour Soup", "酸辣汤"), 900),
                dish(local("Soy Milk", "豆浆"), 550),
            ],
        ),
    ],
    staff: &[local("Xiao Wang", "小王"), local("Ms Chen", "陈姐")],
    tenders: &[
        tender(Method::WechatPay, local("WECHAT PAY", "微信支付"), 55),
        tender(Method::Alipay, local("ALIPAY", "支付宝"), 30),
        tender(Method::Cash, local("CASH", "现金"), 10),
        tender(Method::Unionpay, local("UNIONPAY", "银联"), 5),
    ],
    tables: Some(16),
    service_percent: None,
    tax: None,
    discount_chance: 15,
    offer_chance: 5,
    hours: Hours { opens: 7, closes: 22, customers: MEALS },
    habits: COOKED,
};

const TASTES: &[Words] =
    &[local("Extra vinegar", "多加醋"), local("No chilli", "免辣"), local("To go", "打包")];

/// Rupiah have hundredths in ISO 4217 and nowhere else.
const IDR: Money = Money {
    code: "IDR",
    digits: 2,
    printed_digits: 0,
    sign: "Rp",
    coin: 10_000,
    notes: [500_000, 1_000_000, 5_000_000, 10_000_000],
};

pub(super) const JAKARTA_WARUNG: Shop = Shop {
    id: "jakarta-warung",
    name: local("Warung Bu Sri", "Warung Bu Sri"),
    address: local("Jl. Sabang 27, Jakarta", "Jl. Sabang 27, Jakarta Pusat"),
    phone: "021-3190-2277",
    languages: &[Language::Id],
    money: &IDR,
    utc_offset: 7,
    menu: &[
        category(
            local("Food", "Makanan"),
            &[
                dish(local("Fried Rice", "Nasi Goreng"), 2_800_000)
                    .taking(SAMBAL)
                    .made_of(&[uses("rice", 250, "g"), uses("egg", 1, "piece")]),
                dish(local("Chicken Satay", "Sate Ayam"), 3_200_000).taking(SAMBAL),
                dish(local("Beef Rendang", "Rendang Sapi"), 4_500_000).taking(SAMBAL),
                dish(local("Mixed Salad", "Gado-gado"), 2_500_000),
            ],
        ),
        category(
            local("Drinks", "Minuman"),
            &[
                dish(local("Sweet Iced Tea", "Es Teh Manis"), 800_000),
                dish(local("Milk Coffee", "Kopi Susu"), 1_800_000),
                dish(local("Avocado Juice", "Jus Alpukat"), 2_200_000),
            ],
        ),
    ],
    staff: &[same("Dewi"), same("Agus"), same("Rina")],
    tenders: &[
        tender(Method::Cash, local("CASH", "Tunai"), 45),
        tender(Method::Other, same("QRIS"), 40),
        tender(Method::Card, local("DEBIT", "Kartu Debit"), 15),
    ],
    tables: Some(14),
    service_percent: None,
    tax: Some(TaxRule { label: same("PB1 10%"), percent: 10, included: false }),
    discount_chance: 8,
    offer_chance: 0,
    hours: Hours { opens: 9, closes: 22, customers: MEALS },
    habits: COOKED,
};

const SAMBAL: &[Words] = &[local("Spicy", "Pedas"), local("Not spicy", "Tidak pedas")];

/// Five sen is the smallest coin since 2008: cash totals are rounded.
const MYR: Money = Money {
    code: "MYR",
    digits: 2,
    printed_digits: 2,
    sign: "RM",
    coin: 5,
    notes: [100, 500, 1_000, 5_000],
};

pub(super) const KUALA_LUMPUR_KOPITIAM: Shop = Shop {
    id: "kl-kopitiam",
    name: local("Kopitiam Ah Seng", "Kopitiam Ah Seng"),
    address: local("45 Jalan Alor, KL", "45 Jalan Alor, Kuala Lumpur"),
    phone: "03-2145 8899",
    languages: &[Language::En, Language::Ms],
    money: &MYR,
    utc_offset: 8,
    menu: &[
        category(
            local("Drinks", "Minuman"),
            &[
                dish(local("Pulled Tea", "Teh Tarik"), 280)
                    .made_of(&[uses("tea", 10, "g"), uses("condensed milk", 40, "ml")]),
                dish(local("White Coffee", "Kopi Putih"), 390),
                dish(local("Lime Juice", "Jus Limau"), 450),
            ],
        ),
        category(
            local("Food", "Makanan"),
            &[
                dish(local("Coconut Rice", "Nasi Lemak"), 890).taking(SPICE),
                dish(local("Kaya Toast", "Roti Bakar Kaya"), 560),
                dish(local("Curry Laksa", "Laksa Kari"), 1_190).taking(SPICE),
                dish(local("Half-boiled Eggs", "Telur Separuh"), 420),
            ],
        ),
    ],
    staff: &[same("Siti"), same("Kumar"), same("Mei Fong")],
    tenders: &[
        tender(Method::Cash, local("CASH", "TUNAI"), 50),
        tender(Method::Other, same("DUITNOW QR"), 25),
        tender(Method::Visa, same("VISA"), 15),
        tender(Method::Mastercard, same("MASTERCARD"), 10),
    ],
    tables: Some(20),
    service_percent: Some(10),
    tax: Some(TaxRule { label: same("SST 6%"), percent: 6, included: false }),
    discount_chance: 8,
    offer_chance: 0,
    hours: Hours { opens: 7, closes: 21, customers: MEALS },
    habits: COOKED,
};

const SPICE: &[Words] = &[local("Extra sambal", "Tambah sambal"), local("Take away", "Bungkus")];

const VND: Money = Money {
    code: "VND",
    digits: 0,
    printed_digits: 0,
    sign: "",
    coin: 1_000,
    notes: [10_000, 50_000, 100_000, 500_000],
};

pub(super) const SAIGON_PHO: Shop = Shop {
    id: "saigon-pho",
    name: local("Pho Ba Sau", "Phở Bà Sáu"),
    address: local("112 Pasteur, District 1", "112 Pasteur, Quận 1, TP.HCM"),
    phone: "028 3829 1122",
    languages: &[Language::Vi],
    money: &VND,
    utc_offset: 7,
    menu: &[
        category(
            local("Noodles", "Món nước"),
            &[
                dish(local("Beef Pho", "Phở bò tái"), 65_000)
                    .taking(HERBS)
                    .made_of(&[uses("beef", 100, "g"), uses("rice noodles", 180, "g")]),
                dish(local("Chicken Pho", "Phở gà"), 60_000).taking(HERBS),
                dish(local("Hue Beef Soup", "Bún bò Huế"), 70_000).taking(HERBS),
            ],
        ),
        category(
            local("More", "Món khác"),
            &[
                dish(local("Spring Rolls", "Chả giò"), 45_000),
                dish(local("Iced Milk Coffee", "Cà phê sữa đá"), 32_000),
                dish(local("Iced Tea", "Trà đá"), 5_000),
            ],
        ),
    ],
    staff: &[local("Ms Huong", "Hương"), local("Mr Tuan", "Tuấn")],
    tenders: &[
        tender(Method::Cash, local("CASH", "Tiền mặt"), 60),
        tender(Method::Other, same("VietQR"), 25),
        tender(Method::Other, same("MoMo"), 15),
    ],
    tables: Some(12),
    service_percent: None,
    tax: Some(TaxRule { label: local("VAT 8%", "Thuế GTGT 8%"), percent: 8, included: true }),
    discount_chance: 6,
    offer_chance: 0,
    hours: Hours { opens: 6, closes: 21, customers: MEALS },
    habits: COOKED,
};

const HERBS: &[Words] = &[local("No onion", "Không hành"), local("To go", "Mang về")];

const THB: Money = Money {
    code: "THB",
    digits: 2,
    printed_digits: 2,
    sign: "฿",
    coin: 25,
    notes: [2_000, 10_000, 50_000, 100_000],
};

pub(super) const BANGKOK_FOOD: Shop = Shop {
    id: "bangkok-food",
    name: local("Krua Khun Yai", "ครัวคุณยาย"),
    address: local("55 Silom Road, Bangkok", "55 ถนนสีลม กรุงเทพ"),
    phone: "02-233-4455",
    languages: &[Language::Th],
    money: &THB,
    utc_offset: 7,
    menu: &[
        category(
            local("Food", "อาหาร"),
            &[
                dish(local("Pad Thai", "ผัดไทย"), 8_000)
                    .taking(HEAT)
                    .made_of(&[uses("rice noodles", 150, "g"), uses("shrimp", 60, "g")]),
                dish(local("Basil Pork Rice", "กะเพราหมู"), 7_000).taking(HEAT),
                dish(local("Tom Yum", "ต้มยำกุ้ง"), 15_000).taking(HEAT),
                dish(local("Papaya Salad", "ส้มตำ"), 6_500).taking(HEAT),
            ],
        ),
        category(
            local("Drinks", "เครื่องดื่ม"),
            &[dish(local("Thai Iced Tea", "ชาเย็น"), 4_500), dish(local("Water", "น้ำเปล่า"), 1_500)],
        ),
    ],
    staff: &[local("Somchai", "สมชาย"), local("Malee", "มาลี")],
    tenders: &[
        tender(Method::Cash, local("CASH", "เงินสด"), 50),
        tender(Method::Other, local("PROMPTPAY", "พร้อมเพย์"), 35),
        tender(Method::Card, local("CREDIT CARD", "บัตรเครดิต"), 15),
    ],
    tables: Some(15),
    service_percent: Some(10),
    tax: Some(TaxRule { label: same("VAT 7%"), percent: 7, included: false }),
    discount_chance: 8,
    offer_chance: 0,
    hours: Hours { opens: 10, closes: 22, customers: MEALS },
    habits: COOKED,
};

const HEAT: &[Words] = &[local("Mild", "ไม่เผ็ด"), local("Very hot", "เผ็ดมาก")];

const GBP: Money = Money {
    code: "GBP",
    digits: 2,
    printed_digits: 2,
    sign: "£",
    coin: 1,
    notes: [100, 500, 1_000, 2_000],
};

pub(super) const LONDON_CAFE: Shop = Shop {
    id: "london-cafe",
    name: same("The Copper Kettle"),
    address: same("14 Lamb's Conduit St, WC1N"),
    phone: "020 7946 0123",
    languages: &[Language::En],
    money: &GBP,
    utc_offset: 0,
    menu: LONDON_MENU,
    staff: &[same("Harriet"), same("Priya"), same("Tom")],
    tenders: &[
        tender(Method::Visa, same("VISA"), 45),
        tender(Method::Mastercard, same("MASTERCARD"), 25),
        tender(Method::Amex, same("AMEX"), 10),
        tender(Method::Cash, same("CASH"), 20),
    ],
    tables: None,
    service_percent: None,
    tax: Some(TaxRule { label: same("VAT 20%"), percent: 20, included: true }),
    discount_chance: 10,
    offer_chance: 5,
    hours: Hours { opens: 7, closes: 19, customers: MEALS },
    habits: COUNTER_ONLY,
};

const LONDON_MENU: &[Category] = &[
    category(
        same("Coffee"),
        &[
            dish(same("Flat White"), 380)
                .taking(&[same("Oat milk"), same("Extra shot"), same("Decaf")])
                .made_of(&[uses("espresso", 18, "g"), uses("milk", 160, "ml")]),
            dish(same("Cappuccino"), 390).taking(&[same("Oat milk"), same("Decaf")]),
            dish(same("Filter Coffee"), 320),
        ],
    ),
    category(
        same("Bakery"),
        &[
            dish(same("Almond Croissant"), 425),
            dish(same("Cheese Toastie"), 795).taking(&[same("Mustard"), same("No onion")]),
            dish(same("Lemon Drizzle"), 365),
        ],
    ),
];

const JPY: Money = Money {
    code: "JPY",
    digits: 0,
    printed_digits: 0,
    sign: "¥",
    coin: 1,
    notes: [100, 1_000, 5_000, 10_000],
};

pub(super) const TOKYO_RAMEN: Shop = Shop {
    id: "tokyo-ramen",
    name: local("Ramen Tanuki", "らーめん狸"),
    address: local("3-5 Kanda, Tokyo", "東京都千代田区神田3-5"),
    phone: "03-3251-0044",
    languages: &[Language::Ja],
    money: &JPY,
    utc_offset: 9,
    menu: &[
        category(
            local("Ramen", "らーめん"),
            &[
                dish(local("Soy Ramen", "醤油らーめん"), 880)
                    .taking(FIRMNESS)
                    .made_of(&[uses("noodles", 140, "g"), uses("chashu", 2, "slice")]),
                dish(local("Miso Ramen", "味噌らーめん"), 950).taking(FIRMNESS),
                dish(local("Dipping Noodles", "つけ麺"), 980).taking(FIRMNESS),
            ],
        ),
        category(
            local("Sides", "一品"),
            &[
                dish(local("Gyoza", "焼き餃子"), 420),
                dish(local("Seasoned Egg", "味玉"), 150),
                dish(local("Draft Beer", "生ビール"), 580),
            ],
        ),
    ],
    staff: &[local("Sato", "佐藤"), local("Suzuki", "鈴木")],
    tenders: &[
        tender(Method::Cash, local("CASH", "現金"), 60),
        tender(Method::Other, same("PayPay"), 25),
        tender(Method::Card, local("CARD", "クレジット"), 15),
    ],
    tables: None,
    service_percent: None,
    tax: Some(TaxRule { label: local("Tax incl. 10%", "内税10%"), percent: 10, included: true }),
    discount_chance: 4,
    offer_chance: 0,
    hours: Hours { opens: 11, closes: 23, customers: MEALS },
    habits: COUNTER_ONLY,
};

const FIRMNESS: &[Words] = &[local("Firm", "麺かため"), local("Extra green", "ねぎ多め")];
