//! Who is let in, before any page is asked: the name the page is called by, the session, and for what
//! changes something the token of the page's own form.
//!
//! A write route cannot forget any of it: the form that it needs is given out here alone, once all of
//! it holds.

use std::net::IpAddr;
use std::time::{Duration, Instant};

use axum::Router;
use axum::body::{HttpBody as _, to_bytes};
use axum::extract::{Request, State};
use axum::http::{HeaderMap, HeaderName, HeaderValue, Method, StatusCode, Uri, header};
use axum::middleware::{self, Next};
use axum::response::{IntoResponse, Redirect, Response};
use axum::routing::{get, post};

use super::form::Fields;
use super::serve::Peer;
use super::sessions::Cookie;
use super::site::{Site, Trouble, plain};
use super::words::Tongue;
use super::{
    assets, events, headers, home, live, login, outbox, outbox_act, receipt, settings,
    settings_act, teach,
};
use crate::config::Web;

/// The cookie that says who somebody is.
const WHO: &str = "posbridge";
/// The cookie of somebody who is asked for the password.
const ASKS: &str = "posbridge_login";
/// The cookie that says which language somebody reads.
const READS: &str = "posbridge_lang";
/// The query of a page that a script looks at again.
const AGAIN: &str = "again";
/// The parameter that asks for a language.
const LANG: &str = "lang";
/// The field of a form that proves that it is ours.
pub(super) const TOKEN: &str = "token";
/// Largest form, in bytes.
const MAX_FORM_BYTES: usize = 64 * 1024;
/// How long a page may take, its form included; a live list's head too.
const REQUEST_LIMIT: Duration = Duration::from_secs(20);
/// Headers that a proxy adds: such a request was not made on this machine, whatever its connection
/// says.
const OF_PROXIES: [&str; 6] =
    ["forwarded", "x-forwarded-for", "x-real-ip", "via", "cf-connecting-ip", "x-forwarded-host"];

/// Who looks at a page.
#[derive(Clone)]
pub(super) struct Visitor {
    /// The language that they read.
    pub(super) tongue: Tongue,
    /// What their forms must carry.
    pub(super) token: String,
    /// Whether there is a password, so that they can log out.
    pub(super) password: bool,
    /// The page's own address, open for one more parameter.
    pub(super) here: String,
    pub(super) cookie: Cookie,
    pub(super) peer: IpAddr,
}

/// A form of ours, sent by somebody who may. Nobody but `guard` makes one.
#[derive(Clone, Debug)]
pub(super) struct Form(pub(super) Fields);

/// The pages, guarded.
pub(super) fn guarded(site: Site) -> Router {
    Router::new()
        .route("/", get(home::page))
        .route("/receipts/{id}", get(receipt::page))
        .route("/events", get(events::page))
        .route("/outbox", get(outbox::page))
        .route("/live", get(live::list))
        .route("/login", get(login::page).post(login::enter))
        .route("/outbox/retry", post(outbox_act::retry))
        .route("/outbox/drop", get(outbox_act::ask).post(outbox_act::drop_one))
        .route("/teach/{id}", get(teach::page).post(teach::look))
        .route("/teach/{id}/save", post(teach::keep))
        .route("/settings", get(settings::page))
        .route("/settings/shop", post(settings_act::shop))
        .route("/settings/robot", post(settings_act::robot))
        .route("/settings/kinds", post(settings_act::kinds))
        .route("/settings/test", post(settings_act::test))
        .route("/logout", post(login::leave))
        .route("/assets/{name}", get(assets::asset))
        .fallback(async || Trouble::NotFound)
        .with_state(site.clone())
        .layer(middleware::from_fn_with_state(site, guard))
}

/// What is for this machine alone.
pub(super) fn own(routes: Router) -> Router {
    routes.layer(middleware::from_fn(async |request: Request, next: Next| {
        let mut response = if !is_called_right(request.headers(), &Web::default()) {
            misdirected()
        } else if OF_PROXIES.iter().any(|name| request.headers().contains_key(*name)) {
            plain(StatusCode::FORBIDDEN, "For this machine alone.")
        } else {
            next.run(request).await
        };
        headers::set(response.headers_mut());
        response
    }))
}

