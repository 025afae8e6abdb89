//! Which page a maker means by the number in `ESC t`.
//!
//! Numbers up to 5 are the same nearly everywhere, above them every maker goes its own way: 6 is
//! Hiragana, Windows-1251 or ISO 8859-1. A number that is not listed has no page here; the caller
//! falls back to code page 437, the power-on default.
//!
//! Sources: Epson's ESC/POS reference for the Thai pages of `epson` (20 to 26); the mapping of
//! `ReceiptPrinterEncoder` for all other rows, which agrees with the profiles of escpos-printer-db
//! where both know a printer.

use serde::{Deserialize, Serialize};

use super::Page;

/// Printers that number their code pages alike.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum PageFamily {
    /// Epson TM of today.
    #[default]
    Epson,
    /// Epson TM of before about 2005.
    EpsonLegacy,
    /// Bixolon.
    Bixolon,
    /// Bixolon and Samsung of before about 2010.
    BixolonLegacy,
    /// Citizen.
    Citizen,
    /// Star in ESC/POS emulation. Star's own modes count differently, whatever the family.
    Star,
    /// Xprinter.
    Xprinter,
    /// Zijiang, and most unnamed printers of 58 mm.
    Zijang,
    /// The POS-5890 clones.
    #[serde(rename = "pos-5890")]
    Pos5890,
    /// The POS-8360 clones.
    #[serde(rename = "pos-8360")]
    Pos8360,
    /// Youku.
    Youku,
    /// Fujitsu.
    Fujitsu,
    /// HP.
    Hp,
    /// Metapace.
    Metapace,
    /// MPT portable printers.
    Mpt,
    /// Printers with Chinese firmware: GBK without being asked, pages as Zijiang counts them.
    CnClone,
}

impl PageFamily {
    /// All there are.
    pub const ALL: &[Self] = &[
        Self::Epson,
        Self::EpsonLegacy,
        Self::Bixolon,
        Self::BixolonLegacy,
        Self::Citizen,
        Self::Star,
        Self::Xprinter,
        Self::Zijang,
        Self::Pos5890,
        Self::Pos8360,
        Self::Youku,
        Self::Fujitsu,
        Self::Hp,
        Self::Metapace,
        Self::Mpt,
        Self::CnClone,
    ];

    /// The configured word.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Epson => "epson",
            Self::EpsonLegacy => "epson-legacy",
            Self::Bixolon => "bixolon",
            Self::BixolonLegacy => "bixolon-legacy",
            Self::Citizen => "citizen",
            Self::Star => "star",
            Self::Xprinter => "xprinter",
            Self::Zijang => "zijang",
            Self::Pos5890 => "pos-5890",
            Self::Pos8360 => "pos-8360",
            Self::Youku => "youku",
            Self::Fujitsu => "fujitsu",
            Self::Hp => "hp",
            Self::Metapace => "metapace",
            Self::Mpt => "mpt",
            Self::CnClone => "cn-clone",
        }
    }

    /// The family called `word`.
    pub fn parse(word: &str) -> Option<Self> {
        Self::ALL.iter().copied().find(|family| family.as_str() == word)
    }

    /// The page that `number` selects; `star` in Star's own modes.
    pub fn page(self, number: u8, star: bool) -> Option<Page> {
        let numbers = match self {
            _ if star => STAR_LINE,
            Self::Epson => EPSON,
            Self::EpsonLegacy => EPSON_LEGACY,
            Self::Bixolon => BIXOLON,
            Self::BixolonLegacy | Self::Metapace => BIXOLON_LEGACY,
            Self::Citizen => CITIZEN,
            Self::Star => STAR,
            Self::Xprinter => XPRINTER,
            Self::Zijang | Self::Pos5890 | Self::CnClone => ZIJANG,
            Self::Pos8360 => POS_8360,
            Self::Youku => YOUKU,
            Self::Fujitsu => FUJITSU,
            Self::Hp => HP,
            Self::Mpt => MPT,
        };
        let found = numbers.binary_search_by_key(&number, |(listed, _)| *listed).ok()?;
        Some(numbers[found].1)
    }
}

/// `ESC t n` (in Star's own modes `ESC GS t n`) and page, by rising number.
macro_rules! numbers {
    ($family:ident: $($number:literal $page:ident),*) => {
        const $family: &[(u8, Page)] = &[$(($number, Page::$page)),*];
    };
}

