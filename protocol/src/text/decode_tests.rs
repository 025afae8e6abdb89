//! Decoding: the right characters, and their sizes told without gap or overlap.

use proptest::prelude::*;

use super::codepage::{Page, PageFamily};
use super::decode::{Stretch, read};
use super::memo::Memo;
use super::{CharacterState, Charset, Pages};

const ALL: [Charset; 7] = [
    Charset::Ascii,
    Charset::Gb18030,
    Charset::Big5,
    Charset::ShiftJis,
    Charset::EucKr,
    Charset::Utf8,
    Charset::CodePage,
];

fn told(bytes: &[u8], charset: Charset, state: CharacterState) -> (String, Vec<Stretch>) {
    let (mut out, mut stretches) = (String::new(), Vec::new());
    read(bytes, charset, Pages::default(), state, &Memo::default(), &mut out, &mut |s| {
        stretches.push(s);
    });
    (out, stretches)
}

fn all(bytes: &[u8], charset: Charset) -> String {
    told(bytes, charset, CharacterState::default()).0
}

fn paged(bytes: &[u8], fixed: Page) -> String {
    let mut out = String::new();
    let pages = Pages { family: PageFamily::Epson, fixed: Some(fixed) };
    read(
        bytes,
        Charset::CodePage,
        pages,
        CharacterState::default(),
        &Memo::default(),
        &mut out,
        &mut |_| {},
    );
    out
}

#[test]
fn text_reads_in_its_own_encoding() {
    let text = "總計：HK$36.00 凍檸茶";
    assert_eq!(all(&encoding_rs::BIG5.encode(text).0, Charset::Big5), text);
    assert_eq!(all(&encoding_rs::GB18030.encode(text).0, Charset::Gb18030), text);
    assert_eq!(all(text.as_bytes(), Charset::Utf8), text);
    let text = "合計 ¥1,200 ﾗｰﾒﾝ";
    let shown = text.replace('¥', "￥");
    assert_eq!(all(&encoding_rs::SHIFT_JIS.encode(&shown).0, Charset::ShiftJis), shown);
    let text = "합계 12,000원";
    assert_eq!(all(&encoding_rs::EUC_KR.encode(text).0, Charset::EucKr), text);
}

#[test]
fn codes_of_one_size_are_one_stretch() {
    let bytes = encoding_rs::BIG5.encode("凍檸茶 x2").0;
    let (_, stretches) = told(&bytes, Charset::Big5, CharacterState::default());
    let expected = [
        Stretch { text: 3, bytes: 2, chars: 3, valid: true },
        Stretch { text: 1, bytes: 1, chars: 3, valid: true },
    ];
    assert_eq!(stretches, expected);
}

#[test]
fn a_stretch_ends_where_the_size_changes() {
    let bytes = encoding_rs::GB18030.encode("茶αβ水㐀").0;
    let (_, stretches) = told(&bytes, Charset::Gb18030, CharacterState::default());
    let sizes: Vec<_> =
        stretches.iter().map(|s| (s.text * s.chars, s.bytes * s.chars, s.chars)).collect();
    assert_eq!(sizes, [(3, 2, 1), (4, 4, 2), (3, 2, 1), (3, 4, 1)]);
}

#[test]
fn a_code_for_letter_and_accent_is_a_stretch_of_its_own() {
    let (text, stretches) =
        told(&[0xA3, 0x44, 0x88, 0x62, 0x88, 0x64], Charset::Big5, CharacterState::default());
    assert_eq!(text, "Α\u{CA}\u{304}\u{CA}\u{30C}");
    let sizes: Vec<_> =
        stretches.iter().map(|s| (s.text * s.chars, s.bytes * s.chars, s.chars)).collect();
    assert_eq!(sizes, [(2, 2, 1), (4, 2, 1), (4, 2, 1)]);
}

#[test]
fn half_a_pair_costs_one_byte() {
    assert_eq!(all(b"\xa1", Charset::Gb18030), "\u{FFFD}");
    assert_eq!(all(b"\xff\xff36.00", Charset::Big5), "\u{FFFD}\u{FFFD}36.00");
}

#[test]
fn a_shops_own_character_breaks_no_word() {
    assert_eq!(all(b"\x81\x40\xa4\x51", Charset::Big5), "\u{EEB8}十");
    assert_eq!(all(b"\xaa\xa1\xca\xae", Charset::Gb18030), "\u{E000}十");
    assert_eq!(all(b"\xf0\x40\x8f\x5c", Charset::ShiftJis), "\u{E000}十");
}

#[test]
fn substitutions_apply_to_single_bytes_and_never_within_a_pair() {
    let state = CharacterState { international: 15, ..CharacterState::default() };
    assert_eq!(told(b"$36", Charset::Gb18030, state).0, "¥36");
    assert_eq!(told(b"$36", Charset::Utf8, state).0, "$36");
    let state = CharacterState { international: 8, ..CharacterState::default() };
    let bytes = encoding_rs::SHIFT_JIS.encode("表\\5").0;
    assert!(bytes[1] == b'\\', "the second byte of this code is a backslash");
    assert_eq!(told(&bytes, Charset::ShiftJis, state).0, "表¥5");
}

