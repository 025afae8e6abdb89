//! Posbridge seen from outside.

// What bytes mean, for any bytes.
mod properties;
// Receipts and captures, read.
mod reading;
