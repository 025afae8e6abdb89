//! From what was typed to what is meant: `[hooks]`, the tills that push.
//!
//! A scheme is on where its secret is named. One that its provider does not sign is on only at a path
//! that nobody can guess.

use std::collections::{BTreeMap, BTreeSet};

use pos_protocol::event::Kind;
use toml::Spanned;

use super::hooks::{Hooks, Pushed};
use super::raw::{RawHooks, RawPointers, RawSource, Text};
use super::scope::{Scope, Wrong, alternatives, quoted};
use crate::inbound::Scheme;
use crate::inbound::pointers::Pointers;
use crate::inbound::verify::{Proof, StandardKey};
use crate::secret::Secret;

/// Shortest secret path, in characters of 64: 132 bits.
const MIN_PATH_CHARS: usize = 22;
/// Shortest bearer token, in bytes.
const MIN_TOKEN_BYTES: usize = 16;
/// Longest pointer, in bytes.
const MAX_POINTER_BYTES: usize = 200;
/// Where `/hooks/generic` looks for its signature where nothing else is said.
const DEFAULT_HEADER: &str = "x-signature";
/// Schemes whose provider may leave the signature out.
const MAY_BE_UNSIGNED: [Scheme; 4] =
    [Scheme::LightspeedX, Scheme::LightspeedK, Scheme::Loyverse, Scheme::Generic];

