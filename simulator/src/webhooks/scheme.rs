//! Which provider a sender is like.

/// A provider.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, clap::ValueEnum)]
pub enum Scheme {
    /// Square: payments and refunds, HMAC-SHA256 over address and body.
    Square,
    /// Lightspeed Retail X-Series: a form with the sale in it, HMAC-SHA256 over the form.
    LightspeedX,
    /// Lightspeed Restaurant K-Series: JSON behind HTTP Basic. Its body is documented nowhere.
    LightspeedK,
    /// Shopify: orders and refunds, HMAC-SHA256 over the body.
    Shopify,
    /// Standard Webhooks, with events of schema 1.
    Standard,
}
