//! What part of a URL is signed: its path and query, exactly as they are sent.
//!
//! `fetch` rewrites a URL that is not in its normal form (it encodes blanks and non-ASCII, resolves `..`).
//! The signature would then be over something else than what is sent, so such a URL is refused here
//! instead of by WeChat, with a SIGN_ERROR.

/// Path and query of an absolute `http(s)` URL, or of a URL that begins at its path.
///
/// # Errors
/// What is wrong with the URL, as the rest of a sentence that begins with the field's name.
pub fn path_and_query(url: &str) -> Result<String, &'static str> {
    let rest = if url.starts_with('/') {
        if url.starts_with("//") {
            return Err("must be an absolute URL, or a path that begins with one '/'");
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
        return Err("must not end in '?': fetch leaves an empty query out");
    }
    check(path, query)?;
    Ok(match (path, query) {
        ("", None) => "/".to_owned(),
        ("", Some(query)) => format!("/?{query}"),
        _ => sent.to_owned(),
    })
}

/// The origin (`scheme://host[:port]`) of a URL that has no path of its own.
///
/// # Errors
/// What is wrong with the URL.
pub fn origin(url: &str) -> Result<&str, &'static str> {
    let (origin, rest) = split_authority(url)?;
    match rest {
        "" | "/" => Ok(origin),
        _ => Err("must be an origin such as https://api.mch.weixin.qq.com, with no path, query or fragment"),
    }
}

/// Whether the URL has this scheme, in any spelling.
#[must_use]
pub fn has_scheme(url: &str, scheme: &str) -> bool {
    url.split_once("://")
        .is_some_and(|(given, _)| given.eq_ignore_ascii_case(scheme))
}

/// Splits an absolute URL behind its authority.
fn split_authority(url: &str) -> Result<(&str, &str), &'static str> {
    const NOT_ABSOLUTE: &str = "must be an absolute https:// URL";
    if !has_scheme(url, "https") && !has_scheme(url, "http") {
        return Err(NOT_ABSOLUTE);
    }
    let (_, after) = url.split_once("://").ok_or(NOT_ABSOLUTE)?;
    let (authority, _) = after.split_once(['/', '?', '#', '\\']).unwrap_or((after, ""));
    let rest = after.strip_prefix(authority).unwrap_or_default();
    if authority.contains('@') {
        return Err("must carry no user name or password");
    }
    let host_is_plain = authority
        .bytes()
        .all(|byte| byte.is_ascii_alphanumeric() || b"-._:[]".contains(&byte));
    if authority.is_empty() || authority.starts_with(':') || !host_is_plain {
        return Err("must name a host, in ASCII (an international name in its xn-- form)");
    }
    Ok((url.strip_suffix(rest).unwrap_or(url), rest))
}

/// Refuses what `fetch` would send otherwise than it is written here.
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
            "holds characters that must be percent-encoded first (encodeURIComponent), or would be sent otherwise than signed",
        );
    }
    if path.split('/').any(is_dot_segment) {
        return Err("must not hold the path segments '.' or '..'");
    }
    Ok(())
}

/// `.` and `..`, which `fetch` resolves, also where their dots are percent-encoded.
fn is_dot_segment(segment: &str) -> bool {
    let rest = without_dot(segment);
    rest.is_some_and(|rest| rest.is_empty() || without_dot(rest) == Some(""))
}

fn without_dot(segment: &str) -> Option<&str> {
    let encoded = segment.get(..3).filter(|start| start.eq_ignore_ascii_case("%2e"));
    segment.strip_prefix(encoded.unwrap_or("."))
}
