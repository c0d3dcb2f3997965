//! One document as tantivy takes it in. Documents share the texts that they have in common, and tantivy reads them where they
//! stand: its own kind of document copies each text twice on the way.

use std::sync::Arc;

use tantivy::schema::{
    Field,
    document::{self, ReferenceValue, ReferenceValueLeaf},
};

/// Fields with their values.
#[derive(Clone, Debug, Default)]
pub(crate) struct Document(Vec<(Field, Value)>);

/// The value of a field.
#[derive(Clone, Debug)]
pub(crate) enum Value {
    Text(Arc<str>),
    Count(u64),
    Signed(i64),
    Decimal(f64),
}

impl Document {
    /// An empty one with room for so many values.
    pub fn with_room_for(values: usize) -> Self {
        Self(Vec::with_capacity(values))
    }

    pub fn text(&mut self, field: Field, text: &Arc<str>) {
        self.0.push((field, Value::Text(text.clone())));
    }

    pub fn count(&mut self, field: Field, number: u64) {
        self.0.push((field, Value::Count(number)));
    }

    pub fn signed(&mut self, field: Field, number: i64) {
        self.0.push((field, Value::Signed(number)));
    }

    pub fn decimal(&mut self, field: Field, number: f64) {
        self.0.push((field, Value::Decimal(number)));
    }
}

impl document::Document for Document {
    type Value<'a> = &'a Value;
    type FieldsValuesIter<'a> =
        std::iter::Map<std::slice::Iter<'a, (Field, Value)>, fn(&'a (Field, Value)) -> (Field, &'a Value)>;

    fn iter_fields_and_values(&self) -> Self::FieldsValuesIter<'_> {
        self.0.iter().map(|(field, value)| (*field, value))
    }
}

impl<'a> document::Value<'a> for &'a Value {
    type ArrayIter = std::iter::Empty<Self>;
    type ObjectIter = std::iter::Empty<(&'a str, Self)>;

    fn as_value(&self) -> ReferenceValue<'a, Self> {
        ReferenceValue::Leaf(match self {
            Value::Text(text) => ReferenceValueLeaf::Str(text),
            Value::Count(number) => ReferenceValueLeaf::U64(*number),
            Value::Signed(number) => ReferenceValueLeaf::I64(*number),
            Value::Decimal(number) => ReferenceValueLeaf::F64(*number),
        })
    }
}
