//! The owner's templates: found, bounded, and passed over where they fail.

use pos_protocol::event::Kind;

use super::{TemplateError, Templates};
use crate::config::{Format, Language, Mode, Privacy, Robot, Shop};
use crate::notice::gallery::{robot, words};
use crate::notice::samples::{self, changed, event};
use crate::notice::{Context, DigestReason, digest, render};

/// The owner's directory with `files`.
fn load(files: &[(&str, &str)]) -> (Templates, Vec<String>) {
    let dir = tempfile::tempdir().expect("a directory");
    for (name, text) in files {
        std::fs::write(dir.path().join(name), text).expect("writable");
    }
    let (templates, wrong) = Templates::load(dir.path());
    let shown = |error: &TemplateError| {
        error.to_string().replace(&format!("{}/", dir.path().display()), "")
    };
    (templates, wrong.iter().map(shown).collect())
}

fn see<T>(templates: &Templates, robot: &Robot, see: impl FnOnce(&Context<'_>) -> T) -> T {
    let shop = Shop::for_tests(Language::En);
    see(&Context {
        shop: &shop,
        robot,
        mode: Mode::Live,
        admin: None,
        link: None,
        form: None,
        templates,
        left: &[],
    })
}

fn said(templates: &Templates, kind: Kind, format: Format) -> String {
    let robot = robot(format, Privacy::Items);
    see(templates, &robot, |context| words(&render(&event(kind), context)))
}

fn faults(templates: &Templates) -> Vec<String> {
    let robot = robot(Format::Text, Privacy::Items);
    let found = see(templates, &robot, samples::faults);
    found.iter().map(ToString::to_string).collect()
}

const OWN: &str = "{{ emoji }} {{ amount or \"?\" }} {{ number or \"\" }} ({{ id }})\n";

#[test]
fn an_owners_template_for_a_kind_goes_before_the_one_for_its_group() {
    let group = "group {{ number or \"\" }} {{ id }}";
    let (templates, wrong) = load(&[("sale.text.j2", OWN), ("event.text.j2", group)]);
    assert_eq!(wrong, Vec::<String>::new());
    assert_eq!(said(&templates, Kind::Sale, Format::Text), "🧾 HK$89.00 #1001 (1a2b3c4d)");
    assert_eq!(said(&templates, Kind::Bill, Format::Text), "group #1001 1a2b3c4d");
    assert!(said(&templates, Kind::Refund, Format::Text).starts_with("🔴 REFUND"));
    assert!(said(&templates, Kind::Sale, Format::Markdown).contains("####"));
    assert_eq!(faults(&templates), Vec::<String>::new());
}

#[test]
fn what_is_printed_is_escaped_in_markdown_and_what_the_template_writes_is_not() {
    let own = "**{{ lines | join(\", \") }}** {{ number }} {{ id }}\nnext";
    let (templates, _) = load(&[("sale.markdown.j2", own)]);
    let said = said(&templates, Kind::Sale, Format::Markdown);
    assert!(said.contains("** #1001 1a2b3c4d  \nnext"), "{said}");
    assert!(said.contains("＊Set＊ for ＊＊＊"), "{said}");
}

#[test]
fn a_broken_template_is_named_with_its_line_and_never_loses_a_message() {
    for (text, line, part) in [
        ("ok\n{% if %}", 2, "syntax error"),
        ("{{ title }}\n\n{{ totl }}", 3, "{% if %}"),
        ("{{ title | shout }}", 1, "the filters there are"),
        ("{{ rows }}", 1, "expected text or a whole number"),
        ("{{ amount }}\n{{ none }}", 2, "expected text or a whole number"),
        (
            "{% for a in title %}{% for b in title %}{% for c in title %}{% for d in title %}\
          {{ a }}{% endfor %}{% endfor %}{% endfor %}{% endfor %}",
            1,
            "repeats too much",
        ),
    ] {
        let (templates, wrong) = load(&[("sale.text.j2", text)]);
        let told = if wrong.is_empty() { faults(&templates) } else { wrong };
        let found = told.iter().any(|error| {
            error.contains(&format!("sale.text.j2, line {line}: ")) && error.contains(part)
        });
        assert!(found, "{text}: {told:?}");
        let first = said(&templates, Kind::Sale, Format::Text);
        assert!(first.starts_with("New Order: #1001, Amount HK$89.00\nTime: "), "{first}");
    }
}

#[test]
fn a_template_that_leaves_out_what_is_needed_is_passed_over() {
    for (name, text, part) in [
        ("sale.text.j2", "{{ id }} sold", "{{ number }}"),
        ("no_sale.text.j2", "opened!", "{{ id }}"),
        ("digest.text.j2", "{{ title }} {{ id }}", "{{ lines }}"),
        ("sale.text.j2", "{% if false %}x{% endif %}", "found an empty message"),
    ] {
        let (templates, wrong) = load(&[(name, text)]);
        assert_eq!(wrong, Vec::<String>::new());
        let told = faults(&templates);
        assert!(told.iter().any(|e| e.contains(name) && e.contains(part)), "{told:?}");
        assert!(said(&templates, Kind::NoSale, Format::Text).contains("WITHOUT a sale"));
        assert!(said(&templates, Kind::Sale, Format::Text).contains("#1001"));
    }
}

#[test]
fn an_owners_digest_that_needs_more_room_is_split_further() {
    let own = "{{ id }}{% for line in lines %}\n{{ line }} ------------------------------------------\
               ----------------------------------------------------{% endfor %}";
    let (templates, wrong) = load(&[("digest.text.j2", own)]);
    assert_eq!(wrong, Vec::<String>::new());
    let robot = robot(Format::Text, Privacy::Totals);
    let events = vec![changed(Kind::Sale, |_| {}); 300];
    let parts = see(&templates, &robot, |context| digest(&events, DigestReason::Budget, context));
    assert_eq!(parts.iter().map(|(count, _)| count).sum::<usize>(), 300);
    for (_, message) in parts {
        assert!(words(&message).contains(" -----"), "the owner's own is used");
        message.body("00000000-0000-0000-0000-000000000000").expect("within the limit");
    }
}

#[test]
fn files_that_are_for_no_message_are_named_and_others_are_left_alone() {
    let (templates, wrong) = load(&[("sales.text.j2", ""), ("sale.html.j2", ""), ("README", "")]);
    assert_eq!((templates.count(), wrong.len()), (0, 2), "{wrong:?}");
    assert!(
        wrong[1].starts_with("sales.text.j2: expected a name such as sale.text.j2"),
        "{wrong:?}"
    );
    let (_, missing) = Templates::load(std::path::Path::new("/nonexistent/templates"));
    assert!(matches!(missing[..], [TemplateError::Unreadable { .. }]), "{missing:?}");
}
