//! A condition, read and typed against the schema, and written again as the engine takes it.
//!
//! The language is a part of the template language: fields, texts, numbers, `+ -`, comparisons, `in`,
//! `is known`, `and or not`, brackets, `|lower`. Nothing in it repeats, so its work is bounded by its
//! length. It evaluates nothing.

use std::ops::Range;

use super::fault::ExpressionFault;
use super::lexer::{Token, tokens};
use super::schema::{DAY, EVENT, TODAY, Type, field};
use crate::config::nearest;

/// Longest condition, in bytes: a screen full.
pub(super) const MAX_BYTES: usize = 2_000;
/// Deepest nesting of brackets and `not`.
const MAX_DEPTH: usize = 30;

/// A part that was read.
struct Part {
    /// As the engine takes it.
    code: String,
    of: Type,
    /// What must be known before a comparison means anything.
    needs: Vec<String>,
    at: Range<usize>,
}

/// What a condition asks of the day that takes a look at every item sold.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Asks {
    pub(super) items: bool,
    /// And at the catalogue for each.
    pub(super) categories: bool,
}

struct Reader {
    tokens: Vec<(Token, Range<usize>)>,
    next: usize,
    depth: usize,
    asks: Asks,
}

/// `text` as the engine takes it, or what is wrong with it.
pub(super) fn translate(text: &str) -> Result<(String, Asks), ExpressionFault> {
    if text.len() > MAX_BYTES {
        let expected = format!("a condition of at most {MAX_BYTES} bytes");
        let hint = "make two rules of it";
        return Err(ExpressionFault::new(0..text.len(), expected, text.len().to_string(), hint));
    }
    let tokens = tokens(text)?;
    let mut reader = Reader { tokens, next: 0, depth: 0, asks: Asks::default() };
    let whole = reader.any()?;
    let (token, at) = reader.tokens[reader.next].clone();
    if token != Token::End {
        let hint = "join two conditions by `and` or `or`";
        return Err(ExpressionFault::new(at, "the end of the condition", token.shown(), hint));
    }
    expect(&whole, Type::Truth, "compare it with something: total > 5000")?;
    Ok((whole.code, reader.asks))
}

fn expect(part: &Part, of: Type, hint: &str) -> Result<(), ExpressionFault> {
    if part.of == of {
        return Ok(());
    }
    Err(ExpressionFault::new(part.at.clone(), of.shown(), part.of.shown(), hint))
}

impl Reader {
    fn is(&mut self, word: &str) -> bool {
        let here = match &self.tokens[self.next].0 {
            Token::Name(name) => name == word,
            Token::Sign(sign) => *sign == word,
            _ => false,
        };
        self.next += usize::from(here);
        here
    }

    fn must(&mut self, sign: &'static str, hint: &str) -> Result<usize, ExpressionFault> {
        let (token, at) = self.tokens[self.next].clone();
        if self.is(sign) {
            return Ok(at.end);
        }
        Err(ExpressionFault::new(at, format!("`{sign}`"), token.shown(), hint))
    }

    /// `a or b`.
    fn any(&mut self) -> Result<Part, ExpressionFault> {
        let first = self.all()?;
        self.joined(first, "or", Self::all)
    }

    /// `a and b`.
    fn all(&mut self) -> Result<Part, ExpressionFault> {
        let first = self.not()?;
        self.joined(first, "and", Self::not)
    }

    fn joined(
        &mut self,
        mut first: Part,
        word: &str,
        next: fn(&mut Self) -> Result<Part, ExpressionFault>,
    ) -> Result<Part, ExpressionFault> {
        while self.is(word) {
            let second = next(self)?;
            for part in [&first, &second] {
                expect(part, Type::Truth, "compare it with something on this side too")?;
            }
            let code = format!("({} {word} {})", first.code, second.code);
            let at = first.at.start..second.at.end;
            first = Part { code, of: Type::Truth, needs: Vec::new(), at };
        }
        Ok(first)
    }

    fn not(&mut self) -> Result<Part, ExpressionFault> {
        let start = self.tokens[self.next].1.start;
        if !self.is("not") {
            return self.comparison();
        }
        self.deeper(start)?;
        let part = self.not()?;
        self.depth -= 1;
        expect(&part, Type::Truth, "`not` turns a condition round")?;
        let at = start..part.at.end;
        Ok(Part { code: format!("(not {})", part.code), of: Type::Truth, needs: Vec::new(), at })
    }

