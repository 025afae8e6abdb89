//! Teaching: the words of a paper to point at, what a rule made of them would change, and saving it.
//!
//! Nothing is remembered between the three: each form carries what was pointed at, and the rule is
//! made anew. What is proposed and why not is `crate::teach`'s.

use std::sync::Arc;
use std::time::{Duration, Instant};

use axum::Extension;
use axum::extract::{Path, State};
use axum::http::Uri;
use axum::response::{IntoResponse, Redirect, Response};
use minijinja::value::Serde;
use minijinja::{Value, context};
use pos_protocol::event::{Event, EventId};
use pos_protocol::profile::Profile;

use super::fields::fields;
use super::form::Fields;
use super::guard::{Form, Visitor};
use super::receipt::verdict_words;
use super::site::{Site, Trouble};
use super::teach_show::{self, MOST_WORDS};
use super::{render, teach_changes};
use crate::config::{Config, Shop, Source};
use crate::control::{self, Done};
use crate::notice::{Shown, kind_word};
use crate::privacy::{hidden, redact_event};
use crate::teach::{
    Base, Meaning, Paper, Proposal, Refused, SaveError, Trial, propose, read, save, trial,
};

/// Receipts that a rule is tried on.
const RECEIPTS: usize = 200;
/// How long it may be tried; the page is answered within 20 s.
const TRIAL_LIMIT: Duration = Duration::from_secs(5);
/// Most receipts whose differences are shown.
pub(super) const MOST_SHOWN: usize = 20;

/// What somebody pointed at, and what they say it is.
#[derive(Clone, Debug, Default)]
struct Pointed {
    /// `LINE.WORD`, as the form has them.
    words: Vec<(usize, usize)>,
    meaning: Option<Meaning>,
}

impl Pointed {
    fn of(fields: &Fields) -> Self {
        let place = |text: &str| {
            let (line, word) = text.split_once('.')?;
            Some((line.parse().ok()?, word.parse().ok()?))
        };
        let words = fields.all("w").filter_map(place).take(MOST_WORDS).collect();
        Self { words, meaning: fields.text("meaning").and_then(Meaning::parse) }
    }
}

/// A receipt that can be taught.
#[derive(Clone, Debug)]
struct Lesson {
    event: Event,
    text: String,
    source: Source,
}

impl Lesson {
    /// `None` where nothing is printed, or no till of ours printed it.
    fn of(event: Event, config: &Config) -> Option<Self> {
        let text = event.text.clone().filter(|text| !text.is_empty())?;
        let source = config.sources.iter().find(|source| source.name == event.source)?.clone();
        Some(Self { event, text, source })
    }

    fn propose(
        &self,
        pointed: &Pointed,
        base: &Base,
        config: &Config,
    ) -> Result<Proposal, Refused> {
        let meaning = pointed.meaning.ok_or(Refused::Nothing)?;
        let hidden = hidden(&self.text);
        let paper = self.paper(&hidden, config);
        propose(&paper, &pointed.words, meaning, (&base.name, &base.text))
    }

    fn paper<'a>(&'a self, hidden: &'a [std::ops::Range<usize>], config: &Config) -> Paper<'a> {
        let seen = self.event.observed_at.parse::<jiff::Timestamp>().ok();
        let seen = seen.map(|seen| seen.to_zoned(config.shop.timezone.clone()).date());
        Paper { text: &self.text, seen, currency: Some(config.shop.currency), hidden }
    }

    /// As the text is read by `profile`; redacted.
    fn read(&self, profile: &Profile, config: &Config) -> Option<Event> {
        let all = read(&self.paper(&[], config), profile).into_iter();
        all.max_by_key(|event| event.text.as_ref().map_or(0, String::len)).map(redact_event)
    }
}

async fn lesson(site: &Site, id: &str) -> Result<(Event, Option<Lesson>), Trouble> {
    let id = EventId::parse(id).ok_or(Trouble::NotFound)?;
    let stored = site.look(move |reader| reader.event(id)).await?.ok_or(Trouble::NotFound)?;
    let event = stored.event().map_err(|_| Trouble::NotFound)?;
    let lesson = Lesson::of(event.clone(), &site.desk.live.config());
    Ok((event, lesson))
}

