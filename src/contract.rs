//! Querying and terminating a contract after it was pre-signed.
//!
//! `GET /v3/password-exempt-contract/contracts/service-id/{service_id}/out-contract-code/{out_contract_code}`, and
//! `POST` to the same path with `/terminate`. No notification is sent if the user abandons signing, so a caller without
//! one queries the contract.

use crate::error::Error;
use crate::fields::{self, Content, Context, FieldSpec, Shape, Value};
use crate::presign::fields::{OUT_CONTRACT_CODE, SERVICE_ID};
use crate::request::UnsignedRequest;
use crate::validation::{FieldMap, FieldReader};

/// The reason for the termination. WeChat's page of the endpoint, dated 2024-11-18, gives its length.
const REMARK: FieldSpec = FieldSpec::required("contract_termination_remark", Shape::Text(256, Content::Any));

/// Queries a contract. `contract` holds `service_id` and `out_contract_code`.
///
/// # Errors
/// [`Error::InvalidParameter`] with every issue.
pub fn query(contract: FieldMap) -> Result<UnsignedRequest, Error> {
    let mut reader = FieldReader::new(contract);
    let path = read_path(&mut reader);
    let path = reader.finish(path)?;
    Ok(UnsignedRequest {
        method: "GET",
        path,
        body: None,
    })
}

/// Terminates a contract. `contract` has the fields of [`query`]; `reason` holds `contract_termination_remark`.
///
/// # Errors
/// [`Error::InvalidParameter`] with every issue in the two.
pub fn terminate(contract: FieldMap, reason: FieldMap) -> Result<UnsignedRequest, Error> {
    let mut reader = FieldReader::new(contract);
    let path = read_path(&mut reader);
    reader.continue_with(reason);
    let body = fields::read(&mut reader, &[&REMARK], &Context::default());
    let path = reader.finish(path)?;
    Ok(UnsignedRequest {
        method: "POST",
        path: format!("{path}/terminate"),
        body: Some(body.to_json()),
    })
}

/// Neither field can contain a character that would have to be percent-encoded.
fn read_path(reader: &mut FieldReader) -> Option<String> {
    let contract = fields::read(reader, &[&SERVICE_ID, &OUT_CONTRACT_CODE], &Context::default());
    let [(_, Value::Integer(service_id)), (_, Value::Text(code))] = contract.0.as_slice() else {
        return None;
    };
    Some(format!(
        "/v3/password-exempt-contract/contracts/service-id/{service_id}/out-contract-code/{code}"
    ))
}
