//! From what was typed to what is meant: `[[approval]]`.
//!
//! Whether DingTalk knows a template is not asked here: the first matter finds out, and says so.

use std::collections::BTreeSet;
use std::ops::Range;

use pos_protocol::event::About;
use pos_protocol::money::Amount;
use toml::{Spanned, Value};

use super::raw::{RawApproval, RawConfig, Text};
use super::resolved_matters::{Approve, AskBy, Filling, FormRead};
use super::scope::{Scope, Wrong, alternatives, nearest, quoted};
use crate::notice::ReceiptLink;
use crate::secret::Secret;

/// Longest name of a form's field and longest fixed text in one, in characters.
const MAX_FIELD_CHARS: usize = 200;
/// Most fields that one form has filled.
const MAX_FIELDS: usize = 50;
/// Longest code, template or conversation id, in bytes: DingTalk's have up to about 60.
const MAX_CODE_BYTES: usize = 128;
/// Departments have positive numbers; 1 is the whole organisation.
const DEPARTMENTS: std::ops::RangeInclusive<i64> = 1..=i64::MAX;

const SUBJECTS: [(&str, About); 4] = [
    ("refund", About::Refund),
    ("transfer", About::Transfer),
    ("cash_short", About::CashShort),
    ("return", About::Return),
];
const FILLINGS: [(&str, Filling); 10] = [
    ("title", Filling::Title),
    ("receipt", Filling::Receipt),
    ("number", Filling::Number),
    ("amount", Filling::Amount),
    ("shop", Filling::Shop),
    ("to", Filling::To),
    ("goods", Filling::Goods),
    ("time", Filling::Time),
    ("source", Filling::Source),
    ("reference", Filling::Reference),
];
/// Before a fixed text.
const LITERAL: char = '=';

/// The ways, and the key that each is told by.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Way {
    Oa,
    Yida,
    Card,
    Form,
}

