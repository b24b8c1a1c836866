use std::sync::Arc;

use axum::{
    Json, Router,
    extract::{FromRequestParts, State as Shared},
    http::{StatusCode, request::Parts},
    middleware,
    routing::post,
};

use super::{
    super::{
        Endpoint,
        api::{
            AssessRequest, CancelRequest, ChargeRequest, IDEMPOTENCY_KEY, MailRequest,
            OrderRequest, QuoteRequest, RefundRequest, ReleaseRequest, ReserveRequest, ShipRequest,
        },
    },
    books::Books,
    faults,
    state::{Answer, Refusal, State},
};

pub(super) fn router(state: Arc<State>) -> Router {
    Router::new()
        .route(Endpoint::Reserve.path(), post(reserve))
        .route(Endpoint::Release.path(), post(release))
        .route(Endpoint::Quote.path(), post(quote))
        .route(Endpoint::Assess.path(), post(assess))
        .route(Endpoint::Charge.path(), post(charge))
        .route(Endpoint::Refund.path(), post(refund))
        .route(Endpoint::Order.path(), post(order))
        .route(Endpoint::Cancel.path(), post(cancel))
        .route(Endpoint::Ship.path(), post(ship))
        .route(Endpoint::Mail.path(), post(mail))
        .layer(middleware::from_fn_with_state(Arc::clone(&state), faults::inject))
        .with_state(state)
}

/// The key under which a request is done once. The path is a part of it, as if each
/// service had its own.
struct Key(String);

impl<S: Sync> FromRequestParts<S> for Key {
    type Rejection = Refusal;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, Refusal> {
        let key = parts.headers.get(IDEMPOTENCY_KEY).and_then(|value| value.to_str().ok());
        key.map(|key| Self(format!("{} {key}", parts.uri.path()))).ok_or_else(|| Refusal {
            status: StatusCode::BAD_REQUEST,
            reason: format!("no {IDEMPOTENCY_KEY}"),
        })
    }
}

type AnyState = Shared<Arc<State>>;

async fn reserve(
    Shared(state): AnyState,
    Key(key): Key,
    Json(request): Json<ReserveRequest>,
) -> Answer {
    state.once(key, |books| books.reserve(request.lines))
}

async fn release(
    Shared(state): AnyState,
    Key(key): Key,
    Json(request): Json<ReleaseRequest>,
) -> Answer {
    state.once(key, |books| books.release(request.reservation))
}

async fn quote(
    Shared(state): AnyState,
    Key(key): Key,
    Json(request): Json<QuoteRequest>,
) -> Answer {
    state.once(key, |_| Books::quote(&request.country))
}

async fn assess(
    Shared(state): AnyState,
    Key(key): Key,
    Json(request): Json<AssessRequest>,
) -> Answer {
    state.once(key, |_| Books::assess(&request.card, &request.country))
}

async fn charge(
    Shared(state): AnyState,
    Key(key): Key,
    Json(request): Json<ChargeRequest>,
) -> Answer {
    state.once(key, |books| books.charge(&request.card, request.amount))
}

async fn refund(
    Shared(state): AnyState,
    Key(key): Key,
    Json(request): Json<RefundRequest>,
) -> Answer {
    state.once(key, |books| books.refund(request.payment))
}

async fn order(Shared(state): AnyState, Key(key): Key, Json(_): Json<OrderRequest>) -> Answer {
    state.once(key, |books| Ok(books.order()))
}

async fn cancel(
    Shared(state): AnyState,
    Key(key): Key,
    Json(request): Json<CancelRequest>,
) -> Answer {
    state.once(key, |books| books.cancel(request.order))
}

async fn ship(Shared(state): AnyState, Key(key): Key, Json(request): Json<ShipRequest>) -> Answer {
    state.once(key, |books| Ok(books.ship(request.order, &request.country)))
}

async fn mail(Shared(state): AnyState, Key(key): Key, Json(request): Json<MailRequest>) -> Answer {
    state.once(key, |books| books.mail(request.to, request.subject))
}
