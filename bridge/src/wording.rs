//! How holes in a text are filled: in our own sentences, and by the engine behind every text that an
//! owner may write, with the same words of the template language in a message's template and in a rule's.
//!
//! What a hole in the text means, and what may be named in it, is each caller's.

use minijinja::syntax::SyntaxConfig;
use minijinja::{Environment, UndefinedBehavior, filters, tests};

/// `words` with each `{name}` replaced by its value; by nothing where it has none.
pub(crate) fn filled(words: &str, values: &[(&str, &str)]) -> String {
    let mut out = String::new();
    let mut rest = words;
    while let Some((before, hole)) = rest.split_once('{') {
        out.push_str(before);
        let (name, after) = hole.split_once('}').unwrap_or((hole, ""));
        let value = values.iter().find(|(key, _)| *key == name).map(|(_, value)| *value);
        out.push_str(value.unwrap_or_default());
        rest = after;
    }
    out + rest
}

/// An engine without templates that gives up after `max_steps`.
pub(crate) fn engine(undefined: UndefinedBehavior, max_steps: u64) -> Environment<'static> {
    let mut engine = Environment::empty();
    let syntax = SyntaxConfig::builder().trim_blocks(true).lstrip_blocks(true).build();
    engine.set_syntax(syntax.expect("the usual delimiters"));
    engine.set_undefined_behavior(undefined);
    engine.set_fuel(Some(max_steps));
    engine.add_filter("default", filters::default);
    engine.add_filter("first", filters::first);
    engine.add_filter("join", filters::join);
    engine.add_filter("last", filters::last);
    engine.add_filter("length", filters::length);
    engine.add_filter("lower", filters::lower);
    engine.add_filter("upper", filters::upper);
    engine.add_test("defined", tests::is_defined);
    engine
}
