//! Quotes as Parquet, with a type a column: for pandas, R and DuckDB.

use std::{collections::BTreeSet, sync::Arc};

use klantreis_study::Quote;
use parquet::{
    basic::{Compression, LogicalType, Repetition, TimeUnit, Type as Physical},
    data_type::{ByteArray, ByteArrayType, DoubleType, Int32Type},
    errors::ParquetError,
    file::{properties::WriterProperties, writer::SerializedFileWriter},
    schema::types::Type,
};

use crate::records::rounded;

/// A column with the value of each quote.
enum Values {
    Text(Vec<Option<String>>),
    Whole(Vec<i32>),
    Number(Vec<f64>),
    /// Milliseconds from the start of the recording.
    Time(Vec<Option<i32>>),
}

struct Column {
    name: String,
    values: Values,
    /// Whether a value may be absent.
    optional: bool,
}

/// The file's bytes: the columns of `quotes.csv`, then `attr_…`; what is absent is null.
pub fn write_parquet(quotes: &[Quote]) -> Result<Vec<u8>, ParquetError> {
    let columns = columns(quotes);
    let fields = columns.iter().map(|c| c.field().map(Arc::new)).collect::<Result<Vec<_>, _>>()?;
    let schema = Arc::new(Type::group_type_builder("quotes").with_fields(fields).build()?);
    let properties = WriterProperties::builder()
        .set_compression(Compression::SNAPPY)
        .set_created_by(format!("klantreis {}", env!("CARGO_PKG_VERSION")))
        .build();
    let mut writer = SerializedFileWriter::new(Vec::new(), schema, Arc::new(properties))?;
    // A group of rows stays small enough to read in part.
    for start in (0..quotes.len()).step_by(100_000) {
        let rows = start..(start + 100_000).min(quotes.len());
        let mut group = writer.next_row_group()?;
        for column in &columns {
            let Some(mut into) = group.next_column()? else { break };
            match &column.values {
                Values::Text(values) => {
                    let (levels, values) = present(&values[rows.clone()], |v| ByteArray::from(v.as_str()));
                    let levels = column.optional.then_some(levels.as_slice());
                    into.typed::<ByteArrayType>().write_batch(&values, levels, None)?;
                }
                Values::Time(values) => {
                    let (levels, values) = present(&values[rows.clone()], |v| *v);
                    into.typed::<Int32Type>().write_batch(&values, Some(&levels), None)?;
                }
                Values::Whole(values) => {
                    into.typed::<Int32Type>().write_batch(&values[rows.clone()], None, None)?;
                }
                Values::Number(values) => {
                    into.typed::<DoubleType>().write_batch(&values[rows.clone()], None, None)?;
                }
            }
            into.close()?;
        }
        group.close()?;
    }
    writer.into_inner()
}

/// The values that are there, and for each row whether it has one: how the format writes a column with gaps.
fn present<T, U>(values: &[Option<T>], of: impl Fn(&T) -> U) -> (Vec<i16>, Vec<U>) {
    (values.iter().map(|v| i16::from(v.is_some())).collect(), values.iter().flatten().map(of).collect())
}

impl Column {
    fn field(&self) -> Result<Type, ParquetError> {
        let (physical, logical) = match self.values {
            Values::Text(_) => (Physical::BYTE_ARRAY, Some(LogicalType::String)),
            Values::Whole(_) => (Physical::INT32, None),
            Values::Number(_) => (Physical::DOUBLE, None),
            Values::Time(_) => (Physical::INT32, Some(LogicalType::time(false, TimeUnit::MILLIS))),
        };
        let repetition = if self.optional { Repetition::OPTIONAL } else { Repetition::REQUIRED };
        Type::primitive_type_builder(&self.name, physical)
            .with_repetition(repetition)
            .with_logical_type(logical)
            .build()
    }
}

fn columns(quotes: &[Quote]) -> Vec<Column> {
    let text = |name: &str, of: &dyn Fn(&Quote) -> String| Column {
        name: name.to_owned(),
        values: Values::Text(quotes.iter().map(|q| Some(of(q))).collect()),
        optional: false,
    };
    let perhaps = |name: &str, of: &dyn Fn(&Quote) -> Option<String>| Column {
        name: name.to_owned(),
        values: Values::Text(quotes.iter().map(of).collect()),
        optional: true,
    };
    let always = |name: &str, values: Values| Column { name: name.to_owned(), values, optional: false };
    let mut out = vec![
        text("quote_id", &|q| q.id.clone()),
        text("interview", &|q| q.interview.clone()),
        text("file", &|q| q.file.rsplit('/').next().unwrap_or(&q.file).to_owned()),
        always("turn", Values::Whole(quotes.iter().map(|q| q.turn as i32).collect())),
        text("speaker", &|q| q.speaker.clone()),
        Column {
            name: "time".to_owned(),
            values: Values::Time(quotes.iter().map(|q| milliseconds(&q.time)).collect()),
            optional: true,
        },
        text("phase", &|q| q.phase.to_string()),
        text("category", &|q| q.category.to_string()),
        perhaps("code", &|q| q.code.as_ref().map(|c| c.to_string())),
        perhaps("touchpoint", &|q| q.touchpoint.as_ref().map(|t| t.to_string())),
        always("emotion", Values::Whole(quotes.iter().map(|q| q.emotion.value().into()).collect())),
        always("confidence", Values::Number(quotes.iter().map(|q| rounded(q.confidence.value())).collect())),
        text("status", &|q| q.status.to_string()),
        text("quote", &|q| q.quote.clone()),
    ];
    let attributes: BTreeSet<&String> = quotes.iter().flat_map(|q| q.attributes.keys()).collect();
    for name in attributes {
        out.push(perhaps(&format!("attr_{name}"), &|q| q.attributes.get(name).filter(|v| !v.is_empty()).cloned()));
    }
    out
}

/// `hh:mm:ss` within a day, which is all that the format's type holds.
fn milliseconds(time: &str) -> Option<i32> {
    let parts: Vec<i32> = time.split(':').map(|p| p.parse().ok()).collect::<Option<_>>()?;
    let [hours, minutes, seconds] = parts[..] else { return None };
    (hours < 24).then_some(((hours * 60 + minutes) * 60 + seconds) * 1000)
}
