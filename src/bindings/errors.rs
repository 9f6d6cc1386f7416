//! Errors as plain data, from which the TypeScript makes instances of its classes.

use serde::Serialize;
use wasm_bindgen::prelude::*;

use super::write;
use crate::error::Error;

#[derive(Serialize, Default)]
#[serde(rename_all = "camelCase")]
struct ErrorPayload {
    code: &'static str,
    message: String,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    issues: Vec<IssuePayload>,
    #[serde(skip_serializing_if = "Option::is_none")]
    reason: Option<&'static str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    api: Option<ApiPayload>,
    #[serde(skip_serializing_if = "Option::is_none")]
    request_id: Option<String>,
}

#[derive(Serialize)]
struct IssuePayload {
    field: String,
    rule: &'static str,
    message: String,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct ApiPayload {
    status: u16,
    retryable: bool,
    verified: bool,
    #[serde(skip_serializing_if = "Option::is_none")]
    api_code: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    api_message: Option<String>,
    /// In JSON, so that every number stays as WeChat Pay sent it.
    #[serde(skip_serializing_if = "Option::is_none")]
    detail: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    body_excerpt: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    cause: Option<Box<ErrorPayload>>,
}

impl From<Error> for ErrorPayload {
    fn from(error: Error) -> Self {
        let payload = Self {
            code: error.code(),
            message: error.to_string(),
            ..Self::default()
        };
        match error {
            Error::InvalidParameter(issues) => {
                let issues = issues.into_iter().map(|issue| IssuePayload {
                    field: issue.field,
                    rule: issue.rule.name(),
                    message: issue.message,
                });
                let issues = issues.collect();
                Self { issues, ..payload }
            }
            Error::Verification(failure) => Self {
                reason: Some(failure.reason.name()),
                ..payload
            },
            Error::Api(failure) => Self {
                api: Some(ApiPayload {
                    status: failure.status,
                    retryable: failure.retryable,
                    verified: failure.verification.is_none(),
                    api_code: failure.body.code,
                    api_message: failure.body.message,
                    detail: failure.body.detail,
                    body_excerpt: failure.body.excerpt,
                    cause: failure.verification.map(|error| Box::new(Self::from(*error))),
                }),
                ..payload
            },
            Error::InvalidKey(_) | Error::Decryption(_) | Error::Randomness | Error::Clock | Error::Signing => payload,
        }
    }
}

/// The value to throw for an error.
pub(super) fn throw(error: Error) -> JsValue {
    write(&ErrorPayload::from(error))
}

/// The same, with the id of the request that the error is about.
pub(super) fn throw_for_request(error: Error, request_id: Option<String>) -> JsValue {
    write(&ErrorPayload {
        request_id,
        ..ErrorPayload::from(error)
    })
}
