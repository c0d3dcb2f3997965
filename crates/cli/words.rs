//! `klantreis words DIR [QUERY]`: which words respondents use, more than elsewhere, and beside which others.

use std::{
    collections::{BTreeMap, BTreeSet},
    io::{self, Write},
    path::PathBuf,
};

use clap::ValueEnum;
use klantreis_index::{Collocation, Corpus, Index, Keyword};
use klantreis_study::Study;

use crate::{
    Outcome,
    query::{
        asked, say_where,
        table::{Format, Table, rounded},
    },
};

#[derive(Clone, Copy, ValueEnum)]
enum Measure {
    /// Log-likelihood: how surely it is no chance
    LogLikelihood,
    /// logDice: how exclusively the two stand together
    LogDice,
}

#[derive(clap::Args)]
#[command(
    after_help = "Without a query: how often each word is used. With one: the words that passages which answer it \
                        hold more often than the others. With --by: the same for each phase, category or segment."
)]
pub struct Args {
    /// The study
    dir: PathBuf,
    /// The passages to look at, in the query language, such as code:inloggen
    #[arg(default_value = "", allow_hyphen_values = true)]
    query: String,
    /// What sets the values of a field apart: phase, category, segment or another
    #[arg(long, value_name = "FIELD", conflicts_with_all = ["with", "pairs"])]
    by: Option<String>,
    /// What stands near this word
    #[arg(long, value_name = "WORD", conflicts_with = "pairs")]
    with: Option<String>,
    /// Which words stand next to each other
    #[arg(long)]
    pairs: bool,
    /// How many words before and after --with
    #[arg(long, default_value_t = 5)]
    window: usize,
    /// What --with and --pairs are sorted by
    #[arg(long, value_enum, default_value = "log-likelihood")]
    sort: Measure,
    /// Only words used at least this often
    #[arg(long, default_value_t = 3)]
    min: usize,
    /// Function words ("de", "niet", "hebben") too
    #[arg(long)]
    all: bool,
    /// Print at most this many; with --by of each value
    #[arg(long, short = 'n', default_value_t = 25)]
    limit: usize,
    /// How to print
    #[arg(long, value_enum, default_value = "table")]
    format: Format,
}

/// A passage's number, interview and text.
type Texts = BTreeMap<u64, (String, String)>;

pub fn run(args: &Args) -> anyhow::Result<Outcome> {
    let study = Study::load(&args.dir)?;
    let index = Index::open(&study.cache_dir().join("index"))?;
    let query = asked(&study, &args.query)?;
    let table = table(args, &index, &query).map_err(|error| say_where(&query, error))?;
    let mut out = io::stdout().lock();
    if args.format == Format::Table && table.rows.is_empty() {
        writeln!(out, "No word is used often enough; --min 1 shows rare ones.")?;
        return Ok(Outcome::Well);
    }
    table.print(&mut out, args.format)?;
    Ok(Outcome::Well)
}

fn table(args: &Args, index: &Index, query: &str) -> anyhow::Result<Table> {
    let here = texts(index, query)?;
    if let Some(word) = &args.with {
        let list = corpus(here.values()).beside(word, args.window, args.min, args.all);
        return Ok(collocations(list, args));
    }
    if args.pairs {
        return Ok(collocations(corpus(here.values()).pairs(args.min, args.all), args));
    }
    if let Some(field) = &args.by {
        return by(args, index, query, field, &here);
    }
    if query.trim().is_empty() {
        let mut table = Table::new(["word", "forms", "count", "per_thousand", "n_interviews"]);
        let list = corpus(here.values()).frequencies(args.all);
        for f in list.into_iter().filter(|f| f.count >= args.min).take(args.limit) {
            let forms = f.forms.join(" ");
            let rate = rounded(f.per_thousand, 2);
            table.rows.push(vec![f.word.into(), forms.into(), f.count.into(), rate, f.interviews.into()]);
        }
        return Ok(table);
    }
    let elsewhere = texts(index, "")?;
    let others = elsewhere.iter().filter(|(number, _)| !here.contains_key(number)).map(|(_, text)| text);
    let list = corpus(here.values()).keywords(&corpus(others), args.min, args.all);
    let mut table = keyness(&[]);
    table.rows.extend(list.into_iter().take(args.limit).map(|k| key_row(None, k)));
    Ok(table)
}

/// The words that set each value of a field apart from the others.
fn by(args: &Args, index: &Index, query: &str, field: &str, here: &Texts) -> anyhow::Result<Table> {
    let mut table = keyness(&[field]);
    for count in index.count_by(query, field)? {
        let value = count.value.replace('"', " ");
        let inner = if query.trim().is_empty() { String::new() } else { format!("({query}) ") };
        let of_value: BTreeSet<u64> = texts(index, &format!("{inner}{field}:\"{value}\""))?.into_keys().collect();
        let (with, without): (Vec<_>, Vec<_>) = here.iter().partition(|(number, _)| of_value.contains(number));
        let elsewhere = corpus(without.into_iter().map(|t| t.1));
        let list = corpus(with.into_iter().map(|t| t.1)).keywords(&elsewhere, args.min, args.all);
        table.rows.extend(list.into_iter().take(args.limit).map(|k| key_row(Some(&count.value), k)));
    }
    Ok(table)
}

fn texts(index: &Index, query: &str) -> anyhow::Result<Texts> {
    let mut out = Texts::new();
    index.each(query, |hit| {
        out.insert(hit.number, (hit.passage.interview, hit.passage.text));
    })?;
    Ok(out)
}

fn corpus<'a>(texts: impl Iterator<Item = &'a (String, String)>) -> Corpus {
    let mut out = Corpus::default();
    texts.for_each(|(interview, text)| out.add(interview, text));
    out
}

fn keyness(first: &[&str]) -> Table {
    let heads = [
        "word",
        "forms",
        "count",
        "per_thousand",
        "n_interviews",
        "elsewhere",
        "elsewhere_per_thousand",
        "log_likelihood",
        "log_ratio",
    ];
    Table::new(first.iter().copied().chain(heads))
}

fn key_row(first: Option<&str>, k: Keyword) -> Vec<serde_json::Value> {
    let cells = [
        k.here.word.into(),
        k.here.forms.join(" ").into(),
        k.here.count.into(),
        rounded(k.here.per_thousand, 2),
        k.here.interviews.into(),
        k.elsewhere.into(),
        rounded(k.elsewhere_per_thousand, 2),
        rounded(k.log_likelihood, 2),
        rounded(k.log_ratio, 2),
    ];
    first.map(serde_json::Value::from).into_iter().chain(cells).collect()
}

fn collocations(mut list: Vec<Collocation>, args: &Args) -> Table {
    if matches!(args.sort, Measure::LogDice) {
        list.sort_by(|a, b| b.log_dice.total_cmp(&a.log_dice));
    }
    let mut table = Table::new(["word", "with", "together", "n_word", "n_with", "log_likelihood", "log_dice"]);
    table.rows = list
        .into_iter()
        .take(args.limit)
        .map(|c| {
            let (g2, dice) = (rounded(c.log_likelihood, 2), rounded(c.log_dice, 2));
            vec![c.word.into(), c.with.into(), c.together.into(), c.n_word.into(), c.n_with.into(), g2, dice]
        })
        .collect();
    table
}
