//! The part of a URL that is signed: its path and query, exactly as they are sent.
//!
//! `fetch` rewrites a URL that is not in its normal form: it encodes blanks and non-ASCII characters and resolves `..`.
//! The signature would not match, and WeChat Pay would respond with SIGN_ERROR. Such a URL is rejected here.

use std::net::{Ipv4Addr, Ipv6Addr};

use http::uri::Authority;

/// Returns path and query of an absolute `http(s)` URL or of a path.
///
/// # Errors
/// The rule that the URL breaks, as the end of a sentence that begins with the field's name.
pub fn path_and_query(url: &str) -> Result<String, &'static str> {
    let rest = if url.starts_with('/') {
        if url.starts_with("//") {
            return Err("must be an absolute URL, or a path that starts with a single '/'");
        }
        url
    } else {
        split_authority(url)?.1
    };
    let sent = rest.split_once('#').map_or(rest, |(before, _fragment)| before);
    let (path, query) = sent
        .split_once('?')
        .map_or((sent, None), |(path, query)| (path, Some(query)));
    if query == Some("") {
        return Err("must not end in '?': fetch omits an empty query");
    }
    check(path, query)?;
    Ok(match (path, query) {
        ("", None) => "/".to_owned(),
        ("", Some(query)) => format!("/?{query}"),
        _ => sent.to_owned(),
    })
}

/// Returns the origin (`scheme://host[:port]`) of a URL without a path.
///
/// # Errors
/// As [`path_and_query`].
pub fn origin(url: &str) -> Result<&str, &'static str> {
    let (origin, rest) = split_authority(url)?;
    match rest {
        "" | "/" => Ok(origin),
        _ => Err("must be an origin such as https://api.mch.weixin.qq.com, without a path, query or fragment"),
    }
}

/// Whether the URL has this scheme, in upper or lower case.
#[must_use]
pub fn has_scheme(url: &str, scheme: &str) -> bool {
    url.split_once("://")
        .is_some_and(|(given, _)| given.eq_ignore_ascii_case(scheme))
}

/// Whether the host of an absolute URL is this machine: `localhost`, a name below `.localhost`, `127.…` or `[::1]`.
#[must_use]
pub fn is_loopback(url: &str) -> bool {
    let Ok((origin, _)) = split_authority(url) else {
        return false;
    };
    let authority = origin
        .split_once("://")
        .and_then(|(_, authority)| authority.parse::<Authority>().ok());
    authority.is_some_and(|authority| {
        let host = authority.host().to_ascii_lowercase();
        host == "localhost"
            || host.ends_with(".localhost")
            || host == "[::1]"
            || host.parse::<Ipv4Addr>().is_ok_and(|address| address.is_loopback())
    })
}

/// Splits an absolute URL after its authority.
fn split_authority(url: &str) -> Result<(&str, &str), &'static str> {
    const NOT_ABSOLUTE: &str = "must be an absolute https:// URL";
    if !has_scheme(url, "https") && !has_scheme(url, "http") {
        return Err(NOT_ABSOLUTE);
    }
    let (_, after) = url.split_once("://").ok_or(NOT_ABSOLUTE)?;
    let (authority, _) = after.split_once(['/', '?', '#', '\\']).unwrap_or((after, ""));
    let rest = after.strip_prefix(authority).unwrap_or_default();
    if authority.contains('@') {
        return Err("must not contain a user name or password");
    }
    check_authority(authority)?;
    Ok((url.strip_suffix(rest).unwrap_or(url), rest))
}

/// Rejects a host and port that no `fetch` accepts.
fn check_authority(authority: &str) -> Result<(), &'static str> {
    const HOST: &str = "must name a host, in ASCII (an international name in its xn-- form)";
    const PORT: &str = "must have a port from 1 to 65535, or none";
    let parsed: Authority = authority.parse().map_err(|_| HOST)?;
    let host = parsed.host();
    if let Some(port) = authority.strip_prefix(host).and_then(|rest| rest.strip_prefix(':')) {
        let is_decimal = port.bytes().all(|byte| byte.is_ascii_digit());
        if !is_decimal || port.parse::<u16>().is_ok_and(|port| port == 0) || parsed.port_u16().is_none() {
            return Err(PORT);
        }
    }
    let bracketed = host.strip_prefix('[').and_then(|rest| rest.strip_suffix(']'));
    if let Some(address) = bracketed {
        return address
            .parse::<Ipv6Addr>()
            .map(drop)
            .map_err(|_| "must not have brackets around anything but an IPv6 address");
    }
    let is_name = |byte: u8| byte.is_ascii_alphanumeric() || b"-._".contains(&byte);
    if host.is_empty() || !host.bytes().all(is_name) {
        return Err(HOST);
    }
    // `fetch` reads a host whose last label is a number as an IPv4 address.
    let last_label = host
        .strip_suffix('.')
        .unwrap_or(host)
        .rsplit('.')
        .next()
        .unwrap_or_default();
    let is_number = last_label.bytes().all(|byte| byte.is_ascii_digit()) || last_label.starts_with("0x");
    if is_number && host.parse::<Ipv4Addr>().is_err() {
        return Err("must be a valid IPv4 address if its last part is a number");
    }
    Ok(())
}

/// Rejects a path or query that `fetch` would change.
fn check(path: &str, query: Option<&str>) -> Result<(), &'static str> {
    let sent_as_written = |byte: u8| byte.is_ascii_graphic() && !b"\"<>\\".contains(&byte);
    if !path
        .bytes()
        .all(|byte| sent_as_written(byte) && !b"`{}^".contains(&byte))
        || !query
            .unwrap_or("")
            .bytes()
            .all(|byte| sent_as_written(byte) && byte != b'\'')
    {
        return Err(
            "contains characters that must be percent-encoded first (encodeURIComponent), or fetch would change them",
        );
    }
    if path.split('/').any(is_dot_segment) {
        return Err("must not contain the path segments '.' or '..'");
    }
    Ok(())
}

/// `fetch` resolves `.` and `..`, even if their dots are percent-encoded.
fn is_dot_segment(segment: &str) -> bool {
    let rest = without_dot(segment);
    rest.is_some_and(|rest| rest.is_empty() || without_dot(rest) == Some(""))
}

fn without_dot(segment: &str) -> Option<&str> {
    let encoded = segment.get(..3).filter(|start| start.eq_ignore_ascii_case("%2e"));
    segment.strip_prefix(encoded.unwrap_or("."))
}
