//! What a person does about messages that are not delivered: tries them again, or drops one for good,
//! once it was said what is lost by that. The doing is that of the control socket's verbs.

use axum::Extension;
use axum::extract::State;
use axum::http::Uri;
use axum::response::{IntoResponse, Redirect, Response};
use minijinja::value::Serde;
use minijinja::{Value, context};

use super::form::Fields;
use super::guard::{Form, Visitor};
use super::outbox::{can_change, notice};
use super::render;
use super::site::{Site, Trouble};
use crate::config::Shop;
use crate::control::{self, Done, MAX_IDS};

/// Most messages of one robot that one press tries again: those of a week without a network.
const MOST: usize = 20_000;
/// Longest reason, in characters.
const MAX_WHY_CHARS: usize = 200;

/// `POST /outbox/retry`: one message, or all that waits for a robot.
pub(super) async fn retry(
    State(site): State<Site>,
    Extension(Form(fields)): Extension<Form>,
) -> Result<Response, Trouble> {
    let ids = match (id(&fields), fields.text("robot")) {
        (Some(id), None) => vec![id],
        (None, Some(robot)) => {
            let robot = robot.to_owned();
            let rows = site.look(move |reader| reader.undelivered(Some(&robot), MOST)).await?;
            rows.iter().filter(|row| can_change(row)).map(|row| row.id).collect()
        }
        _ => return Err(Trouble::Unreadable),
    };
    let mut count = 0;
    for some in ids.chunks(MAX_IDS) {
        if let Done::Retry { ids } =
            control::retry(some.to_vec(), &site.desk).await.map_err(|why| said(&why))?
        {
            count += ids.len();
        }
    }
    Ok(Redirect::to(&format!("/outbox?done=retry&count={count}")).into_response())
}

/// `GET /outbox/drop`: what would be lost.
pub(super) async fn ask(
    State(site): State<Site>,
    Extension(visitor): Extension<Visitor>,
    uri: Uri,
) -> Result<Response, Trouble> {
    let fields = Fields::parse(uri.query().unwrap_or_default().as_bytes());
    let id = fields.as_ref().and_then(id).ok_or(Trouble::NotFound)?;
    let found = site.look(move |reader| Ok((reader.notice(id)?, reader.members(id)?.len())));
    let (row, members) = found.await?;
    let row = row.ok_or(Trouble::NotFound)?;
    let config = site.desk.live.config();
    let shop = Shop { language: visitor.tongue.language(), ..config.shop.clone() };
    let count = members.to_string();
    let given = context! {
        notice => Value::from(Serde(notice(&row, &shop, visitor.tongue))),
        members => (members > 0).then(|| visitor.tongue.fill("drop_members", &[("count", &count)])),
    };
    render::page(&site, &visitor, "drop.html", "drop_title", &given)
}

/// `POST /outbox/drop`.
pub(super) async fn drop_one(
    State(site): State<Site>,
    Extension(Form(fields)): Extension<Form>,
) -> Result<Response, Trouble> {
    let (Some(id), Some(why)) = (id(&fields), fields.text("why")) else {
        return Err(Trouble::Unreadable);
    };
    let why: String = why.chars().take(MAX_WHY_CHARS).collect();
    let done = control::drop_notices(vec![id], &why, &site.desk).await.map_err(|why| said(&why))?;
    let count = if let Done::Drop { ids } = done { ids.len() } else { 0 };
    Ok(Redirect::to(&format!("/outbox?done=drop&count={count}")).into_response())
}

fn id(fields: &Fields) -> Option<i64> {
    fields.text("id")?.parse().ok()
}

/// A verb fails where the journal cannot be written.
fn said(why: &str) -> Trouble {
    tracing::warn!("the page could not change the outbox: {why}");
    Trouble::Busy
}

#[cfg(test)]
#[path = "outbox_tests.rs"]
mod tests;
