//! `klantreis query DIR QUERY`: passages with what they are coded as, counted or shown in their context.

mod ask;
mod concordance;
pub mod cooccurrence;
mod counts;
mod hits;
pub mod table;

use std::{
    io::{self, IsTerminal},
    path::PathBuf,
};

use clap::ValueEnum;
use klantreis_index::{Hit, Hits, SearchOptions, Sort};
use klantreis_study::Study;

use self::table::Format;
use crate::{Outcome, opener, searching};

pub use self::{
    ask::{asked, say_where},
    table::cell,
};

#[derive(Clone, Copy, ValueEnum)]
enum Order {
    /// By file, turn and sentence
    Place,
    /// Best match first
    Relevance,
    /// Most negative first
    Emotion,
    /// Surest first
    Confidence,
}

#[derive(clap::Args)]
#[command(after_help = "Words are found by stem, in compounds and in their variants. Fields: categorie: code: fase: \
                        contactmoment: interview: spreker: bestand: status: emotie:<0 zekerheid:>=0.7 beurt:3..9 \
                        tijd:<10:00 and every attribute, such as segment:starter. docs/query.md tells it all.")]
pub struct Args {
    /// The study
    dir: PathBuf,
    /// Words, "phrases", wacht*, wachtwoord~1, EN/OF/NIET, brackets, fields, and @name for a query saved in klantreis.toml
    #[arg(default_value = "", allow_hyphen_values = true)]
    query: String,
    /// How to print: csv, json and jsonl hold everything; md is for a report
    #[arg(long, value_enum, default_value = "table")]
    format: Format,
    /// The order of the passages
    #[arg(long, value_enum, default_value = "place")]
    sort: Order,
    /// Print at most this many passages
    #[arg(long, short = 'n', default_value_t = 50)]
    limit: usize,
    /// Show this many sentences before and after each passage
    #[arg(long, short = 'C', default_value_t = 0)]
    context: usize,
    /// Draw this many passages by chance
    #[arg(long, value_name = "N", conflicts_with = "limit")]
    sample: Option<usize>,
    /// What the drawing starts from: the same number draws the same passages
    #[arg(long, default_value_t = 1)]
    seed: u64,
    /// Print concordance lines: each match in the middle of a line
    #[arg(long)]
    kwic: bool,
    /// Letters on each side of a concordance line
    #[arg(long, default_value_t = 40)]
    width: usize,
    /// Count by a field, or by two in a crosstab: fase,categorie
    #[arg(long, value_name = "FIELD[,FIELD]", conflicts_with_all = ["kwic", "co_occurrence", "sample", "limit"])]
    count_by: Option<String>,
    /// Count which codes meet in one passage or in neighbouring ones
    #[arg(long, conflicts_with_all = ["kwic", "sample", "limit"])]
    co_occurrence: bool,
    /// Also show the quotes that are printed in the browser, in the page that `run` wrote
    #[arg(long, conflicts_with_all = ["count_by", "co_occurrence"])]
    open: bool,
}

pub fn run(args: &Args) -> anyhow::Result<Outcome> {
    let study = Study::load(&args.dir)?;
    let index = searching::open(&study)?;
    let query = asked(&study, &args.query)?;
    let mut out = io::BufWriter::new(io::stdout().lock());
    let counted = args.count_by.is_some() || args.co_occurrence;
    let mut nothing = false;
    let done = if let Some(fields) = &args.count_by {
        counts::print(&mut out, &index, &study, &query, fields, args.format)
    } else if args.co_occurrence {
        cooccurrence::print(&mut out, &index, &query, args.format)
    } else {
        let options = SearchOptions {
            limit: args.sample.unwrap_or(args.limit),
            sort: match args.sort {
                Order::Place => Sort::Place,
                Order::Relevance => Sort::Relevance,
                Order::Emotion => Sort::Emotion,
                Order::Confidence => Sort::Confidence,
            },
            seed: args.sample.map(|_| args.seed),
        };
        let hits = match index.search_by(&query, &options) {
            Ok(hits) => hits,
            Err(error) => return Err(say_where(&query, error.into())),
        };
        nothing = hits.total == 0;
        let printed = if args.kwic {
            concordance::print(&mut out, &index, &hits, args.width, args.format)
        } else {
            let colour = io::stdout().is_terminal();
            hits::print(&mut out, &index, &hits, args.context, args.format, colour)
        };
        if args.open && !nothing {
            printed?;
            io::Write::flush(&mut out)?;
            return show(&study, &hits);
        }
        printed
    };
    done.map_err(|error| say_where(&query, error))?;
    io::Write::flush(&mut out)?;
    if nothing || counted && index.search(&query, 1)?.total == 0 {
        for hint in index.hints(&query)? {
            eprintln!("{hint}");
        }
    }
    Ok(Outcome::Well)
}

/// Shows the quotes among the hits in the browser; what nobody coded is not in the page.
fn show(study: &Study, hits: &Hits) -> anyhow::Result<Outcome> {
    let ids: Vec<&str> = hits.hits.iter().flat_map(Hit::answering).map(|coding| coding.quote_id.as_str()).collect();
    if ids.is_empty() {
        let dir = study.root.display();
        anyhow::bail!(
            "none of these passages is coded, so the page has none of them; `klantreis serve {dir}` shows all"
        );
    }
    opener::open_quotes(study, &ids)?;
    Ok(Outcome::Well)
}
