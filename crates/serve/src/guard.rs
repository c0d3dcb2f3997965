//! What keeps other pages, other computers and other users out.
//!
//! A page elsewhere can make a browser send requests here (CSRF) and, by a name that it points at this computer, read the
//! answers (DNS rebinding). So the `Host` must be ours, a request that changes something must come from one of our own pages, and
//! all but the entrance asks for the cookie, which the browser sends to nobody else and shows to no script.

use std::sync::Arc;

use axum::{
    extract::{Request, State},
    http::{HeaderMap, HeaderValue, Method, StatusCode, header},
    middleware::Next,
    response::{IntoResponse, Response},
};

use crate::{app::App, session::COOKIE};

/// Who sends a request.
#[derive(Clone, Debug)]
pub struct Person {
    /// Their name, as it stands in their decisions.
    pub who: String,
    /// Their cookie.
    pub cookie: String,
}

/// Nothing but our own files runs or shows; nobody frames a page.
const POLICY: &str = "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; connect-src 'self'; \
                      form-action 'self'; base-uri 'none'; frame-ancestors 'none'";

/// Files that hold nothing of the study.
const OPEN: [&str; 4] = ["/open", "/app.css", "/app.js", "/icon.svg"];

/// Lets through what is ours and dresses the answer.
pub async fn guard(State(app): State<Arc<App>>, mut request: Request, next: Next) -> Response {
    let response = match refusal(&app, &mut request) {
        Some((status, why)) => (status, why).into_response(),
        None => next.run(request).await,
    };
    dressed(response)
}

fn refusal(app: &App, request: &mut Request) -> Option<(StatusCode, &'static str)> {
    let headers = request.headers();
    let mut hosts = headers.get_all(header::HOST).iter();
    let host = hosts.next().and_then(|host| host.to_str().ok()).filter(|_| hosts.next().is_none());
    let Some(host) = host.filter(|host| app.is_ours(host)) else {
        return Some((
            StatusCode::MISDIRECTED_REQUEST,
            "This address is not ours: use the link that klantreis printed.",
        ));
    };
    let reads = matches!(*request.method(), Method::GET | Method::HEAD);
    if !reads && !is_same_origin(headers, host) {
        return Some((StatusCode::FORBIDDEN, "This request does not come from a page of klantreis."));
    }
    if OPEN.contains(&request.uri().path()) {
        return None;
    }
    let cookie = cookie(headers);
    let person = cookie.and_then(|cookie| Some(Person { who: app.sessions.who(&cookie)?, cookie }));
    match person {
        Some(person) => {
            request.extensions_mut().insert(person);
            None
        }
        None => Some((StatusCode::UNAUTHORIZED, "Open klantreis by the link that it printed; each link works once.")),
    }
}

/// Browsers tell where a request comes from; what does not tell is no page of ours.
fn is_same_origin(headers: &HeaderMap, host: &str) -> bool {
    let get = |name| headers.get(name).and_then(|value: &HeaderValue| value.to_str().ok());
    let origin = get("origin").and_then(|origin| origin.strip_prefix("http://"));
    let site = get("sec-fetch-site").is_none_or(|site| site == "same-origin");
    site && origin.is_some_and(|origin| origin.eq_ignore_ascii_case(host))
}

fn cookie(headers: &HeaderMap) -> Option<String> {
    let pairs =
        headers.get_all(header::COOKIE).iter().filter_map(|value| value.to_str().ok()).flat_map(|v| v.split(';'));
    pairs.filter_map(|pair| pair.trim().split_once('=')).find(|(name, _)| *name == COOKIE).map(|(_, v)| v.to_owned())
}

fn dressed(mut response: Response) -> Response {
    let headers = response.headers_mut();
    for (name, value) in [
        (header::CONTENT_SECURITY_POLICY, POLICY),
        (header::X_CONTENT_TYPE_OPTIONS, "nosniff"),
        (header::X_FRAME_OPTIONS, "DENY"),
        // With "no-referrer" browsers hide the origin of our own forms too.
        (header::REFERRER_POLICY, "same-origin"),
        (header::HeaderName::from_static("cross-origin-opener-policy"), "same-origin"),
        (header::HeaderName::from_static("cross-origin-resource-policy"), "same-origin"),
    ] {
        headers.insert(name, HeaderValue::from_static(value));
    }
    headers.entry(header::CACHE_CONTROL).or_insert(HeaderValue::from_static("no-store"));
    response
}