/// `GET /teach/ID`.
pub(super) async fn page(
    State(site): State<Site>,
    Extension(visitor): Extension<Visitor>,
    Path(id): Path<String>,
    uri: Uri,
) -> Result<Response, Trouble> {
    let asked = Fields::parse(uri.query().unwrap_or_default().as_bytes()).unwrap_or_default();
    let saved = asked.text("saved").map(|how| match how {
        "waits" => "teach_waits",
        _ => "teach_saved",
    });
    show(&site, &visitor, &id, &Pointed::default(), saved, None).await
}

async fn show(
    site: &Site,
    visitor: &Visitor,
    id: &str,
    pointed: &Pointed,
    saved: Option<&'static str>,
    wrong: Option<String>,
) -> Result<Response, Trouble> {
    let (event, lesson) = lesson(site, id).await?;
    let (config, tongue) = (site.desk.live.config(), visitor.tongue);
    // Nothing can be asked for where a form is sent to.
    let visitor = &Visitor { here: format!("/teach/{}?", event.id), ..visitor.clone() };
    let shop = Shop { language: tongue.language(), ..config.shop.clone() };
    let now = match &lesson {
        Some(lesson) => as_today(site, lesson, &config).await?,
        None => None,
    };
    let now = now.unwrap_or_else(|| redact_event(event.clone()));
    let lines = lesson.as_ref().map(|one| teach_show::lines(&one.text, &pointed.words));
    let verdict = now.verdict.map(|verdict| (verdict.as_str(), verdict_words(verdict, tongue)));
    let given = context! {
        id => event.id.to_string(),
        saved => saved.map(|key| tongue.say(key)),
        wrong => wrong,
        lines => lines.map(|lines| Value::from(Serde(lines))),
        meanings => teach_show::meanings(tongue),
        meaning => pointed.meaning.map(Meaning::code),
        kind => kind_word(now.kind, tongue.language()).1,
        grade => verdict.map(|(word, _)| teach_show::grade(word)),
        verdict_words => verdict.map(|(_, words)| words),
        fields => Value::from(Serde(fields(&now, &Shown::of(&now, &shop), tongue))),
    };
    render::page(site, visitor, "teach.html", "teach_title", &given)
}

/// As the text is read by the source's profile of today.
async fn as_today(
    site: &Site,
    lesson: &Lesson,
    config: &Arc<Config>,
) -> Result<Option<Event>, Trouble> {
    let (lesson, config) = (lesson.clone(), Arc::clone(config));
    site.work(move || Ok(lesson.read(&lesson.source.profile.profile, &config))).await
}

/// A proposal, or the page again with the reason.
enum Made {
    Proposal(Box<(Lesson, Base, Proposal)>),
    Refused(String),
}

async fn make(
    site: &Site,
    visitor: &Visitor,
    id: &str,
    pointed: &Pointed,
) -> Result<Made, Trouble> {
    let tongue = visitor.tongue;
    if pointed.meaning.is_none() {
        let key = if pointed.words.is_empty() { "r_nothing" } else { "r_meaning" };
        return Ok(Made::Refused(tongue.say(key).to_owned()));
    }
    let (_, lesson) = lesson(site, id).await?;
    let lesson = lesson.ok_or(Trouble::NotFound)?;
    let (config, pointed) = (site.desk.live.config(), pointed.clone());
    site.work(move || {
        let dir = config.file.parent().unwrap_or(std::path::Path::new("/"));
        let base = match Base::of(&lesson.source, dir) {
            Ok(base) => base,
            Err(error) => {
                let why = error.to_string();
                return Ok(Made::Refused(tongue.fill("r_save", &[("why", &why)])));
            }
        };
        Ok(match lesson.propose(&pointed, &base, &config) {
            Ok(proposal) => Made::Proposal(Box::new((lesson, base, proposal))),
            Err(refused) => Made::Refused(teach_show::refused(&refused, &lesson.text, tongue)),
        })
    })
    .await
}

