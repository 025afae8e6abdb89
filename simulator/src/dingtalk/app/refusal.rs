//! What the `OpenAPI` says where it refuses: an HTTP status and `{"code","requestid","message"}`.
//!
//! Codes are the documented ones; a text is the observed one where somebody observed it, and the
//! code itself where the documentation repeats it.

use serde_json::{Value, json};

/// A refusal.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(in crate::dingtalk) struct ApiRefusal {
    /// HTTP status.
    pub(in crate::dingtalk) status: u16,
    /// Code.
    pub(in crate::dingtalk) code: String,
    /// Text.
    pub(in crate::dingtalk) message: String,
    /// The permissions that are missing.
    scopes: Vec<&'static str>,
}

impl ApiRefusal {
    fn new(status: u16, code: &str, message: &str) -> Self {
        let (code, message) = (code.to_owned(), message.to_owned());
        Self { status, code, message, scopes: Vec::new() }
    }

    /// HTTP 400 with a text of its own.
    pub(super) fn bad(code: &str, message: &str) -> Self {
        Self::new(400, code, message)
    }

    /// HTTP 400 whose text is its code, as the tables of the documentation have it.
    pub(super) fn plain(code: &str) -> Self {
        Self::new(400, code, code)
    }

    /// A required field is missing.
    pub(super) fn missing(field: &str) -> Self {
        let message = format!("{field} is mandatory for this action.");
        Self::new(400, &format!("Missing{field}"), &message)
    }

    /// The body is no JSON object.
    pub(super) fn no_json() -> Self {
        Self::new(400, "InvalidParameter", "请求体不是合法的JSON")
    }

    /// The header with the token is missing.
    pub(super) fn no_token() -> Self {
        let message = "缺少参数：x-acs-dingtalk-access-token";
        Self::new(400, "AuthenticationFailed.MissingParameter", message)
    }

    /// The token is unknown or has expired.
    pub(super) fn bad_token() -> Self {
        Self::new(400, "InvalidAuthentication", "不合法的access_token")
    }

    /// Id and secret do not belong together, said where a token is asked for.
    pub(super) fn bad_secret() -> Self {
        Self::new(400, "invalidClientIdOrSecret", "无效的clientId或者clientSecret")
    }

    /// The same, said by the Stream gateway.
    pub(super) fn bad_client() -> Self {
        Self::new(401, "authFailed", "鉴权失败")
    }

    /// The application lacks a permission.
    pub(super) fn denied(scope: &'static str) -> Self {
        let message = "没有调用该接口的权限，接口权限申请参考：\
                       https://open.dingtalk.com/document/orgapp-server/add-api-permission";
        let code = "Forbidden.AccessDenied.AccessTokenPermissionDenied";
        Self { scopes: vec![scope], ..Self::new(403, code, message) }
    }

    /// The caller's address is not on the application's list.
    pub(super) fn ip() -> Self {
        Self::new(403, "Forbidden.AccessDenied.IpNotInWhiteList", "访问ip不在白名单之中")
    }

    /// More calls in a second than one application may make of one interface.
    pub(in crate::dingtalk) fn too_fast() -> Self {
        let message = "钉钉api的qps超过了限制";
        Self::new(403, "Forbidden.AccessDenied.QpsLimitForAppkeyAndApi", message)
    }

    /// The month's calls are used up.
    pub(super) fn month() -> Self {
        let message = "企业的API调用量已超过限制";
        Self::new(403, "Forbidden.AccessDenied.ApiCountLimitForOrg", message)
    }

    /// The body of the answer.
    pub(in crate::dingtalk) fn body(&self, request: &str) -> Value {
        let mut body = json!({"code": self.code, "requestid": request, "message": self.message});
        if !self.scopes.is_empty() {
            body["accessdenieddetail"] = json!({"requiredScopes": self.scopes});
        }
        body
    }
}