#[test]
fn seven_bit_kanji_are_read_in_kanji_mode_only() {
    let on = CharacterState { double_byte: true, ..CharacterState::default() };
    assert_eq!(told(b"9g7W", Charset::ShiftJis, on).0, "合計");
    assert_eq!(told(b"9g7W", Charset::ShiftJis, CharacterState::default()).0, "9g7W");
    let shifted = CharacterState { kanji: 1, ..on };
    assert_eq!(told(b"9g7W", Charset::ShiftJis, shifted).0, "9g7W");
    assert_eq!(told(b"Total 5!", Charset::ShiftJis, on).0, "Total 5!", "a blank is no Kanji");
    assert_eq!(told(b"------", Charset::ShiftJis, on).0, "------", "a ruled line is no Kanji");
    assert_eq!(told(b"No.10012", Charset::ShiftJis, on).0, "No.10012");
}

#[test]
fn single_byte_text_reads_in_its_page() {
    assert_eq!(paged(b"\x8f\xe0\xa8\xa2\xa5\xe2", Page::Cp866), "Привет");
    assert_eq!(paged(b"\xe3\xba\xca\xd1\xe8\xa7", Page::Thai11), "ใบสั่ง");
    assert_eq!(paged(b"\xb6\xde", Page::Katakana), "ｶﾞ");
    assert_eq!(paged(b"a\xff", Page::Cp874), "a\u{FFFD}");
}

#[test]
fn tones_of_windows_1258_join_their_letters() {
    assert_eq!(paged(b"PH\xd2 KHA\xcc CH", Page::Windows1258), "PH\u{309} KHÀ CH");
    assert_eq!(paged(b"Ti\xea\xcc n m\xe3\xf2t", Page::Windows1258), "Tiề n mặt");
}

#[test]
fn a_replacement_character_that_the_till_sent_is_no_damage() {
    for (own, charset) in [(REPLACEMENTS[0], Charset::Utf8), (REPLACEMENTS[1], Charset::Gb18030)] {
        let (text, stretches) = told(own, charset, CharacterState::default());
        assert_eq!(text, "\u{FFFD}");
        assert!(stretches.iter().all(|stretch| stretch.valid), "{charset:?}");
    }
}

#[test]
fn delete_is_a_blank() {
    for charset in ALL {
        assert_eq!(all(b"a\x7fb", charset), "a b", "{charset:?}");
    }
}

fn state() -> impl Strategy<Value = CharacterState> {
    (any::<u8>(), any::<bool>(), 0..20_u8, 0..2_u8, any::<bool>()).prop_map(
        |(code_page, double_byte, international, kanji, star)| CharacterState {
            code_page,
            double_byte,
            international,
            kanji,
            star,
            ..CharacterState::default()
        },
    )
}

/// U+FFFD as UTF-8 and as GB18030 have it.
const REPLACEMENTS: [&[u8]; 2] = [b"\xEF\xBF\xBD", b"\x84\x31\xA4\x37"];

proptest! {
    /// Everything is told, nothing twice, and every stretch is of one size.
    #[test]
    fn stretches_tile_bytes_and_text(
        bytes in proptest::collection::vec(0x20..=0xFF_u8, 0..1500),
        state in state(),
    ) {
        for charset in ALL {
            let (text, stretches) = told(&bytes, charset, state);
            prop_assert_eq!(stretches.iter().map(|s| s.bytes * s.chars).sum::<usize>(), bytes.len());
            prop_assert_eq!(stretches.iter().map(|s| s.text * s.chars).sum::<usize>(), text.len());
            let (mut at, mut from) = (0, 0);
            for s in stretches {
                let part = &text[at..at + s.text * s.chars];
                let sent = &bytes[from..from + s.bytes * s.chars];
                at += part.len();
                from += sent.len();
                prop_assert!(s.chars > 0);
                if s.chars > 1 {
                    prop_assert!(part.chars().all(|c| c.len_utf8() == s.text));
                }
                // A till may print the character itself; then it was not put there.
                let printed = REPLACEMENTS.iter().any(|own| sent.windows(own.len()).any(|w| w == *own));
                let replaced = part.contains('\u{FFFD}') && !(s.valid && printed);
                prop_assert_eq!(!s.valid, replaced);
            }
        }
    }

    /// What a text was written as comes back, however long, whatever stands around it.
    #[test]
    fn a_pair_is_never_split(
        text in "[ -~一-龥ぁ-んァ-ヶ]{0,600}",
        charset in prop::sample::select(vec![Charset::Gb18030, Charset::Utf8, Charset::ShiftJis]),
    ) {
        let encoding = match charset {
            Charset::Gb18030 => encoding_rs::GB18030,
            Charset::ShiftJis => encoding_rs::SHIFT_JIS,
            _ => encoding_rs::UTF_8,
        };
        let (bytes, _, _) = encoding.encode(&text);
        let (expected, _) = encoding.decode_without_bom_handling(&bytes);
        prop_assert_eq!(all(&bytes, charset), expected.into_owned());
    }
}