numbers! { EPSON:
    0 Cp437, 1 Katakana, 2 Cp850, 3 Cp860, 4 Cp863, 5 Cp865, 11 Cp851, 12 Cp853, 13 Cp857,
    14 Cp737, 15 Iso8859P7, 16 Windows1252, 17 Cp866, 18 Cp852, 19 Cp858, 20 Thai42, 21 Thai11,
    22 Thai13, 23 Thai14, 24 Thai16, 26 Thai18, 30 Tcvn3, 31 Tcvn3Capitals, 32 Cp720, 33 Cp775,
    34 Cp855, 35 Cp861, 36 Cp862, 37 Cp864, 38 Cp869, 39 EpsonLatin2, 40 Iso8859P15, 41 Cp1098,
    42 Cp774, 43 Cp772, 44 Cp1125, 45 Windows1250, 46 Windows1251, 47 Windows1253, 48 Windows1254,
    49 Windows1255, 50 Windows1256, 51 Windows1257, 52 Windows1258, 53 Rk1048
}

numbers! { EPSON_LEGACY:
    0 Cp437, 1 Katakana, 2 Cp850, 3 Cp860, 4 Cp863, 5 Cp865, 16 Windows1252, 17 Cp866, 18 Cp852,
    19 Cp858
}

numbers! { BIXOLON:
    0 Cp437, 1 Katakana, 2 Cp850, 3 Cp860, 4 Cp863, 5 Cp865, 16 Windows1252, 17 Cp866, 18 Cp852,
    19 Cp858, 21 Cp862, 22 Cp864, 23 Thai42, 24 Windows1253, 25 Windows1254, 26 Windows1257,
    28 Windows1251, 29 Cp737, 30 Cp775, 31 Thai14, 32 BixolonHebrew, 33 Windows1255, 34 Thai11,
    35 Thai18, 37 Cp857, 38 Iso8859P7, 39 Thai16, 40 Windows1256, 41 Windows1258, 42 Khmer,
    46 BixolonCp866, 47 Windows1250, 49 Tcvn3, 50 Tcvn3Capitals, 51 Viscii
}

numbers! { CITIZEN:
    0 Cp437, 1 Katakana, 2 Cp858, 3 Cp860, 4 Cp863, 5 Cp865, 6 Cp852, 7 Cp866, 8 Cp857,
    16 Windows1252, 21 Thai11, 26 Thai13, 30 Tcvn3, 31 Tcvn3Capitals, 32 Windows1258, 40 Cp864
}

numbers! { STAR_LINE:
    0 Cp437, 1 Cp437, 2 StarKatakana, 4 Cp858, 5 Cp852, 6 Cp860, 7 Cp861, 8 Cp863, 9 Cp865,
    10 Cp866, 11 Cp855, 12 Cp857, 13 Cp862, 14 Cp864, 15 Cp737, 16 Cp851, 17 Cp869, 18 StarCp928,
    19 Cp772, 20 Cp774, 21 StarCp874, 32 Windows1252, 33 Windows1250, 34 Windows1251, 64 Cp3840,
    65 Cp3841, 66 Cp3843, 67 Cp3844, 68 Cp3845, 69 Cp3846, 70 Cp3847, 71 Cp3848, 72 Cp1001,
    73 Cp771, 74 Cp3001, 75 Cp3002, 76 Cp3011, 77 Cp3012, 78 Cp3021, 79 Cp3041
}

numbers! { STAR:
    0 Cp437, 1 StarKatakana, 2 Cp850, 3 Cp860, 4 Cp863, 5 Cp865, 16 Windows1252, 17 Cp866,
    18 Cp852, 19 Cp858, 20 Thai42, 21 Thai11, 22 Thai13, 23 Thai14, 24 Thai16, 26 Thai18
}

numbers! { XPRINTER:
    0 Cp437, 1 Katakana, 2 Cp850, 3 Cp860, 4 Cp863, 5 Cp865, 6 Iso8859P1, 7 Windows1253,
    8 XprinterHebrew, 9 Cp3012, 11 Windows1255, 16 Windows1252, 17 Cp866, 18 Cp852, 19 Cp858,
    21 Latvian, 22 Cp864, 23 Windows1251, 24 Cp737, 25 Windows1257, 33 Windows1256
}

numbers! { ZIJANG:
    0 Cp437, 1 Katakana, 2 Cp850, 3 Cp860, 4 Cp863, 5 Cp865, 6 Iso8859P1, 8 Cp862, 16 Windows1252,
    17 Cp866, 18 Cp852, 19 Cp858, 23 Windows1251, 24 Cp737, 25 Windows1257, 27 Windows1258,
    28 Cp864, 32 Windows1255, 56 Cp861, 60 Cp855, 61 Cp857, 65 Cp851, 66 Cp869, 68 Cp772,
    69 Cp774, 72 Windows1250, 74 Cp3840, 76 Cp3843, 77 Cp3844, 78 Cp3845, 79 Cp3846, 80 Cp3847,
    81 Cp3848, 83 Cp771, 84 Cp3001, 85 Cp3002, 86 Cp3011, 87 Cp3012, 89 Cp3041, 90 Windows1253,
    91 Windows1254, 92 Windows1256, 93 Cp720, 95 Cp775
}

