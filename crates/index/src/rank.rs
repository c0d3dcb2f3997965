//! Which passages match, in what order?

use tantivy::{
    DocAddress, DocId, Score, SegmentOrdinal, SegmentReader,
    collector::{Collector, SegmentCollector},
    columnar::Column,
};

/// The order of the hits; ties go by file, turn, sentence.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Default)]
pub enum Sort {
    /// By file, turn, sentence.
    #[default]
    Place,
    /// Best match first.
    Relevance,
    /// Most negative first; uncoded passages last.
    Emotion,
    /// Surest first; uncoded passages last.
    Confidence,
}

/// How many hits, and in what order.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct SearchOptions {
    /// At most this many.
    pub limit: usize,
    /// The order.
    pub sort: Sort,
    /// Draws `limit` of all answers by chance, every one as likely as another: the same for the same seed.
    pub seed: Option<u64>,
}

impl Default for SearchOptions {
    fn default() -> Self {
        Self { limit: 50, sort: Sort::Place, seed: None }
    }
}

/// A matching passage: one or more neighbouring documents, each the passage under one of its codings.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct Match {
    /// What it is chosen by, smallest first: its place in the order, or a number drawn by lot.
    pub weight: f64,
    /// What it is sorted by where it is chosen by lot.
    pub order: f64,
    pub passage: u64,
    pub of_turn: u64,
    pub in_turn: u64,
    /// One of its documents.
    pub document: DocAddress,
    pub score: Score,
    /// A bit for each of its codings, of the first 64, that matches.
    pub codings: u64,
}

/// Collects the first passages in an order, and how many there are.
pub(crate) struct First(pub SearchOptions);

#[derive(Default)]
pub(crate) struct Found {
    pub total: usize,
    pub matches: Vec<Match>,
}

pub(crate) struct SegmentFirst {
    segment: SegmentOrdinal,
    options: SearchOptions,
    passage: Column<u64>,
    of_turn: Column<u64>,
    in_turn: Column<u64>,
    coding: Column<u64>,
    emotion: Column<i64>,
    confidence: Column<f64>,
    current: Option<Match>,
    /// The last passage that was only counted.
    last_counted: u64,
    found: Found,
}

impl Collector for First {
    type Fruit = Found;
    type Child = SegmentFirst;

    fn for_segment(&self, segment: SegmentOrdinal, reader: &SegmentReader) -> tantivy::Result<SegmentFirst> {
        let columns = reader.fast_fields();
        Ok(SegmentFirst {
            segment,
            options: self.0,
            passage: columns.u64("passage")?,
            of_turn: columns.u64("of_turn")?,
            in_turn: columns.u64("in_turn")?,
            coding: columns.u64("coding")?,
            emotion: columns.i64("emotion")?,
            confidence: columns.f64("confidence")?,
            current: None,
            last_counted: u64::MAX,
            found: Found::default(),
        })
    }

    fn requires_scoring(&self) -> bool {
        self.0.sort == Sort::Relevance
    }

    fn merge_fruits(&self, parts: Vec<Found>) -> tantivy::Result<Found> {
        let mut all = Found::default();
        for part in parts {
            all.total += part.total;
            all.matches.extend(part.matches);
        }
        all.matches.sort_by(chosen);
        all.matches.truncate(self.0.limit);
        if self.0.seed.is_some() {
            all.matches.sort_by(|a, b| a.order.total_cmp(&b.order).then(a.passage.cmp(&b.passage)));
        }
        Ok(all)
    }
}

/// By weight, then by place.
fn chosen(a: &Match, b: &Match) -> std::cmp::Ordering {
    a.weight.total_cmp(&b.weight).then(a.passage.cmp(&b.passage))
}

/// SplitMix64 (Steele, Lea & Flood 2014): numbers without pattern from a seed and a place.
fn drawn(seed: u64, passage: u64) -> f64 {
    let mut z = seed.wrapping_mul(0x9e37_79b9_7f4a_7c15) ^ passage.wrapping_add(1).wrapping_mul(0xd1b5_4a32_d192_ed03);
    z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    ((z ^ (z >> 31)) >> 11) as f64
}

impl SegmentFirst {
    fn order(&self, doc: DocId, score: Score) -> f64 {
        match self.options.sort {
            Sort::Place => 0.0,
            // Rounded: a sum of floats may differ in its last bits with the order of the segments' postings.
            Sort::Relevance => -(f64::from(score) * 1e4).round(),
            Sort::Emotion => self.emotion.first(doc).map_or(f64::INFINITY, |v| v as f64),
            Sort::Confidence => -self.confidence.first(doc).unwrap_or(-1.0),
        }
    }

    /// Whether all that can come first was found, so that the rest need only be counted: places go up.
    fn is_full(&self) -> bool {
        let by_place = self.options.sort == Sort::Place && self.options.seed.is_none();
        by_place && self.found.matches.len() >= self.options.limit
    }

    fn close(&mut self) {
        let Some(done) = self.current.take() else { return };
        self.found.total += 1;
        let (matches, limit) = (&mut self.found.matches, self.options.limit);
        matches.push(done);
        // Whatever can't come first any more is dropped from time to time.
        if matches.len() >= limit.saturating_add(512).saturating_mul(2) {
            matches.select_nth_unstable_by(limit, chosen);
            matches.truncate(limit);
        }
    }
}

impl SegmentCollector for SegmentFirst {
    type Fruit = Found;

    fn collect(&mut self, doc: DocId, score: Score) {
        let passage = self.passage.first(doc).unwrap_or(0);
        if self.is_full() {
            self.found.total += usize::from(self.last_counted != passage);
            self.last_counted = passage;
            return;
        }
        let order = self.order(doc, score);
        let coding = 1u64.checked_shl(self.coding.first(doc).unwrap_or(0) as u32).unwrap_or(0);
        if let Some(current) = self.current.as_mut().filter(|current| current.passage == passage) {
            current.order = current.order.min(order);
            current.score = current.score.max(score);
            current.codings |= coding;
            if self.options.seed.is_none() {
                current.weight = current.order;
            }
            return;
        }
        self.close();
        if self.is_full() {
            (self.found.total, self.last_counted) = (self.found.total + 1, passage);
            return;
        }
        self.current = Some(Match {
            weight: self.options.seed.map_or(order, |seed| drawn(seed, passage)),
            order,
            passage,
            of_turn: self.of_turn.first(doc).unwrap_or(0),
            in_turn: self.in_turn.first(doc).unwrap_or(0),
            document: DocAddress::new(self.segment, doc),
            score,
            codings: coding,
        });
    }

    fn harvest(mut self) -> Found {
        self.close();
        self.found
    }
}
