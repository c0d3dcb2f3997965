//! Quotes as Parquet, with a type a column: for pandas, R and DuckDB.

use std::{
    collections::{BTreeMap, BTreeSet},
    sync::Arc,
};

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
    written(&columns(quotes), &(0..quotes.len()).collect::<Vec<_>>())
}

/// Why quotes can't be cut into partitions.
#[derive(Debug, thiserror::Error)]
pub enum PartitionError {
    /// No such column, or none to cut by.
    #[error("there is no column \"{asked}\" to partition by; there are: {known}")]
    Column {
        /// As asked for.
        asked: String,
        /// What can be asked for.
        known: String,
    },
    /// The same column twice.
    #[error("\"{0}\" is asked for twice")]
    Twice(String),
    /// The format's writer says no.
    #[error(transparent)]
    Parquet(#[from] ParquetError),
}

/// A file for each combination of values of the columns `by`, in folders as Hive names them, which pandas, Spark and
/// DuckDB read as one table: `phase=ontvangen/category=winst/quotes.parquet`. Attributes may be named without `attr_`.
pub fn write_partitions(quotes: &[Quote], by: &[String]) -> Result<Vec<(String, Vec<u8>)>, PartitionError> {
    let mut rest = columns(quotes);
    let mut keys: Vec<Column> = Vec::new();
    for asked in by {
        let attribute = format!("attr_{asked}");
        if keys.iter().any(|c| c.name == *asked || c.name == attribute) {
            return Err(PartitionError::Twice(asked.clone()));
        }
        let found = rest.iter().position(|c| c.is_key() && (c.name == *asked || c.name == attribute));
        let known = || rest.iter().filter(|c| c.is_key()).map(|c| c.name.as_str()).collect::<Vec<_>>().join(", ");
        let found = found.ok_or_else(|| PartitionError::Column { asked: asked.clone(), known: known() })?;
        keys.push(rest.remove(found));
    }
    let mut folders: BTreeMap<String, Vec<usize>> = BTreeMap::new();
    for row in 0..quotes.len() {
        let folder: String =
            keys.iter().map(|key| format!("{}={}/", hive_name(&key.name), key.hive_value(row))).collect();
        folders.entry(folder).or_default().push(row);
    }
    let file = |(folder, rows): (String, Vec<usize>)| Ok((format!("{folder}quotes.parquet"), written(&rest, &rows)?));
    folders.into_iter().map(file).collect()
}

/// Some rows of the columns, as a file.
fn written(columns: &[Column], rows: &[usize]) -> Result<Vec<u8>, ParquetError> {
    let fields = columns.iter().map(|c| c.field().map(Arc::new)).collect::<Result<Vec<_>, _>>()?;
    let schema = Arc::new(Type::group_type_builder("quotes").with_fields(fields).build()?);
    let properties = WriterProperties::builder()
        .set_compression(Compression::SNAPPY)
        .set_created_by(format!("klantreis {}", env!("CARGO_PKG_VERSION")))
        .build();
    let mut writer = SerializedFileWriter::new(Vec::new(), schema, Arc::new(properties))?;
    // A group of rows stays small enough to read in part.
    for rows in rows.chunks(100_000) {
        let mut group = writer.next_row_group()?;
        for column in columns {
            let Some(mut into) = group.next_column()? else { break };
            match &column.values {
                Values::Text(values) => {
                    let (levels, values) = present(values, rows, |v| ByteArray::from(v.as_str()));
                    let levels = column.optional.then_some(levels.as_slice());
                    into.typed::<ByteArrayType>().write_batch(&values, levels, None)?;
                }
                Values::Time(values) => {
                    let (levels, values) = present(values, rows, |v| *v);
                    into.typed::<Int32Type>().write_batch(&values, Some(&levels), None)?;
                }
                Values::Whole(values) => {
                    let values: Vec<i32> = rows.iter().map(|row| values[*row]).collect();
                    into.typed::<Int32Type>().write_batch(&values, None, None)?;
                }
                Values::Number(values) => {
                    let values: Vec<f64> = rows.iter().map(|row| values[*row]).collect();
                    into.typed::<DoubleType>().write_batch(&values, None, None)?;
                }
            }
            into.close()?;
        }
        group.close()?;
    }
    writer.into_inner()
}

/// The values that are there, and for each row whether it has one: how the format writes a column with gaps.
fn present<T, U>(values: &[Option<T>], rows: &[usize], of: impl Fn(&T) -> U) -> (Vec<i16>, Vec<U>) {
    let here = || rows.iter().map(|row| &values[*row]);
    (here().map(|v| i16::from(v.is_some())).collect(), here().flatten().map(of).collect())
}

/// A name or value in the name of a folder: what means something there is percent-encoded, as readers undo it.
fn hive_name(text: &str) -> String {
    let byte = |b: u8| match b {
        b'a'..=b'z' | b'A'..=b'Z' | b'0'..=b'9' | b'-' | b'_' | b'.' => char::from(b).to_string(),
        _ => format!("%{b:02X}"),
    };
    text.bytes().map(byte).collect()
}

impl Column {
    /// Whether rows can be divided by it: a name that several of them share.
    fn is_key(&self) -> bool {
        match self.values {
            Values::Text(_) => !matches!(self.name.as_str(), "quote_id" | "quote"),
            Values::Whole(_) => self.name == "emotion",
            Values::Number(_) | Values::Time(_) => false,
        }
    }

    /// The row's value in the name of a folder; Hive's word for none.
    fn hive_value(&self, row: usize) -> String {
        let value = match &self.values {
            Values::Text(values) => values[row].as_deref().map(hive_name),
            Values::Whole(values) => Some(values[row].to_string()),
            Values::Number(_) | Values::Time(_) => None,
        };
        value.filter(|v| !v.is_empty()).unwrap_or_else(|| "__HIVE_DEFAULT_PARTITION__".to_owned())
    }

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
