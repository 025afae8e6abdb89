//! What a condition can ask about: every field with its type.

/// Numbers are whole ones of 10^-6, so that no sum of money is ever rounded.
pub(super) const SCALE_DIGITS: usize = 6;

/// The type of a value.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Type {
    Number,
    Text,
    Truth,
    /// A list of texts.
    Texts,
    /// Numbers by text.
    Numbers,
}

impl Type {
    pub(super) fn shown(self) -> &'static str {
        match self {
            Self::Number => "a number",
            Self::Text => "a text",
            Self::Truth => "a condition",
            Self::Texts => "a list of texts",
            Self::Numbers => "numbers by name",
        }
    }
}

/// Of the event. `docs/SHOP.md` says what each means.
pub(super) const EVENT: [(&str, Type); 31] = [
    ("kind", Type::Text),
    ("source", Type::Text),
    ("shop", Type::Text),
    ("date", Type::Text),
    ("time", Type::Text),
    ("weekday", Type::Text),
    ("hour", Type::Number),
    ("minute", Type::Number),
    ("number", Type::Text),
    ("original_number", Type::Text),
    ("terminal", Type::Text),
    ("cashier", Type::Text),
    ("table", Type::Text),
    ("guests", Type::Number),
    ("currency", Type::Text),
    ("total", Type::Number),
    ("subtotal", Type::Number),
    ("discount", Type::Number),
    ("service_charge", Type::Number),
    ("tip", Type::Number),
    ("tendered", Type::Number),
    ("change", Type::Number),
    ("paid", Type::Numbers),
    ("items", Type::Texts),
    ("goods", Type::Text),
    ("quantity", Type::Numbers),
    ("amount", Type::Numbers),
    ("pieces", Type::Number),
    ("text", Type::Text),
    ("verdict", Type::Text),
    ("drawer", Type::Text),
];

/// Of the business day so far, this event among it.
pub(super) const TODAY: [(&str, Type); 16] = [
    ("sales", Type::Number),
    ("count", Type::Number),
    ("net", Type::Number),
    ("average", Type::Number),
    ("refunds", Type::Number),
    ("refund_count", Type::Number),
    ("voids", Type::Number),
    ("void_count", Type::Number),
    ("discounts", Type::Number),
    ("top_ups", Type::Number),
    ("tenders", Type::Numbers),
    ("cashiers", Type::Numbers),
    ("tills", Type::Numbers),
    ("items", Type::Numbers),
    ("quantities", Type::Numbers),
    ("categories", Type::Numbers),
];

/// The name under which the fields of the day stand.
pub(super) const DAY: &str = "today";

/// The type of a field.
pub(super) fn field(fields: &[(&str, Type)], name: &str) -> Option<Type> {
    fields.iter().find(|(known, _)| *known == name).map(|(_, of)| *of)
}