async fn guard(State(site): State<Site>, request: Request, next: Next) -> Response {
    let admitted = tokio::time::timeout(REQUEST_LIMIT, admit(&site, request, next));
    let mut response = admitted.await.unwrap_or_else(|_| {
        plain(StatusCode::REQUEST_TIMEOUT, "This took too long. 時間太長，請再試。")
    });
    headers::set(response.headers_mut());
    response
}

async fn admit(site: &Site, mut request: Request, next: Next) -> Response {
    let config = site.desk.live.config();
    if !is_called_right(request.headers(), &config.web) {
        return misdirected();
    }
    let path = request.uri().path().to_owned();
    let looks = [Method::GET, Method::HEAD].contains(request.method());
    if looks && path.starts_with("/assets/") {
        return next.run(request).await;
    }
    let who = cookie(request.headers(), WHO).and_then(Cookie::parse);
    let password = config.web.password.as_ref();
    let known = password.is_none_or(|password| {
        // A page that looks again by itself keeps nobody logged in.
        let used = request.uri().query() != Some(AGAIN);
        let knows = |who| site.sessions.knows(who, password.expose(), Instant::now(), used);
        who.as_ref().is_some_and(knows)
    });
    // A request that another site caused comes without cookies: it must not replace a session's.
    let (name, sent) = if known {
        (WHO, who)
    } else {
        (ASKS, cookie(request.headers(), ASKS).and_then(Cookie::parse))
    };
    let fresh = sent.is_none();
    let Some(cookie) = sent.or_else(Cookie::new) else { return Trouble::Failed.into_response() };
    let asked = tongue(&request);
    let mut response = if known || path == "/login" {
        let read = cookie_tongue(request.headers());
        let visitor = Visitor {
            tongue: asked.or(read).unwrap_or_else(|| Tongue::of(config.shop.language)),
            token: site.sessions.token(&cookie),
            password: password.is_some(),
            here: here(request.uri()),
            cookie: cookie.clone(),
            peer: peer(&request),
        };
        request.extensions_mut().insert(visitor);
        match may_change(site, &cookie, request).await {
            Ok(request) => next.run(request).await,
            Err(refused) => refused,
        }
    } else if request.method() == Method::GET && path != "/live" {
        Redirect::to("/login").into_response()
    } else {
        plain(StatusCode::UNAUTHORIZED, "Log in first. 請先登入。")
    };
    if fresh && !response.headers().contains_key(header::SET_COOKIE) {
        bake(&mut response, name, cookie.expose());
    }
    if let Some(asked) = asked {
        bake(&mut response, READS, asked.code());
    }
    response
}

/// The request, with its form where it has one. What is no look must come from a form of the page
/// that this very session was shown.
async fn may_change(site: &Site, cookie: &Cookie, request: Request) -> Result<Request, Response> {
    match *request.method() {
        Method::GET | Method::HEAD => return Ok(request),
        Method::POST => {}
        _ => return Err(plain(StatusCode::METHOD_NOT_ALLOWED, "Expected GET or POST.")),
    }
    if !is_from_here(request.headers()) {
        tracing::warn!(path = request.uri().path(), "a form from elsewhere is refused");
        return Err(refused());
    }
    let (mut head, body) = request.into_parts();
    let large = || plain(StatusCode::PAYLOAD_TOO_LARGE, "This form is too large. 表格太大。");
    // One that says so is not waited for.
    if body.size_hint().lower() > MAX_FORM_BYTES as u64 {
        return Err(large());
    }
    let body = to_bytes(body, MAX_FORM_BYTES).await.map_err(|_| large())?;
    let fields = Fields::parse(&body).ok_or_else(|| Trouble::Unreadable.into_response())?;
    let token = fields.raw(TOKEN).unwrap_or_default();
    if !site.sessions.is_token(cookie, token) {
        tracing::warn!(path = head.uri.path(), "a form without its token is refused");
        return Err(refused());
    }
    head.extensions.insert(Form(fields));
    Ok(Request::from_parts(head, axum::body::Body::empty()))
}