/// `POST /teach/ID`: what it would change.
pub(super) async fn look(
    State(site): State<Site>,
    Extension(visitor): Extension<Visitor>,
    Path(id): Path<String>,
    Extension(Form(sent)): Extension<Form>,
) -> Result<Response, Trouble> {
    let pointed = Pointed::of(&sent);
    let (lesson, base, proposal) = match make(&site, &visitor, &id, &pointed).await? {
        Made::Proposal(made) => *made,
        Made::Refused(why) => return show(&site, &visitor, &id, &pointed, None, Some(why)).await,
    };
    let (config, tongue) = (site.desk.live.config(), visitor.tongue);
    let shop = Shop { language: tongue.language(), ..config.shop.clone() };
    let was = as_today(&site, &lesson, &config).await?;
    let now = redact_event(*proposal.event.clone());
    let tried = try_it(&site, &config, &lesson.source, proposal.profile.clone()).await?;
    let file = base.file.file_name().unwrap_or_default().to_string_lossy().into_owned();
    let file_words = if base.new { "teach_new_file" } else { "teach_old_file" };
    let goes_by_it = |other: &&Source| {
        !base.new && other.name != lesson.source.name && other.profile.file == base.file
    };
    let shared: Vec<&str> =
        config.sources.iter().filter(goes_by_it).map(|other| other.name.as_str()).collect();
    let shared =
        (!shared.is_empty()).then(|| tongue.fill("teach_shared", &[("tills", &shared.join(", "))]));
    let meaning = pointed.meaning.map_or_else(String::new, Meaning::code);
    let given = context! {
        id => lesson.event.id.to_string(),
        pointed => teach_show::pointed(&lesson.text, &pointed.words),
        meaning_name => pointed.meaning.map(|meaning| teach_show::name(meaning, tongue)),
        meaning => meaning,
        words => pointed.words.iter().map(|(line, word)| format!("{line}.{word}")).collect::<Vec<_>>(),
        rule => proposal.rule.shown(),
        file => tongue.fill(file_words, &[("file", &file)]),
        shared => shared,
        this => teach_changes::this(was.as_ref(), &now, tongue)?,
        ..teach_changes::trial(&tried, &shop, tongue)?
    };
    render::page(&site, &visitor, "teach_try.html", "teach_title", &given)
}

async fn try_it(
    site: &Site,
    config: &Arc<Config>,
    source: &Source,
    profile: Profile,
) -> Result<Trial, Trouble> {
    let (config, name) = (Arc::clone(config), source.name.clone());
    let asked = source.profile.profile.clone();
    let until = Instant::now() + TRIAL_LIMIT;
    site.look(move |reader| {
        // What is configured beside the profile counts more than what it says.
        let profile = Profile {
            dialect: asked.dialect,
            encoding: asked.encoding,
            pages: asked.pages,
            ..profile
        };
        trial(reader, &config, &name, &profile, RECEIPTS, &mut || Instant::now() < until)
    })
    .await
}

/// `POST /teach/ID/save`.
pub(super) async fn keep(
    State(site): State<Site>,
    Extension(visitor): Extension<Visitor>,
    Path(id): Path<String>,
    Extension(Form(sent)): Extension<Form>,
) -> Result<Response, Trouble> {
    let pointed = Pointed::of(&sent);
    let one_at_a_time = site.editing.lock().await;
    let (lesson, base, proposal) = match make(&site, &visitor, &id, &pointed).await? {
        Made::Proposal(made) => *made,
        Made::Refused(why) => return show(&site, &visitor, &id, &pointed, None, Some(why)).await,
    };
    let (path, source) = (site.desk.live.config().file.clone(), lesson.source.name.clone());
    let written = site.work(move || Ok(save(&path, &source, &base, &proposal.text)));
    let done: Result<Done, String> = match written.await? {
        Ok(_) => control::reload(None, &site.desk).await,
        Err(error) => Err(told(&error)),
    };
    drop(one_at_a_time);
    match done {
        Ok(done) => {
            let waits = matches!(&done, Done::Reload { restart, .. } if restart.iter().any(|part| part == "[[source]]"));
            let how = if waits { "waits" } else { "yes" };
            let event = lesson.event.id;
            Ok(Redirect::to(&format!("/teach/{event}?saved={how}")).into_response())
        }
        Err(why) => {
            let why = visitor.tongue.fill("r_save", &[("why", &why)]);
            show(&site, &visitor, &id, &pointed, None, Some(why)).await
        }
    }
}

fn told(error: &SaveError) -> String {
    tracing::warn!("a profile that was taught could not be saved: {error}");
    error.to_string()
}

#[cfg(test)]
#[path = "teach_tests.rs"]
mod tests;
