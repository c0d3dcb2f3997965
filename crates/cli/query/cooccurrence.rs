//! Which codes meet, in a table.

use std::io::Write;

use klantreis_index::{Index, Meetings};

use super::table::{Format, Table, rounded};

pub fn print(out: &mut impl Write, index: &Index, query: &str, format: Format) -> anyhow::Result<()> {
    let mut meetings = Meetings::default();
    index.each(query, |hit| meetings.add(hit.number, &hit.passage))?;
    table(&meetings).print(out, format)
}

/// The table that `run` writes too.
pub fn table(meetings: &Meetings) -> Table {
    let mut table =
        Table::new(["code_a", "code_b", "together", "neighbouring", "n_interviews", "n_a", "n_b", "jaccard"]);
    table.rows = meetings
        .list()
        .into_iter()
        .map(|m| {
            vec![
                m.a.into(),
                m.b.into(),
                m.together.into(),
                m.neighbouring.into(),
                m.interviews.into(),
                m.n_a.into(),
                m.n_b.into(),
                rounded(m.jaccard, 3),
            ]
        })
        .collect();
    table
}
