//! The owner's rules: when something holds of an event and of today, a text is said.
//!
//! A condition is an expression of the template language, checked against the schema before the
//! bridge starts: `condition` reads and types it, and hands the engine a form in which amounts are
//! whole numbers and what is not known makes a comparison false. `facts` is what it is asked about,
//! `say` makes the text from what the robot's level lets through, `rule` puts them together.
//!
//! A rule changes nothing, asks no clock, and has a budget of steps and bytes. One that fails says so
//! to those who look after the bridge; the event is kept and told as ever.

mod condition;
mod facts;
mod fault;
mod lexer;
mod rule;
mod said;
mod say;
mod schema;
#[cfg(test)]
mod tests;

pub use fault::{ExpressionFault, RuleFault};
pub(super) use rule::Occasion;
pub use rule::{Condition, Once, Rule};
pub use said::Said;
pub use say::Say;
