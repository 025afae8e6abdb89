//! How a call ends: the fair answer, or what a fault makes of it.
//!
//! Pure; the server writes it.

use serde_json::{Value, json};

use super::answer::body;
use super::fault::FaultAnswer;
use super::profile::{Answer, BanShape, Profile};

/// How a call ends.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Ending {
    /// This status with this body.
    Json(u16, Value),
    /// This status with this body, which breaks off in the middle.
    Truncated(u16, Value),
    /// This status with this body, a byte at a time with that pause in milliseconds.
    Slow(u16, Value, u32),
    /// This status with an empty body.
    Empty(u16),
    /// This status with a web page.
    Page(u16),
    /// The gateway's answer to a banned address.
    Banned(BanShape),
    /// The same with the rate limit's code in it.
    BannedMerged,
    /// No answer; the connection is reset.
    Reset,
}

/// What became of a call.
#[derive(Clone, Debug, Default)]
pub(super) struct Verdict {
    /// What is to be answered; nothing where the gateway answers.
    pub(super) answer: Option<Answer>,
    /// The idempotency key of a message that passed.
    pub(super) msg_uuid: Option<String>,
    /// Whether the group saw a new message.
    pub(super) shown: bool,
    /// Whether the address is banned.
    pub(super) banned: bool,
}

/// How a call of this verdict ends, spoiled by `fault` where one struck.
pub(super) fn ending(verdict: &Verdict, fault: Option<&FaultAnswer>, profile: &Profile) -> Ending {
    let fair = |strings| match &verdict.answer {
        Some(answer) => Ok((200, body(answer, strings))),
        None => Err(Ending::Banned(profile.gateway.shape)),
    };
    let strings = profile.string_codes || matches!(fault, Some(FaultAnswer::StringCodes));
    spoiled(fair(strings), fault)
}

/// How a call ends whose fair answer is `fair`, or the gateway's.
pub(super) fn spoiled(fair: Result<(u16, Value), Ending>, fault: Option<&FaultAnswer>) -> Ending {
    let json = |wrap: fn(u16, Value) -> Ending| match fair.clone() {
        Ok((status, body)) => wrap(status, body),
        Err(banned) => banned,
    };
    match fault {
        None | Some(FaultAnswer::Throttle | FaultAnswer::Refuse(_) | FaultAnswer::StringCodes) => {
            json(Ending::Json)
        }
        Some(FaultAnswer::Fail(failure)) => {
            let body = json!({"code": failure.code, "requestid": "0", "message": failure.message});
            Ending::Json(failure.status, body)
        }
        Some(FaultAnswer::Http500 | FaultAnswer::Http500After) => Ending::Empty(500),
        Some(FaultAnswer::Http502) => Ending::Page(502),
        Some(FaultAnswer::Http503) => Ending::Page(503),
        Some(FaultAnswer::Http504) => Ending::Page(504),
        Some(FaultAnswer::Html) => Ending::Page(200),
        Some(FaultAnswer::IpBan(shape)) => Ending::Banned(*shape),
        Some(FaultAnswer::IpBanMerged) => Ending::BannedMerged,
        Some(FaultAnswer::ResetBefore | FaultAnswer::ResetAfter) => Ending::Reset,
        Some(FaultAnswer::Truncated) => json(Ending::Truncated),
        Some(FaultAnswer::SlowBody(pause_ms)) => match fair {
            Ok((status, body)) => Ending::Slow(status, body, *pause_ms),
            Err(banned) => banned,
        },
    }
}

#[cfg(test)]
mod tests {
    use super::{BanShape, Ending, FaultAnswer, Profile, Verdict, ending};

    #[test]
    fn a_banned_caller_is_answered_by_the_gateway_whatever_spoils_the_answer() {
        let banned = Verdict { banned: true, ..Verdict::default() };
        let profile = Profile::default();
        for fault in [
            None,
            Some(FaultAnswer::Truncated),
            Some(FaultAnswer::SlowBody(1)),
            Some(FaultAnswer::StringCodes),
        ] {
            let end = ending(&banned, fault.as_ref(), &profile);
            assert_eq!(end, Ending::Banned(BanShape::Json), "{fault:?}");
        }
    }
}
