//! Codings made by hand in a spreadsheet: `.csv`, `.xlsx`, `.ods`, and the tables that Taguette, QualCoder, MAXQDA and
//! ATLAS.ti export.

use std::io::Cursor;

use calamine::{Data, Reader as _, open_workbook_auto_from_rs};

use crate::archive::decode;

/// What a column holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Column {
    File,
    Turn,
    Quote,
    Category,
    Code,
    Phase,
    Touchpoint,
    Emotion,
    Status,
    Coder,
}

/// Heads in Dutch and English, and those of other tools' exports, as they are compared (letters and digits only). Where more
/// than one column has a head of a kind, the one that stands first here is taken.
const HEADS: [(Column, &[&str]); 10] = [
    (
        Column::File,
        &[
            "file",
            "bestand",
            "bestandsnaam",
            "filename",
            "document",
            "documentname",
            "documentnaam",
            "transcript",
            "interview",
            "gesprek",
            "bron",
            "source",
            "case",
        ],
    ),
    (Column::Turn, &["turn", "beurt", "spreekbeurt", "beurtnummer"]),
    (
        Column::Quote,
        &[
            "quote",
            "citaat",
            "uitspraak",
            "fragment",
            "segment",
            "codedsegment",
            "quotationcontent",
            "quotation",
            "coded",
            "content",
            "inhoud",
            "passage",
            "highlight",
            "tekst",
            "text",
        ],
    ),
    (Column::Category, &["category", "categorie", "soort", "kind"]),
    (Column::Code, &["code", "codes", "codename", "tag", "tags", "label", "thema", "theme", "onderwerp", "subject"]),
    (Column::Phase, &["phase", "fase", "journeyfase", "journeyphase"]),
    (Column::Touchpoint, &["touchpoint", "contactmoment", "contactpunt", "kanaal", "channel"]),
    (Column::Emotion, &["emotion", "emotie", "beleving", "sentiment", "gevoel"]),
    (Column::Status, &["status"]),
    (Column::Coder, &["coder", "codeur", "createdby", "gebruiker", "user"]),
];

/// A row: a quote with what was noted of it.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct HandRow {
    /// The row in the table, from 1, heads included: as a spreadsheet numbers it.
    pub number: usize,
    /// The transcript, or empty.
    pub file: String,
    /// The turn, from 1.
    pub turn: Option<u32>,
    /// The words, as typed.
    pub quote: String,
    /// The codes: each with the names of those above it, from the root.
    pub codes: Vec<(Vec<String>, String)>,
    /// The phase as written, or empty.
    pub phase: String,
    /// The touchpoint as written, or empty.
    pub touchpoint: String,
    /// The emotion as written, or empty.
    pub emotion: String,
    /// Who coded, or empty.
    pub coder: String,
}

/// The cells of a table.
type Cells = Vec<Vec<String>>;

/// Reads the rows of a table; `name` tells by its ending whether it is a workbook. The error says what was expected.
pub fn read_sheet(name: &str, bytes: &[u8]) -> Result<Vec<HandRow>, String> {
    let lower = name.to_lowercase();
    let sheets: Vec<(String, Cells)> = if [".xlsx", ".xlsm", ".xls", ".ods", ".xlsb"].iter().any(|e| lower.ends_with(e))
    {
        workbook(bytes)?
    } else {
        vec![(String::new(), table(&decode(bytes))?)]
    };
    let mut found = Vec::new();
    for (sheet, cells) in &sheets {
        // Exports may have a title above the heads.
        for (n, heads) in cells.iter().enumerate().take(AMONG_FIRST) {
            let columns = columns(heads);
            if are_heads(&columns) {
                return Ok(rows(cells, n, &columns));
            }
        }
        let heads = cells.first().map(|h| h.join(", ")).unwrap_or_default();
        found.push(if sheet.is_empty() { heads } else { format!("{sheet}: {heads}") });
    }
    Err(format!(
        "no row of heads was found: there must be a column for the quote (quote, citaat, fragment, segment, content) and one \
         for what it is (category, categorie, code, tag), and there should be one for the transcript (file, bestand, \
         document); found: {}",
        found.join(" | ")
    ))
}

/// Rows among which the heads are looked for.
const AMONG_FIRST: usize = 10;

/// Whether these columns say enough to read codings by.
fn are_heads(columns: &[(Column, usize)]) -> bool {
    let has = |c: Column| columns.iter().any(|(column, _)| *column == c);
    has(Column::Quote) && (has(Column::Category) || has(Column::Code))
}