impl Scope<'_> {
    /// Every `[[approval]]`.
    pub(super) fn approvals(
        &mut self,
        raw: &RawConfig,
        deciders: &BTreeSet<String>,
    ) -> Option<Vec<Approve>> {
        let mut all: Vec<Option<Approve>> = Vec::new();
        let mut taken: Vec<About> = Vec::new();
        for typed in &raw.approval {
            let one = self.approval(typed, raw, deciders);
            if let Some(one) = &one {
                if taken.contains(&one.about) {
                    let found = format!("two for \"{}\"", one.about.as_str());
                    let hint = "each thing to be decided is asked in one way";
                    self.wrong(typed.span(), "one [[approval]] for each `on`", found, hint);
                }
                taken.push(one.about);
            }
            all.push(one);
        }
        all.into_iter().collect()
    }

    fn approval(
        &mut self,
        typed: &Spanned<RawApproval>,
        raw: &RawConfig,
        deciders: &BTreeSet<String>,
    ) -> Option<Approve> {
        let (table, place) = (typed.get_ref(), typed.span());
        let about = self.subject(table, place.clone());
        let robot = self.approval_robot(table, raw);
        let over = self.over(table, about);
        let way = self.way(table, place.clone());
        let by = match (about, way) {
            (Some(About::Return), Some(way)) if way != Way::Form => {
                let hint = "staff open a form for each return: form_url = \"https://...\"";
                self.wrong(place, "a `form_url` for returns", "another way", hint);
                None
            }
            (Some(About::Refund | About::Transfer | About::CashShort), Some(Way::Form)) => {
                let hint = "`form_url` is for on = \"return\"";
                self.wrong(place, "a way to ask", "only a form", hint);
                None
            }
            (_, Some(Way::Oa)) => self.oa(table, place),
            (_, Some(Way::Yida)) => self.yida(table, place),
            (_, Some(Way::Card)) => self.card(table, place, deciders),
            (_, Some(Way::Form)) => self.form(table, place),
            (_, None) => None,
        };
        Some(Approve { about: about?, by: by?, robot: robot?, over: over? })
    }

    fn subject(&mut self, table: &RawApproval, place: Range<usize>) -> Option<About> {
        let words = SUBJECTS.map(|(word, _)| word);
        if table.on.is_none() {
            let hint = "on = \"transfer\"";
            self.wrong(place, format!("`on`, {}", alternatives(&words)), "none", hint);
            return None;
        }
        self.word(&table.on, &SUBJECTS, About::Refund, "what has to be decided")
    }

    /// Which of the ways it is: exactly one may be typed.
    fn way(&mut self, table: &RawApproval, place: Range<usize>) -> Option<Way> {
        let typed = [
            // A form of its own names its application where it is read.
            (table.app_type.is_some() && table.form_url.is_none(), Way::Yida),
            (table.template.is_some(), Way::Card),
            (table.form_url.is_some(), Way::Form),
        ];
        let mut named: Vec<Way> =
            typed.into_iter().filter(|(is, _)| *is).map(|(_, way)| way).collect();
        // A Yida form and a form of its own may name their process too.
        if named.is_empty() && table.process_code.is_some() {
            named.push(Way::Oa);
        }
        if let [one] = named[..] {
            return Some(one);
        }
        let found = if named.is_empty() { "none" } else { "several" };
        let expected = "one of `process_code` (OA), `app_type` (Yida), `template` (card) or \
                        `form_url`";
        self.wrong(place, expected, found, "docs/APPROVALS.md shows each of them");
        None
    }

    fn oa(&mut self, table: &RawApproval, place: Range<usize>) -> Option<AskBy> {
        let process_code = self.code(&table.process_code, "process_code", place.clone());
        let originator = self.code(&table.originator, "originator", place.clone());
        let hint = "the department's number in the address book";
        let department = match &table.department {
            Some(_) => self.number(&table.department, DEPARTMENTS, 1, hint).map(Some),
            None => Some(None),
        };
        let fields = self.fields(table, place);
        Some(AskBy::Oa {
            process_code: process_code?,
            originator: originator?,
            department: department?,
            fields: fields?,
        })
    }

    fn yida(&mut self, table: &RawApproval, place: Range<usize>) -> Option<AskBy> {
        let app_type = self.code(&table.app_type, "app_type", place.clone());
        let form = self.code(&table.form, "form", place.clone());
        let originator = self.code(&table.originator, "originator", place.clone());
        let process_code = self.code_or_none(&table.process_code);
        let system_token = self.system_token(table, place.clone());
        let fields = self.fields(table, place);
        Some(AskBy::Yida {
            app_type: app_type?,
            system_token: system_token?,
            form: form?,
            process_code: process_code.ok()?,
            originator: originator?,
            fields: fields?,
        })
    }

    fn system_token(&mut self, table: &RawApproval, place: Range<usize>) -> Option<Secret> {
        if table.system_token_file.is_none() && table.system_token_env.is_none() {
            let hint =
                "Yida, the application's settings, its key: write it into a file of mode 600";
            self.wrong(place, "`system_token_file` or `system_token_env`", "neither", hint);
            return None;
        }
        self.secret(&table.system_token_file, &table.system_token_env)
    }

    fn card(
        &mut self,
        table: &RawApproval,
        place: Range<usize>,
        may_change: &BTreeSet<String>,
    ) -> Option<AskBy> {
        let template = self.code(&table.template, "template", place.clone());
        let group = self.conversation(&table.group, place.clone());
        let deciders = match &table.deciders {
            Some(_) => self.people(&table.deciders, Self::user_id).map(BTreeSet::from_iter),
            None => Some(may_change.clone()),
        }?;
        if deciders.is_empty() {
            let at = table.deciders.as_ref().map_or(place, Spanned::span);
            let hint = "user ids: deciders = [\"manager01\"], or `may_change` of [dingtalk.app]";
            self.wrong(at, "at least one person who may decide", "nobody", hint);
            return None;
        }
        Some(AskBy::Card { template: template?, group: group?, deciders })
    }

    fn form(&mut self, table: &RawApproval, place: Range<usize>) -> Option<AskBy> {
        let typed = table.form_url.as_ref()?;
        let process_code = self.code_or_none(&table.process_code);
        let read = self.form_read(table, place);
        let url = typed.get_ref();
        let Some(link) = ReceiptLink::parse(url) else {
            let hint = "\"https://yida.alibaba-inc.com/...?textField_x={number}\"";
            self.wrong(typed.span(), "an http or https address", quoted(url), hint);
            return None;
        };
        Some(AskBy::Form { link, process_code: process_code.ok()?, read: read.ok()? })
    }

    /// Where the receipt's number stands in a form; of a form that is not read nothing is typed.
    fn form_read(
        &mut self,
        table: &RawApproval,
        place: Range<usize>,
    ) -> Result<Option<FormRead>, Wrong> {
        if table.number_field.is_none() && table.app_type.is_none() {
            return Ok(None);
        }
        let number_field = self.code(&table.number_field, "number_field", place.clone());
        let app_type = self.code(&table.app_type, "app_type", place.clone());
        let originator = self.code(&table.originator, "originator", place.clone());
        let system_token = self.system_token(table, place);
        Ok(Some(FormRead {
            app_type: app_type.ok_or(Wrong)?,
            system_token: system_token.ok_or(Wrong)?,
            originator: originator.ok_or(Wrong)?,
            number_field: number_field.ok_or(Wrong)?,
        }))
    }

    fn approval_robot(&mut self, table: &RawApproval, raw: &RawConfig) -> Option<String> {
        let names = raw.robot.iter().filter_map(|robot| robot.get_ref().name.as_ref());
        let names: Vec<&str> = names.map(|name| name.get_ref().as_str()).collect();
        let Some(typed) = &table.robot else { return names.first().map(|name| (*name).to_owned()) };
        if names.contains(&typed.get_ref().as_str()) {
            return Some(typed.get_ref().clone());
        }
        let near = nearest(typed.get_ref(), names.iter().copied());
        let hint = near.map_or_else(
            || "a [[robot]]'s name".to_owned(),
            |near| format!("did you mean \"{near}\"?"),
        );
        self.wrong(typed.span(), "the name of a robot", quoted(typed.get_ref()), hint);
        None
    }

    fn over(&mut self, table: &RawApproval, about: Option<About>) -> Option<Amount> {
        let Some(typed) = &table.over else { return Some(Amount::zero(0)) };
        if about.is_some_and(|about| about != About::CashShort) {
            let hint = "`refund_over` of [exceptions] says which refunds are large";
            let expected = "`over` only where on = \"cash_short\"";
            self.wrong(typed.span(), expected, quoted(typed.get_ref()), hint);
            return None;
        }
        let amount = Amount::parse(typed.get_ref()).filter(|amount| !amount.is_negative());
        if amount.is_none() {
            let found = quoted(typed.get_ref());
            self.wrong(typed.span(), "an amount", found, "over = \"20.00\"");
        }
        amount
    }

    /// `[fields]`: the name of a form's field, and what stands in it.
    fn fields(
        &mut self,
        table: &RawApproval,
        place: Range<usize>,
    ) -> Option<Vec<(String, Filling)>> {
        let Some(typed) = table.fields.as_ref().filter(|typed| !typed.get_ref().is_empty()) else {
            let hint = "fields = { \"單號\" = \"number\", \"內容\" = \"receipt\" }";
            self.wrong(place, "`fields`, the form's fields by name", "none", hint);
            return None;
        };
        if typed.get_ref().len() > MAX_FIELDS {
            let found = typed.get_ref().len().to_string();
            let hint = "a form that long is filled in by nobody";
            self.wrong(typed.span(), format!("at most {MAX_FIELDS} fields"), found, hint);
            return None;
        }
        let each: Vec<Option<_>> =
            typed.get_ref().iter().map(|(name, value)| self.field(name, value)).collect();
        each.into_iter().collect()
    }

    fn field(&mut self, name: &str, value: &Spanned<Value>) -> Option<(String, Filling)> {
        let words = FILLINGS.map(|(word, _)| word);
        let fits = |text: &str| (1..=MAX_FIELD_CHARS).contains(&text.chars().count());
        let text = value.get_ref().as_str().unwrap_or_default();
        let filling = match text.strip_prefix(LITERAL) {
            Some(fixed) if fits(fixed) => Some(Filling::Text(fixed.to_owned())),
            Some(_) => None,
            None => {
                FILLINGS.into_iter().find(|(word, _)| *word == text).map(|(_, filling)| filling)
            }
        };
        if filling.is_none() || !fits(name) {
            let expected = format!("{}, or \"=\" and a text", alternatives(&words));
            let hint = nearest(text, words.into_iter()).map_or_else(
                || format!("what stands in the field {}", quoted(name)),
                |near| format!("did you mean \"{near}\"?"),
            );
            self.wrong(value.span(), expected, quoted(text), hint);
            return None;
        }
        Some((name.to_owned(), filling?))
    }

    /// A code as DingTalk gives it out, at `key`.
    pub(super) fn code(&mut self, typed: &Text, key: &str, place: Range<usize>) -> Option<String> {
        let Some(typed) = typed else {
            self.wrong(
                place,
                format!("`{key}`"),
                "none",
                "docs/APPROVALS.md says where it is found",
            );
            return None;
        };
        self.plain_code(typed)
    }

    fn code_or_none(&mut self, typed: &Text) -> Result<Option<String>, Wrong> {
        match typed {
            Some(typed) => self.plain_code(typed).map(Some).ok_or(Wrong),
            None => Ok(None),
        }
    }

    fn plain_code(&mut self, typed: &Spanned<String>) -> Option<String> {
        let code = typed.get_ref().trim();
        let plain = |b: u8| b.is_ascii_alphanumeric() || b"-_.:/+=".contains(&b);
        if code.is_empty() || code.len() > MAX_CODE_BYTES || !code.bytes().all(plain) {
            let expected =
                format!("1 to {MAX_CODE_BYTES} letters and digits, as DingTalk shows it");
            self.wrong(typed.span(), expected, quoted(code), "copy it from DingTalk's page");
            return None;
        }
        Some(code.to_owned())
    }

    /// The conversation of a group, which cards are shown in.
    pub(super) fn conversation(&mut self, typed: &Text, place: Range<usize>) -> Option<String> {
        let hint =
            "the group's openConversationId, which DingTalk's chooseChat shows: \"cid...==\"";
        let Some(typed) = typed else {
            self.wrong(place, "`group`, the group's conversation", "none", hint);
            return None;
        };
        let id = typed.get_ref().trim();
        if !id.starts_with("cid") || id.len() > MAX_CODE_BYTES {
            self.wrong(typed.span(), "a conversation's id", quoted(id), hint);
            return None;
        }
        Some(id.to_owned())
    }
}
