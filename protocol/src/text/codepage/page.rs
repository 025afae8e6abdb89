//! The single-byte pages by name, and what their bytes stand for.
//!
//! Numbers of `ESC t` are not here: every maker counts differently ([`super::PageFamily`]).

use oem_cp::code_table as oem;

use super::{asian, latin, windows};

/// One row a page: variant, name, table of the bytes from 80.
macro_rules! pages {
    ($($page:ident = $name:literal, $table:path;)*) => {
        /// A single-byte code page.
        #[derive(Clone, Copy, Debug, PartialEq, Eq)]
        pub enum Page {
            $(#[doc = concat!("`", $name, "`.")] $page,)*
        }

        impl Page {
            /// All there are.
            pub const ALL: &[Self] = &[$(Self::$page),*];

            /// The configured word.
            pub fn as_str(self) -> &'static str {
                match self { $(Self::$page => $name,)* }
            }

            /// What the bytes from 80 stand for; U+FFFD for nothing.
            pub fn upper(self) -> &'static [char; 128] {
                match self { $(Self::$page => &$table,)* }
            }
        }
    };
}

pages! {
    Cp437 = "cp437", oem::DECODING_TABLE_CP437;
    Cp720 = "cp720", asian::CP720;
    Cp737 = "cp737", oem::DECODING_TABLE_CP737;
    Cp775 = "cp775", oem::DECODING_TABLE_CP775;
    Cp850 = "cp850", oem::DECODING_TABLE_CP850;
    Cp852 = "cp852", oem::DECODING_TABLE_CP852;
    Cp855 = "cp855", oem::DECODING_TABLE_CP855;
    Cp858 = "cp858", oem::DECODING_TABLE_CP858;
    Cp860 = "cp860", oem::DECODING_TABLE_CP860;
    Cp861 = "cp861", oem::DECODING_TABLE_CP861;
    Cp862 = "cp862", oem::DECODING_TABLE_CP862;
    Cp863 = "cp863", oem::DECODING_TABLE_CP863;
    Cp865 = "cp865", oem::DECODING_TABLE_CP865;
    Cp866 = "cp866", oem::DECODING_TABLE_CP866;
    Cp851 = "cp851", latin::CP851;
    Cp853 = "cp853", latin::CP853;
    Cp857 = "cp857", latin::CP857;
    Cp869 = "cp869", latin::CP869;
    Cp771 = "cp771", latin::CP771;
    Cp772 = "cp772", latin::CP772;
    Cp774 = "cp774", latin::CP774;
    Cp1125 = "cp1125", latin::CP1125;
    Cp3001 = "cp3001", latin::CP3001;
    Cp3002 = "cp3002", latin::CP3002;
    Cp3011 = "cp3011", latin::CP3011;
    Cp3012 = "cp3012", latin::CP3012;
    Cp3021 = "cp3021", latin::CP3021;
    Cp3041 = "cp3041", latin::CP3041;
    Cp3840 = "cp3840", latin::CP3840;
    Cp3841 = "cp3841", latin::CP3841;
    Cp3843 = "cp3843", latin::CP3843;
    Cp3844 = "cp3844", latin::CP3844;
    Cp3845 = "cp3845", latin::CP3845;
    Cp3846 = "cp3846", latin::CP3846;
    Cp3847 = "cp3847", latin::CP3847;
    Cp3848 = "cp3848", latin::CP3848;
    Latvian = "latvian", latin::LATVIAN;
    EpsonLatin2 = "epson-latin2", latin::EPSON_LATIN2;
    BixolonCp866 = "bixolon-cp866", latin::BIXOLON_CP866;
    StarCp928 = "star-cp928", latin::STAR_CP928;
    Cp864 = "cp864", asian::CP864;
    Cp874 = "cp874", asian::CP874;
    Cp1001 = "cp1001", asian::CP1001;
    Cp1098 = "cp1098", asian::CP1098;
    Katakana = "katakana", asian::KATAKANA;
    StarKatakana = "star-katakana", asian::STAR_KATAKANA;
    Thai11 = "thai11", asian::THAI11;
    Thai13 = "thai13", asian::THAI13;
    Thai14 = "thai14", asian::THAI14;
    Thai16 = "thai16", asian::THAI16;
    Thai18 = "thai18", asian::THAI18;
    Thai42 = "thai42", asian::THAI42;
    StarCp874 = "star-cp874", asian::STAR_CP874;
    Khmer = "khmer", asian::KHMER;
    Tcvn3 = "tcvn3", asian::TCVN3;
    Tcvn3Capitals = "tcvn3-capitals", asian::TCVN3CAPITALS;
    Viscii = "viscii", asian::VISCII;
    BixolonHebrew = "bixolon-hebrew", asian::BIXOLON_HEBREW;
    XprinterHebrew = "xprinter-hebrew", asian::XPRINTER_HEBREW;
    Pos8360Hebrew = "pos-8360-hebrew", asian::POS8360HEBREW;
    Windows1250 = "windows-1250", windows::WINDOWS1250;
    Windows1251 = "windows-1251", windows::WINDOWS1251;
    Windows1252 = "windows-1252", windows::WINDOWS1252;
    Windows1253 = "windows-1253", windows::WINDOWS1253;
    Windows1254 = "windows-1254", windows::WINDOWS1254;
    Windows1255 = "windows-1255", windows::WINDOWS1255;
    Windows1256 = "windows-1256", windows::WINDOWS1256;
    Windows1257 = "windows-1257", windows::WINDOWS1257;
    Windows1258 = "windows-1258", windows::WINDOWS1258;
    Iso8859P1 = "iso-8859-1", windows::ISO8859P1;
    Iso8859P2 = "iso-8859-2", windows::ISO8859P2;
    Iso8859P4 = "iso-8859-4", windows::ISO8859P4;
    Iso8859P5 = "iso-8859-5", windows::ISO8859P5;
    Iso8859P6 = "iso-8859-6", windows::ISO8859P6;
    Iso8859P7 = "iso-8859-7", windows::ISO8859P7;
    Iso8859P8 = "iso-8859-8", windows::ISO8859P8;
    Iso8859P9 = "iso-8859-9", windows::ISO8859P9;
    Iso8859P13 = "iso-8859-13", windows::ISO8859P13;
    Iso8859P15 = "iso-8859-15", windows::ISO8859P15;
    Rk1048 = "rk1048", windows::RK1048;
}