fn refused() -> Response {
    plain(
        StatusCode::FORBIDDEN,
        "This form is not from this page, or the page is old: go back, load it again and send it once \
         more. 表格不是來自本頁，或者頁面已過時：請返回並重新載入再試。",
    )
}

fn misdirected() -> Response {
    let words =
        "This page is not called by that name; [web] names says by which. 網址的主機名稱不對。";
    plain(StatusCode::MISDIRECTED_REQUEST, words)
}

/// Whether the browser calls the page by an address, or by a name that is known: a name that somebody
/// else owns may lead here without its reader's knowledge.
fn is_called_right(headers: &HeaderMap, web: &Web) -> bool {
    let mut hosts = headers.get_all(header::HOST).iter();
    let (Some(host), None) = (hosts.next(), hosts.next()) else {
        // No browser leaves it out.
        return !headers.contains_key(header::HOST);
    };
    let Ok(host) = host.to_str() else { return false };
    let (name, port) = match host.strip_prefix('[').and_then(|rest| rest.split_once(']')) {
        Some((address, rest)) => (address, rest.strip_prefix(':').unwrap_or(rest)),
        None => host.rsplit_once(':').unwrap_or((host, "")),
    };
    if !port.bytes().all(|byte| byte.is_ascii_digit()) {
        return false;
    }
    let name = name.to_ascii_lowercase();
    name.parse::<IpAddr>().is_ok() || name == "localhost" || web.names.contains(&name)
}

/// Whether a form was sent from a page of the same place. One of the two headers is in every request
/// of a browser of this decade.
fn is_from_here(headers: &HeaderMap) -> bool {
    let text = |name: HeaderName| headers.get(name).map(|value| value.to_str().unwrap_or("?"));
    let site = text(HeaderName::from_static("sec-fetch-site"));
    let origin = text(header::ORIGIN);
    let host = text(header::HOST).unwrap_or_default();
    let own = |origin: &str| {
        origin.strip_prefix("http://").or_else(|| origin.strip_prefix("https://")) == Some(host)
    };
    (site.is_some() || origin.is_some())
        && site.is_none_or(|site| site == "same-origin")
        && origin.is_none_or(own)
}

/// A cookie's value.
fn cookie<'h>(headers: &'h HeaderMap, name: &str) -> Option<&'h str> {
    let sent = headers.get_all(header::COOKIE).iter().filter_map(|value| value.to_str().ok());
    let mut pairs = sent.flat_map(|value| value.split(';')).filter_map(|pair| pair.split_once('='));
    pairs.find(|(key, _)| key.trim() == name).map(|(_, value)| value.trim())
}

/// Gives a cookie, which no script reads and no other site sends.
pub(super) fn bake(response: &mut Response, name: &str, value: &str) {
    let text = format!("{name}={value}; Path=/; HttpOnly; SameSite=Strict");
    if let Ok(value) = HeaderValue::from_str(&text) {
        response.headers_mut().append(header::SET_COOKIE, value);
    }
}

/// Gives somebody the cookie that says who they are.
pub(super) fn bake_who(response: &mut Response, cookie: &Cookie) {
    bake(response, WHO, cookie.expose());
}

/// The language that this request asks for.
fn tongue(request: &Request) -> Option<Tongue> {
    let query = Fields::parse(request.uri().query()?.as_bytes())?;
    Tongue::parse(query.raw(LANG)?)
}

/// The address that was asked for, without its language and with what comes before one.
fn here(uri: &Uri) -> String {
    let mut here = format!("{}?", uri.path());
    let asked = uri.query().unwrap_or_default().split('&');
    let kept = |part: &&str| part.split_once('=').is_some_and(|(name, _)| name != LANG);
    for part in asked.filter(kept) {
        here.push_str(part);
        here.push('&');
    }
    here
}

fn cookie_tongue(headers: &HeaderMap) -> Option<Tongue> {
    Tongue::parse(cookie(headers, READS)?)
}

fn peer(request: &Request) -> IpAddr {
    let peer = request.extensions().get::<Peer>();
    peer.map_or(IpAddr::from([0, 0, 0, 0]), |peer| peer.0.ip())
}