numbers! { POS_8360:
    0 Cp437, 1 Katakana, 2 Cp850, 3 Cp860, 4 Cp863, 5 Cp865, 6 Iso8859P1, 7 Windows1253, 8 Cp862,
    16 Windows1252, 17 Cp866, 18 Cp852, 19 Cp858, 21 Latvian, 23 Windows1251, 24 Cp737,
    25 Windows1257, 27 Windows1258, 28 Cp864, 31 Pos8360Hebrew, 32 Windows1255, 56 Cp861,
    60 Cp855, 61 Cp857, 65 Cp851, 66 Cp869, 68 Cp772, 69 Cp774, 72 Windows1250, 74 Cp3840,
    76 Cp3843, 77 Cp3844, 78 Cp3845, 79 Cp3846, 80 Cp3847, 81 Cp3848, 83 Cp771, 84 Cp3001,
    85 Cp3002, 86 Cp3011, 87 Cp3012, 91 Windows1254, 92 Windows1256, 93 Cp720, 95 Cp775
}

numbers! { YOUKU:
    0 Cp437, 1 Katakana, 2 Cp850, 3 Cp860, 4 Cp863, 5 Cp865, 6 Windows1251, 7 Cp866, 8 Cp3021,
    9 Cp3012, 15 Cp862, 16 Windows1252, 18 Cp852, 19 Cp858, 22 Cp864, 23 Iso8859P1, 24 Cp737,
    25 Windows1257, 28 Cp855, 29 Cp857, 30 Windows1250, 31 Cp775, 32 Windows1254, 33 Windows1255,
    34 Windows1256, 35 Windows1258, 38 Iso8859P1, 44 Iso8859P15, 47 Cp874
}

numbers! { FUJITSU:
    0 Cp437, 1 Katakana, 2 Cp850, 3 Cp860, 4 Cp863, 5 Cp865, 8 Cp857, 16 Windows1252, 17 Cp866,
    18 Cp852, 19 Cp858, 26 Thai13, 40 Cp864
}

numbers! { HP:
    0 Cp437, 1 Cp850, 2 Cp852, 3 Cp860, 4 Cp863, 5 Cp865, 6 Cp858, 7 Cp866, 8 Windows1252,
    9 Cp862, 10 Cp737, 11 Cp874, 12 Cp857, 13 Windows1251, 14 Windows1255, 15 Rk1048
}

numbers! { MPT:
    0 Cp437, 2 Cp850, 3 Cp860, 4 Cp863, 5 Cp865, 6 Windows1251, 7 Cp866, 8 Cp3021, 9 Cp3012
}

numbers! { BIXOLON_LEGACY:
    0 Cp437, 1 Katakana, 2 Cp850, 3 Cp860, 4 Cp863, 5 Cp865, 19 Cp858
}

#[cfg(test)]
mod tests {
    use super::{Page, PageFamily};

    #[test]
    fn every_family_is_found_by_its_name() {
        for family in PageFamily::ALL {
            assert_eq!(PageFamily::parse(family.as_str()), Some(*family));
            assert_eq!(family.page(0, false), Some(Page::Cp437), "{}", family.as_str());
        }
        assert_eq!(PageFamily::parse("zjet"), None);
    }

    #[test]
    fn every_listed_number_is_found() {
        let listed = |family: &PageFamily| {
            (0..=u8::MAX).filter(|n| family.page(*n, false).is_some()).count()
        };
        let counts: Vec<usize> = PageFamily::ALL.iter().map(listed).collect();
        assert_eq!(counts, [45, 10, 35, 7, 16, 16, 21, 44, 44, 45, 29, 13, 16, 7, 9, 44]);
    }

    #[test]
    fn a_number_means_what_the_maker_says() {
        assert_eq!(PageFamily::Epson.page(6, false), None, "Hiragana, which no page here has");
        assert_eq!(PageFamily::Mpt.page(6, false), Some(Page::Windows1251));
        assert_eq!(PageFamily::Xprinter.page(6, false), Some(Page::Iso8859P1));
        assert_eq!(PageFamily::Epson.page(21, false), Some(Page::Thai11));
        assert_eq!(PageFamily::Epson.page(21, true), Some(Page::StarCp874));
    }
}
