//! People's data for properties: what is printed, and what of it must never be seen again.

use proptest::prelude::*;

/// Names that stand nowhere else in the tests.
const NAMES: [&str; 4] = ["Zhuang Qiwei", "歐陽穎琛", "Kusumawati Bagaskara", "Ng Yuk-Ying"];

/// One person's datum: as printed, and the part that must not be seen.
pub(crate) type Seed = (String, String);

/// Any of them.
pub(crate) fn seed() -> impl Strategy<Value = Seed> {
    prop_oneof![phone(), octopus(), identity_card(), payment_card(), email(), member()]
}

fn whole(printed: String) -> Seed {
    (printed.clone(), printed)
}

fn phone() -> impl Strategy<Value = Seed> {
    prop_oneof![
        "[4-9][0-9]{3}[ -]?[0-9]{4}",
        "\\+852[ -]?[4-9][0-9]{3}[ -]?[0-9]{4}",
        "\\(852\\) ?[4-9][0-9]{3} [0-9]{4}",
        "\\+86 ?1[3-9][0-9] ?[0-9]{4} ?[0-9]{4}",
        "08[0-9]{2}-[0-9]{4}-[0-9]{3,4}",
    ]
    .prop_map(whole)
}

fn octopus() -> impl Strategy<Value = Seed> {
    prop_oneof!["[0-9]{8,9}", "[0-9]{8}\\([0-9]\\)"].prop_map(whole)
}

fn identity_card() -> impl Strategy<Value = Seed> {
    prop_oneof![
        "[A-Z]{1,2}[0-9]{6}\\([0-9A]\\)",
        "[A-Z]{1,2} [0-9]{6} \\([0-9A]\\)",
        "[A-Z][0-9]{7}"
    ]
    .prop_map(whole)
}

/// Sixteen digits with Luhn's check digit, in groups.
fn payment_card() -> impl Strategy<Value = Seed> {
    let between = prop_oneof![Just(""), Just(" "), Just("-"), Just("  "), Just(".")];
    ("[3-6][0-9]{14}", between).prop_map(|(first, between)| {
        let twice = |(place, digit): (usize, u32)| {
            if place % 2 == 0 { digit * 2 / 10 + digit * 2 % 10 } else { digit }
        };
        let sum: u32 = first.chars().filter_map(|c| c.to_digit(10)).enumerate().map(twice).sum();
        let number = format!("{first}{}", (10 - sum % 10) % 10);
        let groups: Vec<&str> = (0..4).map(|group| &number[group * 4..group * 4 + 4]).collect();
        whole(groups.join(between))
    })
}

fn email() -> impl Strategy<Value = Seed> {
    "[a-z][a-z0-9.+-]{2,8}@[a-z]{2,8}(\\.com|\\.com\\.hk|\\.id)".prop_map(whole)
}

fn member() -> impl Strategy<Value = Seed> {
    let label = prop_oneof![
        Just("會員："),
        Just("会员 "),
        Just("Member: "),
        Just("MEMBER NO. 12 "),
        Just("VIP "),
        Just("客戶:"),
        Just("Customer: "),
        Just("Customer Name: "),
        Just("Anggota "),
        Just("Pelanggan: "),
        Just("顧客 "),
        Just("Ｍｅｍｂｅｒ　"),
        Just("Member:\n"),
    ];
    (label, prop::sample::select(&NAMES[..]))
        .prop_map(|(label, name)| (format!("{label}{name}"), name.to_owned()))
}
