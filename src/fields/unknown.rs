//! Unknown names, and the fields that the caller probably meant.

use super::{FieldSpec, ObjectReader, Shape};
use crate::error::Rule;
use crate::validation::{FieldReader, shown};

/// Rejects every field that is left in `reader`. Their names begin with `path`.
pub(super) fn reject(reader: &mut FieldReader, path: &str, specs: &[&'static FieldSpec], whole: &ObjectReader) {
    for field in reader.take_names() {
        let name = field.strip_prefix(path).unwrap_or(&field);
        let advice = advice(name, path, specs, whole);
        let known: Vec<_> = specs.iter().map(|spec| spec.name).collect();
        reader.reject(
            &format!("{path}{}", shown(name)),
            Rule::UnknownField,
            format!(
                "is not a known field{advice}; the known fields are {}",
                known.join(", ")
            ),
        );
    }
}

fn advice(name: &str, path: &str, specs: &[&'static FieldSpec], whole: &ObjectReader) -> String {
    let name = simplified(name);
    let mut known = whole.context.advice.iter();
    if let Some((_, advice)) = known.find(|(known, _)| *known == name) {
        return format!(": {advice}");
    }
    let beside = find(&name, path, specs);
    let meant = beside.or_else(|| find(&name, "", whole.specs));
    meant.map_or_else(String::new, |meant| format!(" (did you mean {meant}?)"))
}

/// The path of the field whose name differs from `name` only in case and underscores.
fn find(name: &str, path: &str, specs: &[&'static FieldSpec]) -> Option<String> {
    let same = specs.iter().find(|spec| simplified(spec.name) == name);
    if let Some(spec) = same {
        return Some(format!("{path}{}", spec.name));
    }
    specs.iter().find_map(|spec| {
        let (nested, brackets) = match spec.shape {
            Shape::Object(nested) => (nested, ""),
            Shape::List(nested) => (nested, "[]"),
            _ => return None,
        };
        let nested: Vec<_> = nested.iter().collect();
        find(name, &format!("{path}{}{brackets}.", spec.name), &nested)
    })
}

fn simplified(name: &str) -> String {
    let characters = name.chars().filter(|character| *character != '_');
    characters.map(|character| character.to_ascii_lowercase()).collect()
}
