//! A shop whose till prints through the bridge while its provider pushes the same sales: real
//! processes, real connections, and everything that providers do to calls (twice, late, in any order,
//! given up and tried again).

mod call;
mod run;
mod shop;

pub use call::{Answered, Call, post};
pub use run::{Outcome, Plan, run};
pub use shop::HookShop;
