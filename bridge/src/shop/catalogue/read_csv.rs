//! A catalogue as a spreadsheet saves it: a line of headings, then an article a line.
//!
//! Headings may be English or Chinese and stand in any order. Commas, semicolons and tabs are told
//! apart by the headings. Several values of one cell are separated by `;`.

use std::ops::Range;

use csv::{ByteRecord, ReaderBuilder};

use super::FORMULA;
use super::typed::{Ingredient, Line, Mistake, Typed};
use crate::config::nearest;
use crate::shop::stock::folded;

/// Each column with the headings that name it.
const COLUMNS: [(&str, &[&str]); 10] = [
    ("name", &["item", "名稱", "名称", "品名", "貨品", "商品", "nama"]),
    ("aliases", &["alias", "別名", "别名", "其他名稱", "其他名称"]),
    ("category", &["類別", "类别", "分類", "分类", "kategori"]),
    ("price", &["價錢", "價格", "价格", "單價", "单价", "harga"]),
    ("unit", &["單位", "单位", "satuan"]),
    ("start", &["stock", "起始", "存貨", "庫存", "库存", "stok"]),
    ("threshold", &["low", "警戒", "下限", "補貨點", "补货点", "batas"]),
    ("supplier", &["link", "供應商", "供应商", "pemasok"]),
    ("buyer", &["採購", "采购", "負責人", "负责人", "pembeli"]),
    ("recipe", &["配方", "用料", "resep"]),
];

/// Separates the values of one cell.
const WITHIN: [char; 3] = [';', '；', '\n'];

/// The lines of `text`; what is wrong with its form.
pub(super) fn read(text: &str) -> Result<Vec<Line>, Vec<Mistake>> {
    let head = text.lines().next().unwrap_or_default();
    let count = |delimiter: &u8| head.matches(char::from(*delimiter)).count();
    let delimiter = b",;\t".iter().copied().rev().max_by_key(count).unwrap_or(b',');
    let mut reader = ReaderBuilder::new()
        .delimiter(delimiter)
        .has_headers(false)
        .flexible(true)
        .from_reader(text.as_bytes());
    let mut records = Vec::new();
    loop {
        let mut record = ByteRecord::new();
        match reader.read_byte_record(&mut record) {
            Ok(true) => records.push(cells(text, &record, &reader)),
            Ok(false) => break,
            Err(error) => {
                let at = usize::try_from(reader.position().byte()).unwrap_or(text.len());
                let hint = "save it again as CSV";
                return Err(vec![Mistake::new(at..at, "CSV", error.to_string(), hint)]);
            }
        }
    }
    let mut records = records.into_iter();
    let columns = columns(records.next().unwrap_or_default())?;
    let (mut lines, mut mistakes) = (Vec::new(), Vec::new());
    for cells in records.filter(|cells| cells.iter().any(|cell| !cell.text.is_empty())) {
        match line(cells, &columns) {
            Ok(line) => lines.push(line),
            Err(mistake) => mistakes.push(mistake),
        }
    }
    if mistakes.is_empty() { Ok(lines) } else { Err(mistakes) }
}

/// The cells of a record, each with its place: the reader knows only where the record began.
fn cells(text: &str, record: &ByteRecord, reader: &csv::Reader<&[u8]>) -> Vec<Typed> {
    let place = |byte: u64| usize::try_from(byte).unwrap_or(text.len()).min(text.len());
    let mut from = record.position().map_or(0, |start| place(start.byte()));
    let end = place(reader.position().byte());
    let cell = |bytes: &[u8]| {
        let words = String::from_utf8_lossy(bytes);
        let words = unguarded(words.trim());
        let found = text.get(from..end).and_then(|rest| rest.find(words));
        let start = from + found.unwrap_or(0);
        from = if found.is_some() { start + words.len() } else { start };
        Typed::new(words, start..from)
    };
    record.iter().map(cell).collect()
}

/// A cell without the apostrophe that keeps a spreadsheet from calculating it.
fn unguarded(words: &str) -> &str {
    words.strip_prefix('\'').filter(|text| text.starts_with(FORMULA)).unwrap_or(words)
}

/// The columns that the headings name, in their order.
fn columns(headings: Vec<Typed>) -> Result<Vec<Option<&'static str>>, Vec<Mistake>> {
    let (mut columns, mut mistakes) = (Vec::new(), Vec::new());
    for Typed { text, at } in headings {
        let word = folded(&text);
        let known = |(name, words): &&(&str, &[&str])| *name == word || words.contains(&&*word);
        let names = COLUMNS.map(|(name, _)| name);
        match COLUMNS.iter().find(known) {
            // A spreadsheet's empty columns.
            None if word.is_empty() => columns.push(None),
            None => {
                let hint = nearest(&word, names.into_iter()).map_or_else(
                    || format!("headings: {}", names.join(", ")),
                    |near| format!("did you mean \"{near}\"?"),
                );
                mistakes.push(Mistake::new(at, "a heading", format!("{text:?}"), hint));
            }
            Some((name, _)) if columns.contains(&Some(*name)) => {
                let (expected, found) = ("one column of each kind", format!("a second `{name}`"));
                mistakes.push(Mistake::new(at, expected, found, "keep one of the two"));
            }
            Some((name, _)) => columns.push(Some(name)),
        }
    }
    if mistakes.is_empty() && !columns.contains(&Some("name")) {
        let hint = "the first line names the columns: name,aliases,unit,start,threshold";
        mistakes.push(Mistake::new(0..0, "a heading `name`", "none", hint));
    }
    if mistakes.is_empty() { Ok(columns) } else { Err(mistakes) }
}

