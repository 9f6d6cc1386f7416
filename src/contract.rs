//! A contract after it was pre-signed: asking for it, and ending it.
//!
//! `GET /v3/password-exempt-contract/contracts/service-id/{service_id}/out-contract-code/{out_contract_code}`, and
//! `POST` to the same with `/terminate`. A user who gives up, or fails, to sign causes no notification; so whoever hears
//! nothing asks.

use crate::error::Error;
use crate::given::{Fields, Reading};
use crate::presign::Body;
use crate::presign::family::{Content, FieldSpec, OUT_CONTRACT_CODE, SERVICE_ID, Shape};
use crate::presign::field::{self, Value};
use crate::request::{Destination, Request};

/// Why a contract is ended. Its length is that of WeChat's page of the endpoint, dated 2024-11-18.
const REMARK: FieldSpec = FieldSpec::required("contract_termination_remark", Shape::Text(256, Content::Any));

/// Asks for a contract: `contract` holds `service_id` and `out_contract_code`, `options` may hold `baseUrl` and
/// `platformSerial`.
///
/// # Errors
/// [`Error::InvalidParameter`] with everything that is wrong with either.
pub fn query(contract: Fields, options: Fields) -> Result<Request, Error> {
    let (destination, mut reading) = read_options(options);
    let path = read_path(&mut reading, contract);
    let path = reading.finish(path)?;
    Ok(destination.request("GET", &path, None))
}

/// Ends a contract: as [`query`], and `reason` holds `contract_termination_remark`.
///
/// # Errors
/// [`Error::InvalidParameter`] with everything that is wrong with any of them.
pub fn terminate(contract: Fields, reason: Fields, options: Fields) -> Result<Request, Error> {
    let (destination, mut reading) = read_options(options);
    let path = read_path(&mut reading, contract);
    reading.and(reason);
    let remark = field::read(&mut reading, &REMARK, REMARK.limit());
    reading.no_others(&[REMARK.name]);
    let (path, remark) = reading.finish(path.zip(remark))?;
    let body = Body(vec![(REMARK.name, remark)]).to_json();
    Ok(destination.request("POST", &format!("{path}/terminate"), Some(body)))
}

fn read_options(options: Fields) -> (Destination, Reading) {
    let mut reading = Reading::of(options);
    let destination = Destination::read(&mut reading);
    reading.no_others(&Destination::FIELDS);
    (destination, reading)
}

/// Neither of the two can hold anything that would have to be percent-encoded.
fn read_path(reading: &mut Reading, contract: Fields) -> Option<String> {
    reading.and(contract);
    let service_id = field::read(reading, &SERVICE_ID, None);
    let code = field::read(reading, &OUT_CONTRACT_CODE, OUT_CONTRACT_CODE.limit());
    reading.no_others(&[SERVICE_ID.name, OUT_CONTRACT_CODE.name]);
    let (Value::Integer(service_id), Value::Text(code)) = service_id.zip(code)? else {
        return None;
    };
    Some(format!(
        "/v3/password-exempt-contract/contracts/service-id/{service_id}/out-contract-code/{code}"
    ))
}
