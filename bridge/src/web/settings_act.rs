//! Changes settings the way `robot set` does: checked as a whole, written with its comments kept, read
//! again by the running bridge. What would be wrong changes nothing, and is told. Every form ends in a
//! look at the page: loading that again changes nothing and sends nothing.

use std::time::Instant;

use axum::Extension;
use axum::extract::State;
use axum::response::{IntoResponse, Redirect, Response};

use super::form::Fields;
use super::guard::{Form, Visitor};
use super::settings::{LANGUAGES, Said, hours, place};
use super::site::{Site, Trouble};
use crate::config::{Robot, ShopEdit};
use crate::control::{self, Done};
use crate::deliver;
use crate::dingtalk::Outcome;
use crate::operate::robot::{Change, ChangeError, change, change_shop};
use crate::secret::Secret;

/// `POST /settings/shop`.
pub(super) async fn shop(
    State(site): State<Site>,
    Extension(visitor): Extension<Visitor>,
    Extension(Form(sent)): Extension<Form>,
) -> Result<Response, Trouble> {
    let now = site.desk.live.config().shop.clone();
    let language = sent.text("language").filter(|code| {
        let known = LANGUAGES.iter().find(|(known, ..)| known == code);
        known.is_some_and(|(_, language, _)| *language != now.language)
    });
    let typed = sent.text("hours").unwrap_or_default();
    let hours = (typed != now.hours.map(hours).unwrap_or_default()).then(|| typed.to_owned());
    let wanted = ShopEdit { language: language.map(str::to_owned), hours };
    let page = "/settings?".to_owned();
    if wanted == ShopEdit::default() {
        return Ok(back(&page, "same"));
    }
    edit(&site, &visitor, page, move |path| change_shop(path, &wanted)).await
}

/// `POST /settings/robot`: its address, its secret, its keywords.
pub(super) async fn robot(
    State(site): State<Site>,
    Extension(visitor): Extension<Visitor>,
    Extension(Form(sent)): Extension<Form>,
) -> Result<Response, Trouble> {
    let (known, page) = known(&site, &sent)?;
    let typed = sent.text("keywords").unwrap_or_default();
    let words = typed.split([',', '，', '、']).map(str::trim).filter(|word| !word.is_empty());
    let words: Vec<String> = words.map(str::to_owned).collect();
    let wanted = Change {
        robot: known.name.clone(),
        url: sent.text("url").map(Secret::new),
        secret: sent.text("secret").map(Secret::new),
        keywords: (words != known.keywords).then_some(words),
        ..Change::default()
    };
    if wanted.url.is_none() && wanted.secret.is_none() && wanted.keywords.is_none() {
        return Ok(back(&page, "same"));
    }
    edit(&site, &visitor, page, move |path| change(path, &wanted).map(drop)).await
}

/// `POST /settings/kinds`: what it is told.
pub(super) async fn kinds(
    State(site): State<Site>,
    Extension(visitor): Extension<Visitor>,
    Extension(Form(sent)): Extension<Form>,
) -> Result<Response, Trouble> {
    let (known, page) = known(&site, &sent)?;
    let notices: Vec<String> = sent.all("kind").map(str::to_owned).collect();
    let now = known.notices.iter().map(|kind| kind.as_str());
    let mut now: Vec<&str> = now.chain(known.findings.iter().map(|kind| kind.as_str())).collect();
    let mut wanted: Vec<&str> = notices.iter().map(String::as_str).collect();
    now.sort_unstable();
    wanted.sort_unstable();
    if now == wanted {
        return Ok(back(&page, "same"));
    }
    let wanted = Change { robot: known.name, notices: Some(notices), ..Change::default() };
    edit(&site, &visitor, page, move |path| change(path, &wanted).map(drop)).await
}

