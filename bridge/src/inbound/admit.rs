//! Who may call: which proof a call needs, by its path and by where it comes from.
//!
//! Whether a proof holds is `verify`'s.

use std::net::IpAddr;

use axum::http::HeaderMap;

use super::mac;
use super::scheme::Scheme;
use super::verify::{Call, Proof, Unproved, bearer};
use crate::clock;
use crate::config::Pushed;

/// Headers that a proxy adds: a call with one of them was not made on this machine, whatever its
/// connection says.
const OF_PROXIES: [&str; 6] =
    ["forwarded", "x-forwarded-for", "x-real-ip", "via", "cf-connecting-ip", "x-forwarded-host"];

/// A call that is not taken.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub(super) enum Denied {
    /// This scheme is not configured, or not at this path.
    #[error("expected a scheme that is configured here, found another one")]
    NotHere,
    /// A token is believed from this machine alone.
    #[error(
        "expected a bearer token from this machine alone, found one that came through a proxy or the \
         network\nhint: sign the call: docs/PUSH.md"
    )]
    NotLocal,
    /// The call is not proved.
    #[error(transparent)]
    Unproved(#[from] Unproved),
    /// The clock is not set, so that no time stamp can be judged.
    #[error("expected a clock that is set, found one that is not")]
    NoClock,
}

/// Where a call came in.
#[derive(Clone, Copy, Debug)]
pub(super) struct Door<'a> {
    pub(super) scheme: Scheme,
    /// The word before the scheme in its path.
    pub(super) word: Option<&'a str>,
    /// Who connected.
    pub(super) peer: IpAddr,
}

/// Whether a call is let in.
pub(super) fn admit(door: Door<'_>, pushed: &Pushed, call: &Call<'_>) -> Result<(), Denied> {
    let Door { scheme, word, peer } = door;
    if let Some(word) = word {
        let path = pushed.path.as_ref().filter(|_| pushed.unsigned.contains(&scheme));
        let path = path.ok_or(Denied::NotHere)?;
        let same = mac::same_secret(word.as_bytes(), path.expose().as_bytes());
        return if same { Ok(()) } else { Err(Denied::NotHere) };
    }
    if let Some(token) = pushed.token.as_ref().filter(|_| scheme == Scheme::Push)
        && bearer(call.headers).is_some()
    {
        if !peer.is_loopback() || came_through_a_proxy(call.headers) {
            return Err(Denied::NotLocal);
        }
        return Ok(Proof::Bearer(token.clone()).check(call)?);
    }
    let proof = pushed.proofs.get(&scheme).ok_or(Denied::NotHere)?;
    let stamped = matches!(proof, Proof::Standard(_));
    if stamped && clock::implausible(call.now_s.saturating_mul(1_000), None).is_some() {
        return Err(Denied::NoClock);
    }
    Ok(proof.check(call)?)
}

fn came_through_a_proxy(headers: &HeaderMap) -> bool {
    OF_PROXIES.iter().any(|name| headers.contains_key(*name))
}

#[cfg(test)]
mod tests {
    use std::net::IpAddr;

    use super::{Denied, Door, admit};
    use crate::config::Pushed;
    use crate::inbound::Scheme;
    use crate::inbound::verify::{Call, Proof, StandardKey};
    use crate::inbound::verify_tests::headers;
    use crate::secret::Secret;

    const LOCAL: [u8; 4] = [127, 0, 0, 1];

    fn asked(
        pushed: &Pushed,
        scheme: Scheme,
        word: Option<&str>,
        peer: [u8; 4],
        given: &[(&str, &str)],
    ) -> Result<(), Denied> {
        let call = Call { headers: &headers(given), body: b"{}", now_s: 0 };
        admit(Door { scheme, word, peer: IpAddr::from(peer) }, pushed, &call)
    }

    #[test]
    fn an_unsigned_call_is_let_in_at_its_secret_path_alone() {
        let pushed = Pushed {
            path: Some(Secret::new("a-long-word-nobody-knows")),
            unsigned: [Scheme::Loyverse].into(),
            ..Pushed::default()
        };
        let at = |scheme, word| asked(&pushed, scheme, word, LOCAL, &[]);
        assert_eq!(at(Scheme::Loyverse, Some("a-long-word-nobody-knows")), Ok(()));
        for (scheme, word) in [
            (Scheme::Loyverse, None),
            (Scheme::Loyverse, Some("a-long-word-nobody-know")),
            (Scheme::Loyverse, Some("")),
            (Scheme::Square, Some("a-long-word-nobody-knows")),
        ] {
            assert_eq!(at(scheme, word), Err(Denied::NotHere), "{scheme} {word:?}");
        }
    }

    #[test]
    fn a_token_is_believed_from_this_machine_alone() {
        let pushed = Pushed { token: Some(Secret::new("0123456789abcdef")), ..Pushed::default() };
        let good = ("authorization", "Bearer 0123456789abcdef");
        let push = |peer, given: &[(&str, &str)]| asked(&pushed, Scheme::Push, None, peer, given);
        assert_eq!(push(LOCAL, &[good]), Ok(()));
        assert_eq!(push([192, 168, 1, 7], &[good]), Err(Denied::NotLocal));
        for name in ["X-Forwarded-For", "Forwarded", "Via"] {
            assert_eq!(push(LOCAL, &[good, (name, "1")]), Err(Denied::NotLocal), "{name}");
        }
        let other = push(LOCAL, &[("authorization", "Bearer 0123456789abcdeg")]);
        assert!(matches!(other, Err(Denied::Unproved(_))));
        assert_eq!(push(LOCAL, &[]), Err(Denied::NotHere), "no signature is configured");
        assert_eq!(asked(&pushed, Scheme::Square, None, LOCAL, &[good]), Err(Denied::NotHere));
    }

    #[test]
    fn no_time_stamp_is_judged_by_a_clock_that_is_not_set() {
        let secret = Secret::new("whsec_C2FVsBQIhrscChlQIMV+b5sSYspob7oD");
        let proof = Proof::Standard(StandardKey::parse(&secret).expect("a key"));
        let pushed = Pushed { proofs: [(Scheme::Standard, proof)].into(), ..Pushed::default() };
        assert_eq!(asked(&pushed, Scheme::Standard, None, LOCAL, &[]), Err(Denied::NoClock));
    }
}