impl Scope<'_> {
    /// `[hooks]`; nothing where no key of it is given.
    pub(super) fn hooks(
        &mut self,
        raw: &RawHooks,
        sources: &[Spanned<RawSource>],
    ) -> Result<Option<Hooks>, Wrong> {
        let proofs = self.proofs(raw)?;
        let token = self.given(&raw.push_token_file, |scope, token| {
            let long = token.expose().len() >= MIN_TOKEN_BYTES;
            let expected = format!("a token of at least {MIN_TOKEN_BYTES} characters");
            scope.fits(&raw.push_token_file, long, &expected, "openssl rand -hex 32")
        })?;
        let path = self.given(&raw.path_file, |scope, path| {
            let text = path.expose();
            let plain = text.bytes().all(|b| b.is_ascii_alphanumeric() || b"-_".contains(&b));
            let fits = plain && text.len() >= MIN_PATH_CHARS;
            let expected = format!(
                "at least {MIN_PATH_CHARS} letters, digits, '-' or '_' that nobody can guess"
            );
            scope.fits(&raw.path_file, fits, &expected, "openssl rand -hex 32")
        })?;
        let unsigned = self.unsigned(raw, path.is_some())?;
        let generic = self.pointers(raw.generic.as_ref(), "generic")?;
        let lightspeed_k = self.pointers(raw.lightspeed_k.as_ref(), "lightspeed_k")?;
        let on = proofs.contains_key(&Scheme::Generic) || unsigned.contains(&Scheme::Generic);
        if on && generic.is_none() {
            let at = raw.generic_secret_file.as_ref().map(Spanned::span);
            let at = at.or_else(|| raw.unsigned.as_ref().map(Spanned::span)).unwrap_or(0..0);
            let hint =
                "[hooks.generic] total = \"/transaction/total\"; docs/PUSH.md has an example";
            self.wrong(at, "[hooks.generic] with at least `total`", "none", hint);
            return Err(Wrong);
        }
        let shop = self.shop_of_hooks(&raw.shop, sources)?;
        let anything = !proofs.is_empty() || token.is_some() || path.is_some();
        let Some(listen) = &raw.listen else {
            if anything {
                let hint = "listen = \"127.0.0.1:8788\", behind a reverse proxy or a tunnel: docs/INBOUND.md";
                self.wrong(0..0, "[hooks] with `listen`", "none", hint);
                return Err(Wrong);
            }
            return Ok(None);
        };
        let listen = self.address(listen).ok_or(Wrong)?;
        if !anything {
            self.notes.push(
                "[hooks] listens and believes nobody: name a secret file per scheme".to_owned(),
            );
        }
        Ok(Some(Hooks {
            listen,
            shop,
            pushed: Pushed { proofs, token, path, unsigned, generic, lightspeed_k },
        }))
    }

    /// The secret of a file that is named, where it passes `check`.
    fn given(
        &mut self,
        file: &Text,
        check: impl FnOnce(&mut Self, &Secret) -> Result<(), Wrong>,
    ) -> Result<Option<Secret>, Wrong> {
        if file.is_none() {
            return Ok(None);
        }
        let secret = self.secret(file, &None).ok_or(Wrong)?;
        check(self, &secret)?;
        Ok(Some(secret))
    }

    /// That a secret is of its form; what it is, is not said.
    fn fits(&mut self, file: &Text, fits: bool, expected: &str, hint: &str) -> Result<(), Wrong> {
        if fits {
            return Ok(());
        }
        let at = file.as_ref().map_or(0..0, Spanned::span);
        self.wrong(at, expected, "something else in that file", hint);
        Err(Wrong)
    }

    fn proofs(&mut self, raw: &RawHooks) -> Result<BTreeMap<Scheme, Proof>, Wrong> {
        let any = |_: &mut Self, _: &Secret| Ok(());
        let mut proofs = BTreeMap::new();
        if let Some(key) = self.given(&raw.square_secret_file, any)? {
            let urls = self.public_urls(raw)?;
            proofs.insert(Scheme::Square, Proof::Square { key, urls });
        }
        if let Some(key) = self.given(&raw.lightspeed_secret_file, any)? {
            proofs.insert(Scheme::LightspeedX, Proof::LightspeedX(key));
        }
        let file = &raw.lightspeed_k_secret_file;
        let pair = self.given(file, |scope, pair| {
            let hint = "one line: the user's name, a colon, the password";
            scope.fits(file, pair.expose().contains(':'), "user:password", hint)
        })?;
        if let Some(pair) = pair {
            proofs.insert(Scheme::LightspeedK, Proof::Basic(pair));
        }
        if let Some(key) = self.given(&raw.shopify_secret_file, any)? {
            proofs.insert(Scheme::Shopify, Proof::Shopify(key));
        }
        if let Some(key) = self.given(&raw.loyverse_secret_file, any)? {
            proofs.insert(Scheme::Loyverse, Proof::Loyverse(key));
        }
        let standard =
            [(Scheme::Standard, &raw.standard_secret_file), (Scheme::Push, &raw.push_secret_file)];
        for (scheme, file) in standard {
            let Some(secret) = self.given(file, any)? else { continue };
            let key = StandardKey::parse(&secret);
            let expected = "whsec_ and base64 of 24 to 64 bytes";
            self.fits(file, key.is_some(), expected, "echo whsec_$(openssl rand -base64 32)")?;
            proofs.extend(key.map(|key| (scheme, Proof::Standard(key))));
        }
        if let Some(key) = self.given(&raw.generic_secret_file, any)? {
            let named =
                raw.generic.as_ref().and_then(|raw| raw.get_ref().signature_header.as_ref());
            let name = match named {
                None => DEFAULT_HEADER.to_owned(),
                Some(typed) => self.header(typed)?,
            };
            proofs.insert(Scheme::Generic, Proof::Header { name, key });
        }
        Ok(proofs)
    }

    /// The URL that Square signs: as typed. Where only a host was typed, its hook's path follows.
    fn public_urls(&mut self, raw: &RawHooks) -> Result<Vec<String>, Wrong> {
        let hint =
            "public_url = \"https://shop.example/hooks/square\", exactly as subscribed at Square";
        let Some(typed) = &raw.public_url else {
            let at = raw.square_secret_file.as_ref().map_or(0..0, Spanned::span);
            self.wrong(at, "`public_url`, which Square signs", "none", hint);
            return Err(Wrong);
        };
        let text = typed.get_ref();
        let url = reqwest::Url::parse(text).ok();
        let Some(url) = url.filter(|url| matches!(url.scheme(), "https" | "http")) else {
            self.wrong(typed.span(), "an http or https address", quoted(text), hint);
            return Err(Wrong);
        };
        let mut urls = vec![text.clone()];
        if url.path() == "/" && url.query().is_none() {
            urls.push(format!("{}/hooks/square", text.trim_end_matches('/')));
        }
        Ok(urls)
    }

    fn header(&mut self, typed: &Spanned<String>) -> Result<String, Wrong> {
        let name = typed.get_ref().to_lowercase();
        let plain = |b: u8| b.is_ascii_alphanumeric() || b == b'-';
        if name.is_empty() || name.len() > MAX_POINTER_BYTES || !name.bytes().all(plain) {
            let hint = "as the provider's documentation names it: \"X-Hub-Signature-256\"";
            self.wrong(typed.span(), "the name of a header", quoted(typed.get_ref()), hint);
            return Err(Wrong);
        }
        Ok(name)
    }

    fn unsigned(&mut self, raw: &RawHooks, path: bool) -> Result<BTreeSet<Scheme>, Wrong> {
        let Some(typed) = &raw.unsigned else { return Ok(BTreeSet::new()) };
        if !path {
            let hint = "path_file = \"hooks.path\" with a long random word: the URL is then /hooks/WORD/loyverse";
            self.wrong(typed.span(), "`path_file` beside `unsigned`", "none", hint);
            return Err(Wrong);
        }
        let mut schemes = BTreeSet::new();
        for word in typed.get_ref() {
            let scheme = Scheme::parse(word.get_ref());
            let Some(scheme) = scheme.filter(|scheme| MAY_BE_UNSIGNED.contains(scheme)) else {
                let names = MAY_BE_UNSIGNED.map(Scheme::as_str);
                let hint = "every other provider signs its calls: name its secret file";
                self.wrong(word.span(), alternatives(&names), quoted(word.get_ref()), hint);
                return Err(Wrong);
            };
            schemes.insert(scheme);
        }
        Ok(schemes)
    }

    /// The shop that pushed sales belong to: one of the sources' shops.
    fn shop_of_hooks(
        &mut self,
        typed: &Text,
        sources: &[Spanned<RawSource>],
    ) -> Result<String, Wrong> {
        let Some(typed) = typed else { return Ok(String::new()) };
        let named = |source: &Spanned<RawSource>| {
            source.get_ref().shop.as_ref().is_some_and(|shop| shop.get_ref() == typed.get_ref())
        };
        if sources.iter().any(named) {
            return Ok(typed.get_ref().clone());
        }
        let hint = "one that a [[source]] names with `shop`";
        self.wrong(typed.span(), "a shop of this bridge", quoted(typed.get_ref()), hint);
        Err(Wrong)
    }

    fn pointers(
        &mut self,
        raw: Option<&Spanned<RawPointers>>,
        table: &str,
    ) -> Result<Option<Pointers>, Wrong> {
        let Some(place) = raw else { return Ok(None) };
        let raw = place.get_ref();
        let Some(total) = self.pointer(&raw.total)? else {
            let hint = format!("[hooks.{table}] total = \"/transaction/total\"");
            self.wrong(place.span(), "`total`, where the total stands", "none", hint);
            return Err(Wrong);
        };
        let within = |scope: &mut Self, typed: &Text, default: &str| {
            Ok(scope.pointer(typed)?.unwrap_or_else(|| default.to_owned()))
        };
        Ok(Some(Pointers {
            total,
            kinds: self.kinds(raw)?,
            minor_units: raw.minor_units.as_ref().is_some_and(|typed| *typed.get_ref()),
            id: self.pointer(&raw.id)?,
            kind: self.pointer(&raw.kind)?,
            number: self.pointer(&raw.number)?,
            at: self.pointer(&raw.at)?,
            currency: self.pointer(&raw.currency)?,
            cashier: self.pointer(&raw.cashier)?,
            terminal: self.pointer(&raw.terminal)?,
            table: self.pointer(&raw.table)?,
            original_number: self.pointer(&raw.original_number)?,
            method: self.pointer(&raw.method)?,
            items: self.pointer(&raw.items)?,
            item_name: within(self, &raw.item_name, "/name")?,
            item_quantity: within(self, &raw.item_quantity, "/quantity")?,
            item_price: within(self, &raw.item_price, "/price")?,
            item_amount: within(self, &raw.item_amount, "/amount")?,
        }))
    }

    /// The provider's words, each with one of the schema's.
    fn kinds(&mut self, raw: &RawPointers) -> Result<BTreeMap<String, Kind>, Wrong> {
        let mut kinds = BTreeMap::new();
        for (word, typed) in raw.kinds.as_ref().map(Spanned::get_ref).into_iter().flatten() {
            let Some(kind) = Kind::parse(typed.get_ref()) else {
                let words: Vec<&str> = Kind::ALL.iter().map(|kind| kind.as_str()).collect();
                let hint = "for example kinds = { SALE = \"sale\", RETURN = \"refund\" }";
                self.wrong(typed.span(), alternatives(&words), quoted(typed.get_ref()), hint);
                return Err(Wrong);
            };
            kinds.insert(word.clone(), kind);
        }
        Ok(kinds)
    }

    /// A JSON pointer.
    fn pointer(&mut self, typed: &Text) -> Result<Option<String>, Wrong> {
        let Some(typed) = typed else { return Ok(None) };
        let text = typed.get_ref();
        if !text.starts_with('/') || text.len() > MAX_POINTER_BYTES {
            let hint = "each step begins with a slash, counted from 0 in lists: \"/lines/0/name\"";
            self.wrong(typed.span(), "a JSON pointer such as \"/total\"", quoted(text), hint);
            return Err(Wrong);
        }
        Ok(Some(text.clone()))
    }
}
