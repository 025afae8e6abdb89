//! The engine behind every text that an owner may write: the same words of the template language in
//! a message's template and in a rule's.
//!
//! What a hole in the text means, and what may be named in it, is each caller's.

use minijinja::syntax::SyntaxConfig;
use minijinja::{Environment, UndefinedBehavior, filters, tests};

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