fn workbook(bytes: &[u8]) -> Result<Vec<(String, Cells)>, String> {
    let damaged = |e: calamine::Error| format!("the workbook can't be read ({e}); save it again as .xlsx or .csv");
    let mut book = open_workbook_auto_from_rs(Cursor::new(bytes)).map_err(damaged)?;
    let cell = |cell: &Data| match cell {
        Data::Float(n) if n.fract() == 0.0 && n.abs() < 1e15 => format!("{n:.0}"),
        Data::Empty | Data::Error(_) => String::new(),
        other => other.to_string(),
    };
    Ok(book
        .worksheets()
        .into_iter()
        .map(|(name, range)| {
            // Rows above the first that is filled are no part of the range; their number counts all the same.
            let above = range.start().map_or(0, |(row, _)| row as usize);
            let mut cells: Cells = vec![Vec::new(); above.min(1000)];
            cells.extend(range.rows().map(|row| row.iter().map(cell).collect()));
            (name, cells)
        })
        .collect())
}

fn table(text: &str) -> Result<Cells, String> {
    // The one that makes heads of a line: a quote may hold more commas than there are columns.
    let makes_heads = |c: &char| {
        let heads = |line: &str| -> Vec<String> { line.split(*c).map(str::to_owned).collect() };
        text.lines().take(AMONG_FIRST).any(|line| are_heads(&columns(&heads(line))))
    };
    let delimiter = [';', '\t', ','].into_iter().find(makes_heads).unwrap_or(',');
    let mut reader = csv::ReaderBuilder::new()
        .delimiter(delimiter as u8)
        .has_headers(false)
        .flexible(true)
        .from_reader(text.as_bytes());
    let (mut cells, mut next_line) = (Cells::new(), 1);
    for record in reader.records() {
        let record = record.map_err(|e| e.to_string())?;
        let line = record.position().map_or(next_line, csv::Position::line);
        // The reader passes over empty lines, which a spreadsheet numbers all the same.
        cells.extend((next_line..line).map(|_| Vec::new()));
        next_line = line + 1 + record.iter().map(|c| c.matches('\n').count() as u64).sum::<u64>();
        cells.push(record.iter().map(str::to_owned).collect());
    }
    Ok(cells)
}

/// What codes mean, from a table of two columns: code, meaning. A row of heads is passed over.
pub fn read_map(bytes: &[u8]) -> Result<Vec<(String, String)>, String> {
    let cells = table(&decode(bytes))?;
    let mut out = Vec::new();
    for (n, row) in cells.iter().enumerate().filter(|(_, row)| row.iter().any(|c| !c.trim().is_empty())) {
        let [code, meaning, ..] = row.as_slice() else {
            return Err(format!("row {}: two columns were expected: code and meaning", n + 1));
        };
        if n > 0 || code.trim().to_lowercase() != "code" {
            out.push((code.trim().to_owned(), meaning.trim().to_owned()));
        }
    }
    Ok(out)
}

/// Which columns hold what, by their heads. Columns of one kind stand in the order of preference, equals from left to right.
fn columns(heads: &[String]) -> Vec<(Column, usize)> {
    let heads: Vec<String> =
        heads.iter().map(|h| h.to_lowercase().chars().filter(|c| c.is_alphanumeric()).collect()).collect();
    let mut out = Vec::new();
    for (column, names) in HEADS {
        for name in names {
            out.extend(heads.iter().enumerate().filter(|(_, h)| h == name).map(|(n, _)| (column, n)));
        }
    }
    out
}

fn rows(cells: &Cells, heads: usize, columns: &[(Column, usize)]) -> Vec<HandRow> {
    let of = |column: Column| columns.iter().filter(move |(c, _)| *c == column).map(|(_, n)| *n);
    let mut out = Vec::new();
    for (n, row) in cells.iter().enumerate().skip(heads + 1) {
        let get = |column: Column| {
            of(column)
                .map(|n| row.get(n).map_or("", |c| c.trim()))
                .find(|c| !c.is_empty())
                .unwrap_or_default()
                .to_owned()
        };
        let status = get(Column::Status);
        let quote = get(Column::Quote);
        if quote.is_empty() || matches!(status.as_str(), "rejected" | "afgewezen") {
            continue;
        }
        // The `'` before what a spreadsheet would run as a formula.
        let quote = match quote.strip_prefix('\'') {
            Some(rest) if rest.starts_with(['=', '+', '-', '@']) => rest.to_owned(),
            _ => quote,
        };
        // QualCoder gives the groups of a code in columns of their own, from the code outwards.
        let above: Vec<String> = of(Column::Category)
            .filter_map(|n| row.get(n).map(|c| c.trim().to_owned()).filter(|c| !c.is_empty()))
            .collect();
        let above: Vec<String> = above.into_iter().rev().collect();
        let code = get(Column::Code);
        let codes = match (several(&code), above.split_last()) {
            (codes, _) if !codes.is_empty() => codes.into_iter().map(|code| (above.clone(), code)).collect(),
            (_, Some((name, above))) => several(name).into_iter().map(|name| (above.to_vec(), name)).collect(),
            _ => Vec::new(),
        };
        out.push(HandRow {
            number: n + 1,
            file: get(Column::File),
            turn: get(Column::Turn).parse().ok(),
            quote,
            codes,
            phase: get(Column::Phase),
            touchpoint: get(Column::Touchpoint),
            emotion: get(Column::Emotion),
            coder: get(Column::Coder),
        });
    }
    out
}

