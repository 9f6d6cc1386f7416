//! The vectors of `fixtures/third-party.json`. Each names its source: the tests of an SDK, or WeChat Pay's documentation.

use serde_json::Value;

pub struct Vector(Value);

impl Vector {
    pub fn id(&self) -> &str {
        self.0["id"].as_str().expect("an id")
    }

    pub fn inputs(&self) -> &Value {
        &self.0["inputs"]
    }

    pub fn expected(&self) -> &Value {
        &self.0["expected"]
    }

    /// A required input.
    pub fn input(&self, name: &str) -> &str {
        let input = self.optional_input(name);
        input.unwrap_or_else(|| panic!("{} has no {name}", self.id()))
    }

    pub fn optional_input(&self, name: &str) -> Option<&str> {
        self.inputs()[name].as_str()
    }

    /// A required expected text.
    pub fn expects(&self, name: &str) -> &str {
        let expected = self.expected()[name].as_str();
        expected.unwrap_or_else(|| panic!("{} expects no {name}", self.id()))
    }
}

fn all() -> Vec<Vector> {
    let vectors: Vec<Value> = serde_json::from_str(include_str!("../fixtures/third-party.json")).expect("JSON");
    vectors.into_iter().map(Vector).collect()
}

/// All vectors of a kind, of which there must be `count`.
pub fn of_kind(kind: &str, count: usize) -> Vec<Vector> {
    let vectors: Vec<_> = all().into_iter().filter(|vector| vector.0["kind"] == kind).collect();
    assert_eq!(vectors.len(), count, "{kind}");
    vectors
}

pub fn by_id(id: &str) -> Vector {
    let found = all().into_iter().find(|vector| vector.id() == id);
    found.unwrap_or_else(|| panic!("there is no vector {id}"))
}
