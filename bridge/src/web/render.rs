//! Templates become pages. Whatever stands in a receipt is escaped here, once, for all of them.

use std::sync::LazyLock;

use axum::http::header;
use axum::response::{IntoResponse, Response};
use minijinja::{AutoEscape, Environment, UndefinedBehavior, Value, context};

use super::assets;
use super::guard::Visitor;
use super::site::{Site, Trouble};
use super::words::Words;
use crate::config::Mode;

/// Most steps of one page; the longest takes a tenth.
const MAX_STEPS: u64 = 1_000_000;

/// The templates, by name.
const TEMPLATES: &[(&str, &str)] = &[
    ("layout.html", include_str!("pages/layout.html")),
    ("login.html", include_str!("pages/login.html")),
    ("home.html", include_str!("pages/home.html")),
    ("row.html", include_str!("pages/row.html")),
    ("receipt.html", include_str!("pages/receipt.html")),
    ("events.html", include_str!("pages/events.html")),
    ("outbox.html", include_str!("pages/outbox.html")),
    ("drop.html", include_str!("pages/drop.html")),
    ("teach.html", include_str!("pages/teach.html")),
    ("teach_try.html", include_str!("pages/teach_try.html")),
    ("changes.html", include_str!("pages/changes.html")),
    ("settings.html", include_str!("pages/settings.html")),
];

static PAGES: LazyLock<Environment<'static>> = LazyLock::new(|| {
    let mut pages = crate::wording::engine(UndefinedBehavior::Strict, MAX_STEPS);
    pages.set_auto_escape_callback(|_| AutoEscape::Html);
    for (name, text) in TEMPLATES {
        pages.add_template(name, text).expect("a test compiles every template");
    }
    pages
});

/// One template, with what it is given beside the words of its language as `w`.
pub(super) fn part(name: &str, words: Words, given: &Value) -> Result<Value, Trouble> {
    let given = context! { w => Value::from_object(words), ..given.clone() };
    Ok(Value::from_safe_string(PAGES.get_template(name)?.render(given)?))
}

/// A whole page: `name` within the layout. `title` is a key of the words.
pub(super) fn page(
    site: &Site,
    visitor: &Visitor,
    name: &str,
    title: &'static str,
    given: &Value,
) -> Result<Response, Trouble> {
    let config = site.desk.live.config();
    let words = Words(visitor.tongue);
    let given = context! { token => visitor.token.clone(), ..given.clone() };
    let body = part(name, words, &given)?;
    let frame = context! {
        body => body,
        title => visitor.tongue.say(title),
        page => name,
        lang => visitor.tongue.code(),
        other => visitor.tongue.other().code(),
        other_name => visitor.tongue.other().name(),
        here => visitor.here.clone(),
        shop => config.shop.name.clone(),
        setup => config.mode == Mode::Setup,
        leave => visitor.password && name != "login.html",
        token => visitor.token.clone(),
        version => env!("CARGO_PKG_VERSION"),
        style => assets::STYLE.path(),
        script => assets::SCRIPT.path(),
    };
    let page = part("layout.html", words, &frame)?;
    Ok(html(page.to_string()))
}

/// An answer that is a page.
pub(super) fn html(page: String) -> Response {
    ([(header::CONTENT_TYPE, "text/html; charset=utf-8")], page).into_response()
}