impl Page {
    /// The page called `word`.
    pub fn parse(word: &str) -> Option<Self> {
        Self::ALL.iter().copied().find(|page| page.as_str() == word)
    }

    /// What `byte`, 80 or above, stands for.
    pub fn character(self, byte: u8) -> char {
        self.upper()[usize::from(byte & 0x7F)]
    }

    /// Whether words of this page are full of bytes from 80 up although its letters are Latin.
    pub(crate) fn vietnamese(self) -> bool {
        matches!(self, Self::Tcvn3 | Self::Tcvn3Capitals | Self::Viscii | Self::Windows1258)
    }
}

#[cfg(test)]
mod tests {
    use encoding_rs::Encoding;

    use super::Page;

    #[test]
    fn every_page_is_found_by_its_name() {
        for page in Page::ALL {
            assert_eq!(Page::parse(page.as_str()), Some(*page));
        }
        assert_eq!(Page::parse("latin-1"), None);
    }

    /// `encoding_rs` reads ISO 8859-1 and -9 as Windows pages, as browsers do; printers do not.
    #[test]
    fn windows_and_iso_pages_agree_with_the_encoding_standard() {
        let mut compared = 0;
        for page in Page::ALL {
            let name = page.as_str();
            let Some(encoding) = Encoding::for_label(name.as_bytes()) else { continue };
            if matches!(name, "iso-8859-1" | "iso-8859-9") {
                continue;
            }
            for byte in 0x80..=0xFF_u8 {
                let bytes = [byte];
                let (text, bad) = encoding.decode_without_bom_handling(&bytes);
                let expected = text.chars().next().filter(|c| !bad && !c.is_control());
                let found = Some(page.character(byte)).filter(|c| *c != '\u{FFFD}');
                assert_eq!(found, expected, "{name} {byte:02X}");
            }
            compared += 1;
        }
        assert!(compared >= 15, "only {compared} pages were compared");
    }

    #[test]
    fn no_page_shows_a_control_character() {
        for page in Page::ALL {
            let control = page.upper().iter().find(|c| c.is_control());
            assert_eq!(control, None, "{}", page.as_str());
        }
    }

    #[test]
    fn the_same_byte_is_another_character_in_another_page() {
        assert_eq!(Page::Cp437.character(0x9C), '£');
        assert_eq!(Page::Windows1252.character(0x80), '€');
        assert_eq!(Page::Cp858.character(0xD5), '€');
        assert_eq!(Page::Cp866.character(0x80), 'А');
        assert_eq!(Page::Thai42.character(0xC0), 'ย');
        assert_eq!(Page::Thai11.character(0xC2), 'ย');
        assert_eq!(Page::Katakana.character(0xB1), 'ｱ');
        assert_eq!(Page::Tcvn3.character(0xAE), 'đ');
    }
}