    fn deeper(&mut self, at: usize) -> Result<(), ExpressionFault> {
        self.depth += 1;
        if self.depth <= MAX_DEPTH {
            return Ok(());
        }
        let expected = format!("at most {MAX_DEPTH} brackets within each other");
        Err(ExpressionFault::new(at..at + 1, expected, "more", "make two rules of it"))
    }

    fn comparison(&mut self) -> Result<Part, ExpressionFault> {
        let left = self.sum()?;
        if self.is("is") {
            return self.known(&left);
        }
        for sign in ["==", "!=", "<=", ">=", "<", ">"] {
            if self.is(sign) {
                let right = self.sum()?;
                return compared(left, sign, right);
            }
        }
        let negated = matches!(&self.tokens[self.next].0, Token::Name(name) if name == "not");
        self.next += usize::from(negated);
        if self.is("in") {
            let right = self.sum()?;
            return contained(left, right, negated);
        }
        self.next -= usize::from(negated);
        Ok(left)
    }

    /// `x is known`, `x is not known`.
    fn known(&mut self, part: &Part) -> Result<Part, ExpressionFault> {
        let negated = self.is("not");
        let (token, at) = self.tokens[self.next].clone();
        if !(self.is("known") || self.is("defined")) {
            return Err(ExpressionFault::new(
                at,
                "`known`",
                token.shown(),
                "write: table is known",
            ));
        }
        let all = part.needs.join(" is known and ");
        let code = if all.is_empty() { "true".to_owned() } else { format!("{all} is known") };
        let code = if negated { format!("(not ({code}))") } else { format!("({code})") };
        Ok(Part { code, of: Type::Truth, needs: Vec::new(), at: part.at.start..at.end })
    }

    /// `a + b - c`.
    fn sum(&mut self) -> Result<Part, ExpressionFault> {
        let mut first = self.value()?;
        loop {
            let sign = match &self.tokens[self.next].0 {
                Token::Sign(sign @ ("+" | "-")) => *sign,
                _ => return Ok(first),
            };
            self.next += 1;
            let second = self.value()?;
            for part in [&first, &second] {
                expect(part, Type::Number, "only numbers are added and subtracted")?;
            }
            let code = format!("({} {sign} {})", first.code, second.code);
            let at = first.at.start..second.at.end;
            first.needs.extend(second.needs);
            first = Part { code, of: Type::Number, needs: first.needs, at };
        }
    }

    fn value(&mut self) -> Result<Part, ExpressionFault> {
        let (token, at) = self.tokens[self.next].clone();
        self.next += 1;
        let plain = |code: String, of| Part { code, of, needs: Vec::new(), at: at.clone() };
        let part = match token {
            Token::Number(number) => plain(number.to_string(), Type::Number),
            Token::Text(text) => plain(literal(&text), Type::Text),
            Token::Name(name) if name == "true" || name == "false" => plain(name, Type::Truth),
            Token::Name(name) => self.named(&name, at)?,
            Token::Sign("-") => {
                self.deeper(at.start)?;
                let part = self.value()?;
                self.depth -= 1;
                expect(&part, Type::Number, "only a number has a sign")?;
                Part { code: format!("(-{})", part.code), at: at.start..part.at.end, ..part }
            }
            Token::Sign("(") => {
                self.deeper(at.start)?;
                let part = self.any()?;
                self.depth -= 1;
                let end = self.must(")", "close what was opened")?;
                Part { code: format!("({})", part.code), at: at.start..end, ..part }
            }
            other => {
                let expected = "a field, a number or a text in quotes";
                let hint = "for example: total > 5000";
                return Err(ExpressionFault::new(at, expected, other.shown(), hint));
            }
        };
        self.filtered(part)
    }

    /// `x|lower`.
    fn filtered(&mut self, part: Part) -> Result<Part, ExpressionFault> {
        if !self.is("|") {
            return Ok(part);
        }
        let (token, at) = self.tokens[self.next].clone();
        if !self.is("lower") {
            let hint = "the only one in a condition: text|lower";
            return Err(ExpressionFault::new(at, "`lower`", token.shown(), hint));
        }
        expect(&part, Type::Text, "only a text has letters")?;
        Ok(Part { code: format!("({}|lower)", part.code), ..part })
    }

