//! MB/s of each stage on a corpus of plain interviews, on all cores, as JSON: `cargo run --release --example stages -- FOLDER`.
//! `tantivy` is tantivy alone, indexing the same talk with a Dutch stemmer, an answer a document: what any program on tantivy pays.
//! `tantivy, passages` is the same with a document for each passage that we index, from memory.

use std::{fs, path::Path, sync::Arc, time::Instant};

use klantreis_coding::{Coder, Match, Matcher, Options, Resources, Sentence, Words, built_in_codebook, built_in_model};
use klantreis_index::{Builder, passages};
use klantreis_ingest::{read_file, transcript_files};
use klantreis_study::{CodedTranscript, Study, Transcript};
use rayon::prelude::*;
use tantivy::{
    TantivyDocument,
    schema::{IndexRecordOption, STORED, Schema, TextFieldIndexing, TextOptions},
    tokenizer::{LowerCaser, SimpleTokenizer, TextAnalyzer, Token, TokenFilter, TokenStream, Tokenizer},
};

#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

fn main() -> anyhow::Result<()> {
    let folder = std::env::args().nth(1).unwrap_or_else(|| "data/studies/zorgportaal".to_owned());
    let study = Study::load(Path::new(&folder))?;
    let files = transcript_files(&study).transcripts;
    let bytes: u64 = files.iter().map(|file| fs::metadata(file).map_or(0, |m| m.len())).sum();
    let speed = |from: Instant| (bytes as f64 / 1e6 / from.elapsed().as_secs_f64() * 100.0).round() / 100.0;
    let mut out = serde_json::Map::new();
    let mut put = |stage: &str, speed: f64| out.insert(stage.to_owned(), speed.into());

    let start = Instant::now();
    let transcripts: Vec<Transcript> =
        files.par_iter().flat_map_iter(|file| read_file(&study, file).transcripts().collect::<Vec<_>>()).collect();
    put("reading", speed(start));

    let resources = Resources::built_in();
    let start = Instant::now();
    let words: usize = transcripts.par_iter().map(|t| heard(t, resources.cues(), |_| 1)).sum();
    put("words", speed(start));

    let start = Instant::now();
    let found: usize = transcripts
        .par_iter()
        .map(|t| {
            let mut found = Vec::<Match>::new();
            heard(t, resources.cues(), |sentence| {
                resources.cues().find(sentence, &mut found);
                found.len()
            })
        })
        .sum();
    put("cues", speed(start));

    let mut coder =
        Coder::new(&study, built_in_codebook().map_err(anyhow::Error::msg)?, built_in_model()?, Options::default()).0;
    let start = Instant::now();
    coder.adapt(transcripts.iter());
    eprintln!("{words} sentences, {found} cues; learning the study's words took {:?}", start.elapsed());
    let start = Instant::now();
    let coded: Vec<CodedTranscript> = transcripts
        .into_par_iter()
        .map(|transcript| {
            let codings = Words::of_thread(|words| coder.code(&transcript, words));
            CodedTranscript { transcript, codings }
        })
        .collect();
    put("coding", speed(start));

    let scratch = std::env::temp_dir().join(format!("klantreis-stages-{}", std::process::id()));
    let start = Instant::now();
    let mut builder = Builder::with_threads(&scratch, 2)?;
    for c in &coded {
        builder.add(c)?;
    }
    builder.finish()?;
    put("indexing", speed(start));
    fs::remove_dir_all(&scratch)?;
    let said: Vec<(String, Vec<String>)> = coded
        .par_iter()
        .map(|c| (c.transcript.file.clone(), passages(c).into_iter().map(|passage| passage.text).collect()))
        .collect();
    drop(coded);

    let start = Instant::now();
    tantivy_alone(&said, &scratch)?;
    put("tantivy, passages", speed(start));
    fs::remove_dir_all(&scratch)?;
    drop(said);

    let start = Instant::now();
    tantivy_alone(&answers(&files)?, &scratch)?;
    put("tantivy", speed(start));
    fs::remove_dir_all(&scratch)?;
    println!("{}", serde_json::to_string_pretty(&out)?);
    Ok(())
}

/// The sum of what `each` gives for the sentences of respondents, in words that know which cues wait for them.
fn heard(t: &Transcript, cues: &Arc<Matcher>, mut each: impl FnMut(&Sentence<'_>) -> usize) -> usize {
    Words::of_thread(|words| {
        words.listen_for(cues);
        let said = t.respondent_turns().flat_map(|(_, turn)| turn.sentences.iter().map(|s| &turn.text[s.clone()]));
        said.map(|text| each(&words.sentence(text))).sum()
    })
}

/// Stems each word, as tantivy's own filter does.
#[derive(Clone)]
struct Dutch;

#[derive(Clone)]
struct DutchTokenizer<T>(T);

struct DutchStream<S>(S, rust_stemmers::Stemmer);

impl TokenFilter for Dutch {
    type Tokenizer<T: Tokenizer> = DutchTokenizer<T>;

    fn transform<T: Tokenizer>(self, tokenizer: T) -> DutchTokenizer<T> {
        DutchTokenizer(tokenizer)
    }
}

impl<T: Tokenizer> Tokenizer for DutchTokenizer<T> {
    type TokenStream<'a> = DutchStream<T::TokenStream<'a>>;

    fn token_stream<'a>(&'a mut self, text: &'a str) -> Self::TokenStream<'a> {
        DutchStream(self.0.token_stream(text), rust_stemmers::Stemmer::create(rust_stemmers::Algorithm::Dutch))
    }
}

impl<S: TokenStream> TokenStream for DutchStream<S> {
    fn advance(&mut self) -> bool {
        let more = self.0.advance();
        if more {
            let stem = self.1.stem(&self.0.token().text).into_owned();
            self.0.token_mut().text = stem;
        }
        more
    }

    fn token(&self) -> &Token {
        self.0.token()
    }

    fn token_mut(&mut self) -> &mut Token {
        self.0.token_mut()
    }
}

/// What respondents say in each file, an answer at a time.
fn answers(files: &[std::path::PathBuf]) -> anyhow::Result<Vec<(String, Vec<String>)>> {
    let said = |text: String| text.lines().filter_map(|line| line.strip_prefix("R: ")).map(str::to_owned).collect();
    files.iter().map(|path| Ok((path.display().to_string(), said(fs::read_to_string(path)?)))).collect()
}

/// Indexes texts by their files with tantivy's own analyser, and nothing else of them.
fn tantivy_alone(said: &[(String, Vec<String>)], folder: &Path) -> anyhow::Result<()> {
    fs::create_dir_all(folder)?;
    let mut schema = Schema::builder();
    let indexing =
        TextFieldIndexing::default().set_tokenizer("nl").set_index_option(IndexRecordOption::WithFreqsAndPositions);
    let text = schema.add_text_field("text", TextOptions::default().set_indexing_options(indexing).set_stored());
    let file = schema.add_text_field("file", STORED);
    let index = tantivy::Index::create_in_dir(folder, schema.build())?;
    let analyser = TextAnalyzer::builder(SimpleTokenizer::default()).filter(LowerCaser).filter(Dutch).build();
    index.tokenizers().register("nl", analyser);
    let mut writer = index.writer_with_num_threads(2, 100 << 20)?;
    for (name, texts) in said {
        for one in texts {
            let mut document = TantivyDocument::new();
            document.add_text(text, one);
            document.add_text(file, name);
            writer.add_document(document)?;
        }
    }
    writer.commit()?;
    writer.wait_merging_threads()?;
    Ok(())
}