/// The codes of a cell: one a line, or with `;` between them.
fn several(cell: &str) -> Vec<String> {
    cell.split(['\n', ';']).map(|c| c.trim().to_owned()).filter(|c| !c.is_empty()).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(text: &str) -> Vec<HandRow> {
        read_sheet("a.csv", text.as_bytes()).unwrap()
    }

    fn codes(row: &HandRow) -> Vec<String> {
        row.codes
            .iter()
            .map(|(above, code)| [above.as_slice(), std::slice::from_ref(code)].concat().join("/"))
            .collect()
    }

    #[test]
    fn heads_are_known_in_dutch_and_english_and_behind_a_title() {
        let rows = read(
            "\u{feff}Bestand;Citaat;Categorie;Fase;Emotie\ngesprek 1;\"Het; lukte niet\";pijnpunt; Ontvangen;-1\n",
        );
        assert_eq!(rows[0].quote, "Het; lukte niet");
        assert_eq!(
            (rows[0].file.as_str(), rows[0].phase.as_str(), rows[0].emotion.as_str()),
            ("gesprek 1", "Ontvangen", "-1")
        );
        // More commas in what people said than there are columns.
        let rows = read("Bestand;Citaat;Categorie\ngesprek 1;\"In de krant, in september, met een foto\";pijnpunt\n");
        assert_eq!(rows[0].quote, "In de krant, in september, met een foto");
        let rows = read("Codings of Anna\n\nDocument name\tCode\tSegment\nA\tPijn\tAu\n");
        assert_eq!((rows[0].number, rows[0].file.as_str(), codes(&rows[0])), (4, "A", vec!["Pijn".to_owned()]));
    }

    #[test]
    fn the_tables_of_other_tools_are_read() {
        let taguette = read("id,document,tag,content\n3,a.docx,pijnpunt.wachten,\"We wachtten\nlang\"\n");
        assert_eq!(codes(&taguette[0]), ["pijnpunt.wachten"]);
        let qualcoder = read(
            "\"Case\",\"Filename\",\"Coder\",\"Coded\",\"Id\",\"Codename\",\"Coded_Memo\",\"Category\",\"Category\"\n\
             \"Joke\",\"a.txt\",\"anna\",\"We wachtten\",\"ctid:1\",\"Wachten\",\"\",\"Rij\",\"Pijnpunten\"\n",
        );
        assert_eq!(codes(&qualcoder[0]), ["Pijnpunten/Rij/Wachten"]);
        assert_eq!((qualcoder[0].file.as_str(), qualcoder[0].coder.as_str()), ("a.txt", "anna"));
        let own = read(
            "quote_id,file,turn,category,code,status,quote\nx,a.txt,4,winst,hulp,accepted,'- ja\ny,a.txt,4,winst,,rejected,nee\n",
        );
        assert_eq!(own.len(), 1);
        assert_eq!(
            (own[0].turn, own[0].quote.as_str(), codes(&own[0])),
            (Some(4), "- ja", vec!["winst/hulp".to_owned()])
        );
        let atlas = read("Document,Quotation Content,Codes\nA,Au,\"Pijn\nFase: x\"\n");
        assert_eq!(codes(&atlas[0]), ["Pijn", "Fase: x"]);
    }

    #[test]
    fn a_table_without_the_columns_says_what_was_found() {
        let error = read_sheet("a.csv", b"naam,leeftijd\nA,3\n").unwrap_err();
        assert!(error.contains("naam, leeftijd") && error.contains("citaat"), "{error}");
        assert!(read_sheet("a.xlsx", b"PK").unwrap_err().contains("workbook"));
    }
}