    /// A field, or one entry of a map.
    fn named(&mut self, name: &str, at: Range<usize>) -> Result<Part, ExpressionFault> {
        let (code, of, at) = if name == DAY {
            self.must(".", "name a field of the day: today.sales")?;
            let (token, place) = self.tokens[self.next].clone();
            let Token::Name(inner) = token else {
                return Err(unknown(place, &token.shown(), "", &TODAY));
            };
            self.next += 1;
            let found = field(&TODAY, &inner);
            let of = found.ok_or_else(|| unknown(place.clone(), &inner, &inner, &TODAY))?;
            self.asks.categories |= inner == "categories";
            self.asks.items |= matches!(inner.as_str(), "items" | "quantities" | "categories");
            (format!("{DAY}.{inner}"), of, at.start..place.end)
        } else {
            let of = field(&EVENT, name).ok_or_else(|| unknown(at.clone(), name, name, &EVENT))?;
            (name.to_owned(), of, at)
        };
        if of != Type::Numbers || !self.is("[") {
            return Ok(Part { needs: vec![code.clone()], code, of, at });
        }
        let (token, place) = self.tokens[self.next].clone();
        let Token::Text(key) = token else {
            let hint = "name what is meant in quotes: paid[\"cash\"]";
            return Err(ExpressionFault::new(place, "a text in quotes", token.shown(), hint));
        };
        self.next += 1;
        let end = self.must("]", "close what was opened")?;
        let code = format!("({code}[{}]|nought)", literal(&key));
        // Of what was not sold there was none: that is known.
        Ok(Part { code, of: Type::Number, needs: Vec::new(), at: at.start..end })
    }
}

fn unknown(
    at: Range<usize>,
    shown: &str,
    name: &str,
    fields: &[(&'static str, Type)],
) -> ExpressionFault {
    let names: Vec<&str> = fields.iter().map(|(known, _)| *known).collect();
    let hint = nearest(name, names.iter().copied()).map_or_else(
        || format!("fields: {}", names.join(", ")),
        |near| format!("did you mean `{near}`?"),
    );
    ExpressionFault::new(at, "a known field", format!("`{}`", shown.trim_matches('`')), hint)
}

fn compared(left: Part, sign: &str, right: Part) -> Result<Part, ExpressionFault> {
    let at = left.at.start..right.at.end;
    let ordered = !matches!(sign, "==" | "!=");
    let good = left.of == right.of && matches!(left.of, Type::Number | Type::Text | Type::Truth);
    if !good || (ordered && left.of == Type::Truth) {
        let expected = match left.of {
            Type::Number | Type::Text => format!("{} on both sides of `{sign}`", left.of.shown()),
            _ => format!("numbers or texts on both sides of `{sign}`"),
        };
        let hint = match (left.of, right.of) {
            (Type::Number, Type::Text) => "write the number without quotes",
            (Type::Texts | Type::Numbers, _) => "name one of them, or ask with `in`",
            _ => "texts stand in quotes, numbers do not",
        };
        let found = format!("{} and {}", left.of.shown(), right.of.shown());
        return Err(ExpressionFault::new(at, expected, found, hint));
    }
    let (mut needs, code) = (left.needs, format!("{} {sign} {}", left.code, right.code));
    needs.extend(right.needs);
    Ok(Part { code: guarded(&needs, &code), of: Type::Truth, needs: Vec::new(), at })
}

fn contained(left: Part, right: Part, negated: bool) -> Result<Part, ExpressionFault> {
    expect(&left, Type::Text, "ask for a text in quotes: \"VIP\" in goods")?;
    if matches!(right.of, Type::Number | Type::Truth) {
        let expected = "a text, a list or numbers by name behind `in`";
        let hint = "for example: \"VIP\" in goods, \"cash\" in paid";
        return Err(ExpressionFault::new(right.at, expected, right.of.shown(), hint));
    }
    let at = left.at.start..right.at.end;
    let (mut needs, code) = (left.needs, format!("{} in {}", left.code, right.code));
    needs.extend(right.needs);
    let code = guarded(&needs, &code);
    let code = if negated { format!("(not {code})") } else { code };
    Ok(Part { code, of: Type::Truth, needs: Vec::new(), at })
}

/// False where anything that it needs is not known.
fn guarded(needs: &[String], code: &str) -> String {
    let mut known: Vec<String> = needs.iter().map(|need| format!("{need} is known")).collect();
    known.push(code.to_owned());
    format!("({})", known.join(" and "))
}

/// A text as the engine reads it: it holds no backslash and no control character.
fn literal(text: &str) -> String {
    format!("\"{}\"", text.replace('"', "\\\""))
}
