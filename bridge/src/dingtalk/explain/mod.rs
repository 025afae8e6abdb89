//! An answer in plain words for the people of the shop: what happened and what to do, in four
//! languages. `golden/explanations.txt` shows all of it.
//!
//! It decides nothing; words about receipts are in `notice`.

mod en;
mod id;
mod say;
mod topic;
mod zh_cn;
mod zh_hk;