fn line(cells: Vec<Typed>, columns: &[Option<&'static str>]) -> Result<Line, Mistake> {
    let at = cells.first().map_or(0..0, |first| first.at.start..first.at.start);
    let mut line = Line { at, ..Line::default() };
    for (place, cell) in cells.into_iter().enumerate() {
        let column = columns.get(place).copied().flatten();
        if cell.text.is_empty() {
            continue;
        }
        match column {
            Some("name") => line.name = Some(cell),
            Some("aliases") => line.aliases = parts(&cell),
            Some("category") => line.category = Some(cell),
            Some("price") => line.price = Some(cell),
            Some("unit") => line.unit = Some(cell),
            Some("start") => line.start = Some(cell),
            Some("threshold") => line.threshold = Some(cell),
            Some("supplier") => line.supplier = Some(cell),
            Some("buyer") => line.buyer = Some(cell),
            Some("recipe") => {
                line.recipe = parts(&cell).iter().map(ingredient).collect::<Result<_, _>>()?;
            }
            _ => {
                let expected = format!("{} cells", columns.len());
                let hint = "put quotes around a cell with commas in it";
                return Err(Mistake::new(cell.at, expected, "one more", hint));
            }
        }
    }
    Ok(line)
}

/// The values of one cell.
fn parts(cell: &Typed) -> Vec<Typed> {
    let mut from = cell.at.start;
    let mut parts = Vec::new();
    for part in cell.text.split_inclusive(WITHIN) {
        let words = part.trim_end_matches(WITHIN).trim();
        let start = from + (part.len() - part.trim_start().len());
        if !words.is_empty() {
            parts.push(Typed::new(words, start..start + words.len()));
        }
        from += part.len();
    }
    parts
}

/// `tapioca pearls = 60 g`.
fn ingredient(part: &Typed) -> Result<Ingredient, Mistake> {
    let Some((article, amount)) = part.text.rsplit_once(['=', '＝']) else {
        let hint = "write the article, `=` and how much: tapioca pearls = 60 g; milk = 200 ml";
        let found = format!("{:?}", part.text);
        return Err(Mistake::new(part.at.clone(), "an ingredient and its amount", found, hint));
    };
    let amount_at = part.at.end - amount.trim_start().len();
    let start: Range<usize> = part.at.start..part.at.start + article.trim_end().len();
    Ok(Ingredient {
        article: Typed::new(article.trim(), start),
        amount: Typed::new(amount.trim(), amount_at..part.at.end),
    })
}

#[cfg(test)]
mod tests {
    use super::read;

    #[test]
    fn headings_of_any_language_and_order_name_the_columns() {
        for (text, delimiter) in [
            ("單位,名稱,起始\n杯,\"凍,奶茶\",\n", ','),
            ("unit;name;start\r\n杯;\"凍,奶茶\";\r\n\r\n;;\r\n", ';'),
            ("Satuan\tNama\tStok\n杯\t凍,奶茶\t\n", '\t'),
        ] {
            let lines = read(text).unwrap_or_else(|found| panic!("{delimiter}: {found:?}"));
            assert_eq!(lines.len(), 1, "{delimiter}");
            let name = lines[0].name.as_ref().expect("a name");
            assert_eq!((name.text.as_str(), &text[name.at.clone()]), ("凍,奶茶", "凍,奶茶"));
            assert_eq!(lines[0].unit.as_ref().map(|unit| unit.text.as_str()), Some("杯"));
            assert_eq!(lines[0].start, None);
        }
    }

    #[test]
    fn a_cell_holds_several_names_and_a_recipe_each_with_its_place() {
        let text = "name,aliases,recipe\nTea,\"Milk tea; 奶茶 ;\",\"pearls = 60 g; milk=0.2 l\"\n";
        let line = read(text).expect("good").remove(0);
        let shown = |at: &std::ops::Range<usize>| text[at.clone()].to_owned();
        let aliases: Vec<String> = line.aliases.iter().map(|alias| shown(&alias.at)).collect();
        assert_eq!(aliases, ["Milk tea", "奶茶"]);
        let recipe: Vec<_> =
            line.recipe.iter().map(|of| (shown(&of.article.at), shown(&of.amount.at))).collect();
        let (pearls, milk) = (("pearls".into(), "60 g".into()), ("milk".into(), "0.2 l".into()));
        assert_eq!(recipe, [pearls, milk]);
    }

    #[test]
    fn what_is_no_column_and_no_cell_of_one_is_told_with_its_place() {
        let found = |text: &str| {
            let mistake = read(text).expect_err("a mistake").remove(0);
            (mistake.at, mistake.expected, mistake.found, mistake.hint)
        };
        let (at, expected, _, hint) = found("name,treshold\nTea,3\n");
        assert_eq!((at, expected.as_str()), (5..13, "a heading"));
        assert_eq!(hint, "did you mean \"threshold\"?");
        assert_eq!(found("unit,price\n").1, "a heading `name`");
        assert_eq!(found("name,item\n").2, "a second `name`");
        assert_eq!(found("name,unit\nTea,cup,18\n").1, "2 cells");
        assert_eq!(found("name,recipe\nTea,milk\n").1, "an ingredient and its amount");
        assert_eq!(found("").1, "a heading `name`");
    }
}