/// `POST /settings/test`: a message in the robot's group, as `send-test` sends it.
pub(super) async fn test(
    State(site): State<Site>,
    Extension(visitor): Extension<Visitor>,
    Extension(Form(sent)): Extension<Form>,
) -> Result<Response, Trouble> {
    let (robot, page) = known(&site, &sent)?;
    // One at a time: each counts against the robot's minute.
    let turn = std::sync::Arc::clone(&site.testing).try_acquire_owned();
    let turn = turn.map_err(|_| Trouble::Busy)?;
    let (desk, name, language) = (site.desk.clone(), robot.name.clone(), visitor.tongue.language());
    // What was sent is counted, also where nobody waits for the answer any more.
    let sending = tokio::spawn(async move {
        let shop = desk.live.config().shop.clone();
        let answer = deliver::send_test(&robot, &shop, desk.clock).await;
        let answer = answer.map_err(|error| error.to_string())?;
        let delivered = answer.outcome == Outcome::Delivered;
        let told = control::tested(robot.name, delivered, None, &desk).await?;
        drop(turn);
        let due = if let Done::Tested { due } = told { due } else { 0 };
        Ok::<_, String>(if delivered { Ok(due) } else { Err(answer.explain(language)) })
    });
    let tongue = visitor.tongue;
    let said = match sending.await.map_err(|_| Trouble::Failed)? {
        Ok(Ok(due)) => {
            let mut done = tongue.fill("set_tested", &[("robot", &name)]);
            if due > 0 {
                done.push_str(&tongue.fill("set_due", &[("count", &due.to_string())]));
            }
            Said { done: Some(done), ..Said::default() }
        }
        Ok(Err(why)) | Err(why) => {
            let wrong = tongue.fill("set_untested", &[("robot", &name)]);
            Said { wrong: Some(wrong), why: Some(why), ..Said::default() }
        }
    };
    Ok(leave(&site, &visitor, &page, said))
}

/// The robot that a form is about, and where its settings are.
fn known(site: &Site, sent: &Fields) -> Result<(Robot, String), Trouble> {
    let name = sent.text("robot").ok_or(Trouble::Unreadable)?;
    let config = site.desk.live.config();
    let robot = config.robots.iter().find(|robot| robot.name == name).ok_or(Trouble::NotFound)?;
    Ok((robot.clone(), place(name, &config)))
}

fn back(page: &str, done: &str) -> Response {
    Redirect::to(&format!("{page}done={done}")).into_response()
}

/// Back to the page, which says what the form came to, once.
fn leave(site: &Site, visitor: &Visitor, page: &str, said: Said) -> Response {
    site.notes.leave(&visitor.token, said, Instant::now());
    Redirect::to(page.trim_end_matches(['?', '&'])).into_response()
}

/// Changes the configuration and reads it again.
async fn edit(
    site: &Site,
    visitor: &Visitor,
    page: String,
    change: impl FnOnce(&std::path::Path) -> Result<(), ChangeError> + Send + 'static,
) -> Result<Response, Trouble> {
    let one_at_a_time = site.editing.lock().await;
    let path = site.desk.live.config().file.clone();
    let changed = site.work(move || Ok(change(&path))).await?;
    let done = match changed {
        Ok(()) => control::reload(None, &site.desk).await,
        Err(error) => Err(error.to_string()),
    };
    drop(one_at_a_time);
    let tongue = visitor.tongue;
    match done {
        Ok(Done::Reload { restart, .. }) if !restart.is_empty() => {
            let done = Some(tongue.fill("set_waits", &[("parts", &restart.join(", "))]));
            Ok(leave(site, visitor, &page, Said { done, ..Said::default() }))
        }
        Ok(_) => Ok(back(&page, "saved")),
        Err(why) => {
            tracing::warn!("settings are not saved: {why}");
            let wrong = Some(tongue.say("set_refused").to_owned());
            Ok(leave(site, visitor, &page, Said { wrong, why: Some(why), ..Said::default() }))
        }
    }
}

#[cfg(test)]
#[path = "settings_tests.rs"]
mod tests;
