use std::{net::SocketAddr, time::Duration};

use reqwest::{Client, Response, StatusCode, header};
use serde::{Deserialize, Serialize, de::DeserializeOwned};
use workflow_runtime::{TimedOut, Transient, idempotency_key};

use super::{
    Endpoint,
    api::{IDEMPOTENCY_KEY, RefusalBody},
};

/// The shop's connection to the services.
#[derive(Debug, Clone)]
pub struct Shop {
    client: Client,
    base: String,
}

impl Shop {
    /// For the services at this address.
    ///
    /// # Errors
    ///
    /// If the machine gives the client nothing to work with.
    pub fn new(services: SocketAddr) -> Result<Self, reqwest::Error> {
        // A proxy that the environment names could not reach this machine's own address.
        let client = Client::builder().no_proxy().build()?;
        Ok(Self { client, base: format!("http://{services}") })
    }

    /// Makes the one request of a step. Each attempt sends it with the same key, also after a
    /// crash: what it asks for is done once, however often the answer got lost.
    pub(super) async fn ask<T: DeserializeOwned>(
        &self,
        endpoint: Endpoint,
        request: &impl Serialize,
    ) -> Result<T, ServiceError> {
        self.post(endpoint, &idempotency_key(), request).await
    }

    /// Makes one request, which is done once for each key.
    pub(super) async fn post<T: DeserializeOwned>(
        &self,
        endpoint: Endpoint,
        key: &str,
        request: &impl Serialize,
    ) -> Result<T, ServiceError> {
        let sent = self
            .client
            .post(format!("{}{}", self.base, endpoint.path()))
            .header(IDEMPOTENCY_KEY, key)
            .json(request)
            .send()
            .await;
        let unreachable = |error: reqwest::Error| ServiceError::Unreachable {
            endpoint,
            detail: error.without_url().to_string(),
        };
        let response = sent.map_err(unreachable)?;
        match response.status() {
            status if status.is_success() => read(endpoint, response).await,
            StatusCode::SERVICE_UNAVAILABLE | StatusCode::TOO_MANY_REQUESTS => {
                Err(ServiceError::Busy { endpoint, retry_after: retry_after(&response) })
            }
            status if status.is_client_error() => {
                let RefusalBody { reason } = read(endpoint, response).await?;
                Err(ServiceError::Refused { endpoint, reason })
            }
            status => Err(ServiceError::Unexpected { endpoint, detail: status.to_string() }),
        }
    }
}

async fn read<T: DeserializeOwned>(
    endpoint: Endpoint,
    response: Response,
) -> Result<T, ServiceError> {
    response.json().await.map_err(|error| {
        let detail = error.to_string();
        if error.is_decode() {
            ServiceError::Unexpected { endpoint, detail }
        } else {
            ServiceError::Unreachable { endpoint, detail }
        }
    })
}

/// A number of seconds. The header may also hold a date, which these services never
/// send; the step's own backoff takes its place.
fn retry_after(response: &Response) -> Option<Duration> {
    let value = response.headers().get(header::RETRY_AFTER)?.to_str().ok()?;
    value.trim().parse().ok().map(Duration::from_secs)
}

/// Why a service did not do what was asked.
#[derive(Debug, PartialEq, Eq, Serialize, Deserialize, thiserror::Error)]
pub enum ServiceError {
    /// It can't answer now.
    #[error("{} is busy", .endpoint.service())]
    Busy {
        /// What was asked.
        endpoint: Endpoint,
        /// When it wants to be asked again, if it says so.
        retry_after: Option<Duration>,
    },
    /// It did not answer in time. What was asked may be done all the same.
    #[error("no answer within {0:?}")]
    TooLate(Duration),
    /// The connection failed.
    #[error("{} can't be reached: {detail}", .endpoint.service())]
    Unreachable {
        /// What was asked.
        endpoint: Endpoint,
        /// Why.
        detail: String,
    },
    /// It will not do it, now or later.
    #[error("{} refuses: {reason}", .endpoint.service())]
    Refused {
        /// What was asked.
        endpoint: Endpoint,
        /// Why.
        reason: String,
    },
    /// Its answer makes no sense.
    #[error("{} answers strangely: {detail}", .endpoint.service())]
    Unexpected {
        /// What was asked.
        endpoint: Endpoint,
        /// What it said.
        detail: String,
    },
}

impl From<TimedOut> for ServiceError {
    fn from(timed_out: TimedOut) -> Self {
        Self::TooLate(timed_out.duration())
    }
}

impl Transient for ServiceError {
    fn is_transient(&self) -> bool {
        matches!(self, Self::Busy { .. } | Self::TooLate(_) | Self::Unreachable { .. })
    }

    fn retry_after(&self) -> Option<Duration> {
        match self {
            Self::Busy { retry_after, .. } => *retry_after,
            _ => None,
        }
    }
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    use super::{
        super::{Fault, Faults, Service, Trouble},
        *,
    };

    const CHARGE: Endpoint = Endpoint::Charge;

    async fn shop(faults: Vec<Fault>) -> (Service, Shop) {
        let plan = [(CHARGE, Trouble::First(faults))].into();
        let service = Service::start(&Faults::Planned(plan)).await.unwrap();
        let shop = Shop::new(service.address()).unwrap();
        (service, shop)
    }

    async fn charge(shop: &Shop, key: &str, card: &str) -> Result<Value, ServiceError> {
        shop.post(CHARGE, key, &json!({ "card": card, "amount": "12.50" })).await
    }

    #[tokio::test]
    async fn reads_when_to_come_back() {
        let (service, shop) = shop(vec![Fault::BusyFor(2), Fault::Busy]).await;
        for retry_after in [Some(Duration::from_secs(2)), None] {
            let busy = ServiceError::Busy { endpoint: CHARGE, retry_after };
            assert_eq!(charge(&shop, "a", "4242").await, Err(busy));
        }
        assert_eq!(service.ledger().entries(), []);
        assert!(charge(&shop, "a", "4242").await.is_ok());
    }

    #[tokio::test]
    async fn the_same_key_is_done_once() {
        let (service, shop) = shop(Vec::new()).await;
        let first = charge(&shop, "a", "4242").await.unwrap();
        assert_eq!(charge(&shop, "a", "4242").await.unwrap(), first);
        assert_ne!(charge(&shop, "b", "4242").await.unwrap(), first);
        assert_eq!(service.ledger().charged(), "25.00".parse().unwrap());
    }

    #[tokio::test]
    async fn passes_on_why_something_is_refused() {
        let (_service, shop) = shop(Vec::new()).await;
        let error = charge(&shop, "a", "4000000000000002").await.unwrap_err();
        assert_eq!(error.to_string(), "the bank refuses: the card has not enough money");
    }

    #[tokio::test]
    async fn an_answer_that_is_no_refusal_is_strange() {
        let (_service, shop) = shop(Vec::new()).await;
        let error = shop.post::<Value>(CHARGE, "a", &json!({})).await.unwrap_err();
        assert!(matches!(error, ServiceError::Unexpected { .. }), "{error}");
    }

    #[tokio::test]
    async fn nobody_there_is_something_to_try_again() {
        let (service, _) = shop(Vec::new()).await;
        let address = service.address();
        drop(service);
        // The server's task is dropped once it gets its turn.
        tokio::task::yield_now().await;
        let error = charge(&Shop::new(address).unwrap(), "a", "4242").await.unwrap_err();
        assert!(matches!(error, ServiceError::Unreachable { .. }), "{error}");
    }
}
