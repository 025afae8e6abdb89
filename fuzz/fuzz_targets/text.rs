//! Any characters in any encoding: bytes below 20 are left out but for LF, so that every input is
//! deep in the decoding of text; what is read must not depend on the cuts.

#![no_main]

use libfuzzer_sys::fuzz_target;
use pos_fuzz::{Input, Resume, run, steps};
use pos_protocol::text::decode::{self, Stretch};
use pos_protocol::text::{CharacterState, Charset, Memo, Pages};

/// The character sets that a till can choose, one for each value of the input's last seed byte.
const CHOICES: [&[u8]; 8] = [
    b"",
    b"\x1c&",
    b"\x1c.\x1bt\x10",
    b"\x1bt\x02",
    b"\x1bt\x15",
    b"\x1cC\x01",
    b"\x1c(C\x02\x0002",
    b"\x1bR\x08",
];

fuzz_target!(|data: &[u8]| {
    let Some(input) = Input::parse(data) else { return };
    let choice = CHOICES[(input.seed >> 24) as usize % CHOICES.len()];
    let characters = input.bytes.iter().copied().filter(|byte| *byte >= 0x20 || *byte == b'\n');
    let bytes: Vec<u8> = choice.iter().copied().chain(characters).collect();
    let characters: Vec<u8> = bytes.iter().copied().filter(|byte| *byte >= 0x20).collect();
    let settings = input.seed.to_le_bytes();
    for charset in CHARSETS {
        adds_up(&characters, charset, settings);
    }
    let input = Input { bytes: &bytes, ..input };
    let records = steps(&input, false);
    let whole = run(&input, &records, false, Resume::Never);
    assert_eq!(whole, run(&input, &records, true, Resume::Never), "chunking changes nothing");
    for text in whole.iter().filter_map(|event| event.text.as_ref()) {
        assert!(!text.contains(['\0', '\u{1b}']), "control characters do not print: {text:?}");
    }
});

const CHARSETS: [Charset; 7] = [
    Charset::Ascii,
    Charset::Gb18030,
    Charset::Big5,
    Charset::ShiftJis,
    Charset::EucKr,
    Charset::Utf8,
    Charset::CodePage,
];

/// Stretches cover every byte that was read and every byte of the text that came of it.
fn adds_up(bytes: &[u8], charset: Charset, [page, set, kanji, flags]: [u8; 4]) {
    let state = CharacterState {
        code_page: page,
        international: set % 20,
        kanji: kanji % 2,
        double_byte: flags & 1 != 0,
        utf8: flags & 2 != 0,
        star: flags & 4 != 0,
        user_defined: flags & 8 != 0,
    };
    let (mut out, mut text, mut taken) = (String::new(), 0, 0);
    decode::read(
        bytes,
        charset,
        Pages::default(),
        state,
        &Memo::default(),
        &mut out,
        &mut |stretch| {
            let Stretch { text: char_text, bytes: char_bytes, chars, .. } = stretch;
            assert!(chars > 0 && char_text > 0 && char_bytes > 0);
            text += char_text * chars;
            taken += char_bytes * chars;
        },
    );
    assert_eq!((text, taken), (out.len(), bytes.len()), "{charset:?}");
}
