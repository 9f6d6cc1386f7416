//! Checks of a text against its [`Content`] and the rules that hold for all of APIv3.

use std::net::IpAddr;

use der::DateTime;

use super::{Content, Context};
use crate::error::Rule;
use crate::payment;
use crate::signing::url;
use crate::validation::FieldReader;

/// Checks the text of `field`.
pub(super) fn check(
    reader: &mut FieldReader,
    field: &str,
    text: &str,
    (limit, rule): (usize, Content),
    context: &Context,
) {
    check_length(reader, field, text, limit, context);
    check_characters(reader, field, text);
    let problem = match rule {
        Content::Any => None,
        Content::Alphanumeric => text
            .bytes()
            .any(|byte| !byte.is_ascii_alphanumeric())
            .then_some((Rule::Characters, "must consist of ASCII digits and letters")),
        Content::Digits => text
            .bytes()
            .any(|byte| !byte.is_ascii_digit())
            .then_some((Rule::Characters, "must consist of digits: it is a merchant number (商户号)")),
        Content::OrderNumber => order_number_problem(text),
        Content::CallbackUrl => callback_url_problem(text, context.base_url).map(|problem| (Rule::Url, problem)),
        Content::PrepayId => text
            .starts_with(payment::PREFIX)
            .then_some((Rule::Characters, payment::PREFIXED)),
        Content::Time => (!is_time(text)).then_some((
            Rule::Time,
            "must be a time such as 2018-06-08T10:34:56+08:00: RFC 3339, with a time zone and without fractions of a second",
        )),
        Content::IpAddress => text
            .parse::<IpAddr>()
            .is_err()
            .then_some((Rule::Characters, "must be an IPv4 or IPv6 address")),
        Content::Exactly(expected) => {
            if text != expected {
                reader.reject(field, Rule::Choice, format!("must be {expected}"));
            }
            None
        }
    };
    if let Some((broken, problem)) = problem {
        reader.reject(field, broken, problem);
    }
}

/// The documentation gives limits as `string(n)`, without a unit. Unicode characters are counted.
fn check_length(reader: &mut FieldReader, field: &str, text: &str, limit: usize, context: &Context) {
    let own = context
        .limits
        .and_then(|limits| limits.iter().find(|(name, _)| *name == field));
    let limit = own.map_or(limit, |(_, limit)| *limit);
    let length = text.chars().count();
    if length <= limit {
        return;
    }
    let source = match context.limits {
        Some(_) => format!(" (documented for the sibling endpoints, 2024-11-18; `limits.{field}` overrides it)"),
        None => String::new(),
    };
    reader.reject(
        field,
        Rule::MaxLength,
        format!("has {length} characters, but at most {limit} are allowed{source}"),
    );
}

/// APIv3 takes UTF-8 characters of one to three bytes. NUL is always a mistake.
fn check_characters(reader: &mut FieldReader, field: &str, text: &str) {
    if let Some(position) = text.chars().position(|character| character == '\0') {
        reader.reject(
            field,
            Rule::Characters,
            format!("must not contain NUL (at character {})", position + 1),
        );
    }
    if let Some(position) = text.chars().position(|character| character.len_utf8() > 3) {
        reader.reject(
            field,
            Rule::Characters,
            format!(
                "must not contain characters beyond U+FFFF, such as emoji (at character {}): remove them, \
                 since APIv3 takes UTF-8 characters of at most three bytes",
                position + 1
            ),
        );
    }
}

fn order_number_problem(text: &str) -> Option<(Rule, &'static str)> {
    let is_allowed = |byte: u8| byte.is_ascii_alphanumeric() || b"_-|*".contains(&byte);
    if !text.bytes().all(is_allowed) {
        return Some((Rule::Characters, "must consist of ASCII digits, letters, _, -, | and *"));
    }
    (text.len() < 6).then_some((Rule::Length, "must have at least 6 characters"))
}

/// WeChat Pay must be able to reach a callback over HTTPS, and does not allow a query. Only a gateway on the same
/// machine calls back over HTTP.
fn callback_url_problem(text: &str, base_url: &str) -> Option<&'static str> {
    let is_http = url::has_scheme(text, "http");
    let has_allowed_scheme = url::has_scheme(text, "https") || (is_http && url::is_loopback(base_url));
    if !has_allowed_scheme {
        Some(if is_http && url::is_loopback(text) {
            "must be an https:// URL: http:// is allowed only if baseUrl is a loopback address too"
        } else {
            "must be an https:// URL"
        })
    } else if text.contains('?') {
        Some("must have no query (no '?')")
    } else if text.contains('#') {
        Some("must have no fragment (no '#')")
    } else {
        url::path_and_query(text).err()
    }
}

/// `yyyy-MM-DDTHH:mm:ss`, and then `Z` or a time zone such as `+08:00`.
fn is_time(text: &str) -> bool {
    let Some((time, zone)) = text.split_at_checked(19) else {
        return false;
    };
    format!("{time}Z").parse::<DateTime>().is_ok() && is_zone(zone)
}

fn is_zone(zone: &str) -> bool {
    let Some(offset) = zone.strip_prefix(['+', '-']) else {
        return zone == "Z";
    };
    let two_digits = |part: &str, most: u8| {
        part.len() == 2
            && part.bytes().all(|byte| byte.is_ascii_digit())
            && part.parse().is_ok_and(|number: u8| number <= most)
    };
    let parts = offset.split_once(':');
    parts.is_some_and(|(hours, minutes)| two_digits(hours, 23) && two_digits(minutes, 59))
}
