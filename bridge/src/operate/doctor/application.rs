//! The application: whether DingTalk knows it. Costs one request, and opens no connection.

use std::sync::Arc;

use super::Finding;
use crate::clock::Clock;
use crate::config::App;
use crate::dingtalk::openapi::{Counted, OpenApi};

pub(super) async fn known(app: &App, clock: Clock) -> Finding {
    let id = &app.client_id;
    let api = match OpenApi::new(app, clock, Arc::new(Counted::default())) {
        Ok(api) => api,
        Err(error) => {
            return Finding::bad(format!("application {id}: {error}"), "see docs/APPLICATION.md");
        }
    };
    match api.sign_in().await {
        Ok(()) => Finding::ok(format!("application {id}: DingTalk knows it")),
        Err(error) => Finding::bad(format!("application {id}: {error}"), error.hint()),
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;
    use wiremock::{Mock, MockServer, ResponseTemplate, matchers};

    use super::known;
    use crate::clock::Clock;
    use crate::config::App;
    use crate::operate::doctor::Level;
    use crate::secret::Secret;

    #[tokio::test]
    async fn an_application_is_known_or_the_doctor_says_what_to_copy_again() {
        let server = MockServer::start().await;
        let app = App {
            client_id: "dingabc".into(),
            client_secret: Secret::new("app-s3cr3t"),
            api: server.uri(),
            robot_code: "dingabc".into(),
            monthly_calls: 5_000,
            ca_file: None,
            proxy: None,
        };
        let refused = json!({ "code": "invalidClientIdOrSecret", "message": "app-s3cr3t" });
        for (status, body, level) in [
            (200, json!({ "accessToken": "t", "expireIn": 7200 }), Level::Ok),
            (400, refused, Level::Bad),
        ] {
            let answer = ResponseTemplate::new(status).set_body_json(body);
            let once = Mock::given(matchers::any()).respond_with(answer).up_to_n_times(1);
            once.mount(&server).await;
            let found = known(&app, Clock::real()).await;
            assert_eq!(found.level, level, "{found:?}");
            assert!(!format!("{found:?}").contains("s3cr3t"), "{found:?}");
            assert_eq!(found.hint.is_some_and(|hint| hint.contains("copy")), status == 400);
        }
    }
}
