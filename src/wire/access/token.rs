//! A token that is fetched: lazily, again before it expires, and once more when it is refused.

use std::sync::{self, Arc};

use jiff::{SignedDuration, Timestamp};
use tokio::sync::Mutex;

use crate::context::Clock;
use crate::lock::lock;

use super::command::TokenCommand;
use super::oauth::ClientCredentials;
use crate::wire::message::exchange::{Response, TransportError};
use crate::wire::message::key::shortened;
use crate::wire::message::request::Request;
use crate::wire::redact::masking::Needles;
use crate::wire::redact::secret::Secret;
use crate::wire::transport::client::HttpClient;

/// A token this close to its end is not used any more: the request still has to get there.
const SPARE: SignedDuration = SignedDuration::from_secs(30);

/// Where tokens come from.
#[derive(Debug)]
pub enum Origin {
    /// The OAuth 2.0 client credentials grant.
    OAuth(ClientCredentials),
    /// A command that prints a token.
    Command(TokenCommand),
}

#[derive(Debug)]
struct Held {
    secret: Secret,
    until: Option<Timestamp>,
    /// Whether the endpoint has taken it once. One that it never took is not worth fetching again.
    taken: bool,
}

/// A token that is fetched and shared by all pairs of a run.
#[derive(Debug)]
pub struct TokenSource {
    origin: Origin,
    held: Mutex<Option<Held>>,
    seen: Arc<sync::Mutex<Needles>>,
}

impl TokenSource {
    /// A source that has fetched nothing yet.
    pub fn new(origin: Origin) -> Self {
        Self { origin, held: Mutex::default(), seen: Arc::default() }
    }

    /// What must be masked because this source knows or has fetched it; it grows.
    pub(in crate::wire) fn seen(&self) -> Arc<sync::Mutex<Needles>> {
        Arc::clone(&self.seen)
    }

    /// The secret that tokens are fetched with.
    pub(in crate::wire) fn key(&self) -> Option<(&str, &Secret)> {
        match &self.origin {
            Origin::OAuth(client) => Some((&client.client_id, &client.client_secret)),
            Origin::Command(_) => None,
        }
    }

    pub(in crate::wire) fn describe(&self) -> &'static str {
        match &self.origin {
            Origin::OAuth(_) => "OAuth 2.0 client credentials",
            Origin::Command(_) => "token from a command",
        }
    }

    /// Sends a request with a token. An answer 401 to a token that was good before has it fetched anew, once.
    pub(in crate::wire) async fn send(
        &self,
        http: &HttpClient,
        clock: &Clock,
        base: &str,
        request: &Request,
    ) -> Result<Response, TransportError> {
        let first = self.token(http, clock, None).await?;
        let value = |token: &Secret| request.key.header(token.expose());
        let response = http.execute(base, value(&first).as_deref(), request).await?;
        // Another form of the token says nothing of the token.
        if request.key.is_altered() {
            return Ok(response);
        }
        if response.status != 401 {
            self.taken(&first).await;
            return Ok(response);
        }
        let next = self.token(http, clock, Some(&first)).await?;
        if next == first {
            return Ok(response);
        }
        let response = http.execute(base, value(&next).as_deref(), request).await?;
        if response.status != 401 {
            self.taken(&next).await;
        }
        Ok(response)
    }

    /// The token that is good now; after a refusal, another one, unless that token was never taken.
    async fn token(
        &self,
        http: &HttpClient,
        clock: &Clock,
        refused: Option<&Secret>,
    ) -> Result<Secret, TransportError> {
        // Held while fetching: several pairs that need a token at a time fetch one.
        let mut held = self.held.lock().await;
        if let Some(held) = &*held {
            let lasts = held.until.is_none_or(|until| clock.now() < until);
            let stands = match refused {
                Some(refused) => *refused != held.secret || !held.taken,
                None => lasts,
            };
            if stands {
                return Ok(held.secret.clone());
            }
        }
        let token = match &self.origin {
            Origin::OAuth(client) => client.fetch(http).await?,
            Origin::Command(command) => command.run().await?,
        };
        {
            let mut seen = lock(&self.seen);
            seen.add(&token.secret);
            seen.add(&Secret::new(shortened(token.secret.expose())));
        }
        let until = token.lasts.map(|lasts| {
            // Half of a very short life is better than none.
            let usable = lasts.saturating_sub(SPARE).max(lasts / 2);
            clock.now().saturating_add(usable).unwrap_or(Timestamp::MAX)
        });
        *held = Some(Held { secret: token.secret.clone(), until, taken: false });
        Ok(token.secret)
    }

    async fn taken(&self, token: &Secret) {
        if let Some(held) = &mut *self.held.lock().await
            && held.secret == *token
        {
            held.taken = true;
        }
    }
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use wiremock::matchers::any;
    use wiremock::{Mock, MockServer, ResponseTemplate};

    use super::*;
    use crate::wire::{ClientAuth, Limits, Method};

    fn client(token_url: String) -> TokenSource {
        TokenSource::new(Origin::OAuth(ClientCredentials {
            token_url,
            client_id: "app".to_owned(),
            client_secret: Secret::new("s3cret"),
            scope: None,
            params: Vec::new(),
            client_auth: ClientAuth::Basic,
        }))
    }

    #[tokio::test]
    async fn a_token_is_fetched_again_before_it_expires() {
        let (tokens, endpoint) = (MockServer::start().await, MockServer::start().await);
        let answer = serde_json::json!({"access_token": "at", "expires_in": "300"});
        Mock::given(any())
            .respond_with(ResponseTemplate::new(200).set_body_json(answer))
            .mount(&tokens)
            .await;
        Mock::given(any()).respond_with(ResponseTemplate::new(200)).mount(&endpoint).await;
        let source = client(tokens.uri());
        let clock = Clock::fixed("2026-11-21T10:00:00Z".parse().unwrap());
        let http = HttpClient::new(Limits::default());
        let request = Request::new(Method::Get, "/Users");
        let base = endpoint.uri();
        let fetched = async || tokens.received_requests().await.unwrap().len();
        assert_eq!(fetched().await, 0);
        for (advance, wanted) in [(0, 1), (269, 1), (1, 2), (269, 2), (1_000, 3)] {
            clock.advance(advance);
            source.send(&http, &clock, &base, &request).await.unwrap();
            assert_eq!(fetched().await, wanted, "after {advance} s");
        }
        assert_eq!(endpoint.received_requests().await.unwrap().len(), 5);
    }

    #[tokio::test]
    async fn pairs_that_need_a_token_at_a_time_fetch_one() {
        let (tokens, endpoint) = (MockServer::start().await, MockServer::start().await);
        let answer = serde_json::json!({"access_token": "at", "expires_in": 300});
        let slow = ResponseTemplate::new(200).set_body_json(answer).set_delay(Duration::from_millis(50));
        Mock::given(any()).respond_with(slow).mount(&tokens).await;
        Mock::given(any()).respond_with(ResponseTemplate::new(200)).mount(&endpoint).await;
        let source = client(tokens.uri());
        let (clock, http) = (Clock::system(), HttpClient::new(Limits::default()));
        let request = Request::new(Method::Get, "/Users");
        let base = endpoint.uri();
        let send = || source.send(&http, &clock, &base, &request);
        let (one, two, three) = tokio::join!(send(), send(), send());
        assert!(one.is_ok() && two.is_ok() && three.is_ok());
        assert_eq!(tokens.received_requests().await.unwrap().len(), 1);
    }
}
