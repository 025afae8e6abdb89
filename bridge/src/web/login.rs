//! Logging in and out. Whether a password is right is `password`'s, and how often it may be tried is
//! `attempts`'s.

use std::sync::Arc;
use std::time::Instant;

use axum::Extension;
use axum::extract::State;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Redirect, Response};
use minijinja::context;

use super::guard::{Form, Visitor, bake_who};
use super::render;
use super::sessions::Cookie;
use super::site::{Site, Trouble};

/// What was wrong with the last try.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Wrong {
    Nothing,
    Password,
    TooOften,
}

/// `GET /login`.
pub(super) async fn page(
    State(site): State<Site>,
    Extension(visitor): Extension<Visitor>,
) -> Result<Response, Trouble> {
    if !visitor.password {
        return Ok(Redirect::to("/").into_response());
    }
    asked(&site, &visitor, Wrong::Nothing)
}

/// `POST /login`.
pub(super) async fn enter(
    State(site): State<Site>,
    Extension(visitor): Extension<Visitor>,
    Extension(Form(form)): Extension<Form>,
) -> Result<Response, Trouble> {
    let config = site.desk.live.config();
    let Some(password) = config.web.password.clone() else {
        return Ok(Redirect::to("/").into_response());
    };
    if !site.attempts.may(visitor.peer, Instant::now()) {
        tracing::warn!(peer = %visitor.peer, "too many tries to log in to the page");
        return asked(&site, &visitor, Wrong::TooOften);
    }
    let typed = form.raw("password").unwrap_or_default().to_owned();
    let Ok(turn) = Arc::clone(&site.hashing).acquire_owned().await else {
        return Err(Trouble::Failed);
    };
    let own = password.clone();
    let right = site.work(move || Ok(own.is(&typed))).await;
    drop(turn);
    if !right? {
        tracing::warn!(peer = %visitor.peer, "a wrong password for the page");
        return asked(&site, &visitor, Wrong::Password);
    }
    // Not the cookie that was there before: somebody else may have put it there.
    let cookie = Cookie::new().ok_or(Trouble::Failed)?;
    site.sessions.open(&cookie, password.expose(), Instant::now());
    tracing::info!(peer = %visitor.peer, "somebody logged in to the page");
    let mut response = Redirect::to("/").into_response();
    bake_who(&mut response, &cookie);
    Ok(response)
}

/// `POST /logout`.
pub(super) async fn leave(
    State(site): State<Site>,
    Extension(visitor): Extension<Visitor>,
    Extension(Form(_)): Extension<Form>,
) -> Response {
    site.sessions.close(&visitor.cookie);
    Redirect::to("/login").into_response()
}

fn asked(site: &Site, visitor: &Visitor, wrong: Wrong) -> Result<Response, Trouble> {
    let (code, key) = match wrong {
        Wrong::Nothing => (StatusCode::OK, None),
        Wrong::Password => (StatusCode::FORBIDDEN, Some("login_wrong")),
        Wrong::TooOften => (StatusCode::TOO_MANY_REQUESTS, Some("login_often")),
    };
    let wrong = key.map(|key| visitor.tongue.say(key));
    let mut response =
        render::page(site, visitor, "login.html", "login_title", &context! { wrong => wrong })?;
    *response.status_mut() = code;
    Ok(response)
}
