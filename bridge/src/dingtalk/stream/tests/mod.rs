//! The Stream against a gateway of the tests' own: real HTTP, real websockets.

mod bounds;
mod encrypted;
pub(crate) mod gateway;
mod life;
mod machine;
pub(crate) mod model;
mod people;
mod reply;
mod soak;
