// What is counted anew for a choice of interviews, by the rules of the program: the same numbers to the last digit.

/** Fewer interviews than this say too little. */
const ENOUGH = 3;

/** Draws of the bootstrap. */
const DRAWS = 2000;

const countInterviews = quotes => new Set(quotes.map(quote => quote.interview)).size;

/** The upper 32 bits of a product of two numbers of 32 bits. */
function upper(a, b) {
  const [a1, a0, b1, b0] = [a >>> 16, a & 0xffff, b >>> 16, b & 0xffff];
  const middle = a1 * b0 + ((a0 * b0) >>> 16);
  return a1 * b1 + Math.floor(middle / 65536) + Math.floor(((middle % 65536) + a0 * b1) / 65536);
}

/** The product of two numbers of 64 bits, each as its upper and lower half, without what does not fit. */
const times = ([a1, a0], [b1, b0]) => [(upper(a0, b0) + Math.imul(a1, b0) + Math.imul(a0, b1)) >>> 0, Math.imul(a0, b0) >>> 0];

/** A number of 64 bits with its own upper bits, `by` places down, laid over it. */
const mixed = ([high, low], by) => [(high ^ (high >>> by)) >>> 0, (low ^ ((low >>> by) | (high << (32 - by)))) >>> 0];

/** Whole numbers below `n` from a seed (SplitMix64), as the program draws them. */
function drawing(seed, n) {
  let [high, low] = [0, seed];
  return () => {
    const sum = low + 0x7f4a7c15;
    [high, low] = [(high + 0x9e3779b9 + (sum > 0xffffffff ? 1 : 0)) >>> 0, sum >>> 0];
    const first = times(mixed([high, low], 30), [0xbf58476d, 0x1ce4e5b9]);
    const [top, bottom] = mixed(times(mixed(first, 27), [0x94d049bb, 0x133111eb]), 31);
    return ((top % n) * (0x100000000 % n) + bottom) % n;
  };
}

const drawn = new Map();

/** Which of `n` voices each draw takes. They depend on `n` alone, so they are drawn once. */
function draws(n) {
  if (!drawn.has(n)) {
    const next = drawing(1, n);
    drawn.set(n, Uint32Array.from({ length: DRAWS * n }, next));
  }
  return drawn.get(n);
}

/** The 97.5% quantile of the normal distribution, and what of t is beyond it: see the program's `t_quantile`. */
const NORMAL = 1.959963984540054;
const BEYOND_NORMAL = [2.372271230298562, 2.822498615739611, 2.555849679507722, 1.5895340533938225];

/** By how much draws from few voices must lie further from their mean (Hesterberg 2015). */
function widening(n) {
  const free = n - 1;
  const t = BEYOND_NORMAL.reduceRight((rest, term) => (term + rest) / free, 0) + NORMAL;
  return Math.sqrt((free + 1) / free) * t / NORMAL;
}

/** The 95% bootstrap interval of the mean, widened for few voices, within the scale. */
function bootstrap(values) {
  const n = values.length;
  const picks = draws(n);
  const means = new Float64Array(DRAWS);
  for (let draw = 0; draw < DRAWS; draw++) {
    let sum = 0;
    for (let i = draw * n; i < (draw + 1) * n; i++) sum += values[picks[i]];
    means[draw] = sum / n;
  }
  means.sort();
  const mean = values.reduce((a, b) => a + b, 0) / n;
  const end = drawn => mean + widening(n) * (drawn - mean);
  return [Math.max(end(means[50]), -2), Math.min(end(means[1949]), 2)];
}

/** The emotion of some quotes, each interview with one voice; the interval from three on, if it is asked for. */
function score(quotes, uncertainty = true) {
  const sums = new Map();
  for (const quote of quotes) {
    const [sum, n] = sums.get(quote.interview) ?? [0, 0];
    sums.set(quote.interview, [sum + quote.emotion, n + 1]);
  }
  // In the order of the interviews, in which the program draws.
  const voices = new Map([...sums].sort(([a], [b]) => a - b).map(([interview, [sum, n]]) => [interview, sum / n]));
  const values = [...voices.values()];
  const n = values.length;
  const total = list => list.reduce((a, b) => a + b, 0);
  const mean = n > 0 ? total(values) / n : null;
  const spread = n > 1 ? Math.sqrt(total(values.map(value => (value - mean) ** 2)) / (n - 1)) : null;
  const interval = n >= ENOUGH && uncertainty ? bootstrap(values) : null;
  return { n, quotes: quotes.length, mean, spread, interval, voices, label: judgement(interval) };
}

function judgement(interval) {
  if (interval === null) return say('te weinig', 'too few');
  const [low, high] = interval;
  if (low > 0) return say('positief', 'positive');
  if (high < 0) return say('negatief', 'negative');
  return low >= -0.5 && high <= 0.5 ? say('neutraal', 'neutral') : say('gemengd', 'mixed');
}

/** The scores of the phases for the interviews in `kept`. */
function phaseScores(data, kept) {
  const here = data.phases.map(() => []);
  for (const quote of data.quotes) if (quote.phase >= 0 && kept.has(quote.interview)) here[quote.phase].push(quote);
  return here.map(quotes => score(quotes));
}

/** What a phase may stand out by, of its score and the mean of the others: the phase in which this is greatest, if it is above zero. */
const STANDS_OUT = {
  peak: ({ mean, interval }, others) => (interval[0] > Math.max(others, 0) ? mean : 0),
  low: ({ mean, interval }, others) => (interval[1] < Math.min(others, 0) ? -mean : 0),
  divided: ({ spread, voices }) => (Math.min(...voices.values()) < 0 && Math.max(...voices.values()) > 0 ? spread : 0),
  most: ({ n }) => n,
};

/** Why each phase is a moment of truth, in words: a list a phase, mostly empty. */
function phaseMarks(data, scores) {
  const marks = scores.map(() => []);
  const told = scores.map((score, phase) => ({ ...score, phase })).filter(({ n }) => n >= ENOUGH);
  if (told.length) marks[told[told.length - 1].phase].push(data.marks.end);
  const others = phase => told.filter(other => other !== phase).reduce((sum, { mean }) => sum + mean, 0) / Math.max(told.length - 1, 1);
  for (const [mark, value] of Object.entries(STANDS_OUT)) {
    const values = told.map(phase => value(phase, others(phase)));
    const most = Math.max(0, ...values);
    const greatest = told.filter((_, n) => values[n] === most);
    // A mark that nearly all get says nothing.
    if (most > 0 && 2 * greatest.length <= told.length) for (const { phase } of greatest) marks[phase].push(data.marks[mark]);
  }
  return marks;
}

/** Needs and pains of a phase by how many of the kept interviews ask and how many are served, the greatest first. */
function opportunities(data, kept, phase) {
  const of = id => data.categories.findIndex(category => category.id === id);
  const [need, pain, gain] = ['behoefte', 'pijnpunt', 'winst'].map(of);
  const subjects = new Map();
  const add = (key, subject, quote) => {
    if (!subjects.has(key)) subjects.set(key, { ...subject, key, asking: [] });
    subjects.get(key).asking.push(quote);
  };
  const here = data.quotes.filter(quote => quote.phase === phase && kept.has(quote.interview));
  for (const quote of here.filter(({ category }) => category === need || category === pain)) {
    const { category, code, touchpoint } = quote;
    // Of equals codes come before touchpoints, each by id: the keys sort so.
    if (code >= 0) {
      const [[id, label], kind] = [data.codes[code], data.categories[category].id];
      add(`0 ${kind} ${id}`, { label, icon: kind, how: data.questions[kind] }, quote);
    }
    if (touchpoint >= 0) {
      const { id, label, icon } = data.touchpoints[touchpoint];
      add(`1 ${id}`, { label, icon, how: data.questions.touchpoint }, quote);
    }
  }
  const found = [...subjects.values()].map(({ asking, ...subject }) => {
    const places = new Set(asking.map(({ touchpoint }) => touchpoint).filter(touchpoint => touchpoint >= 0));
    const served = here.filter(({ category, touchpoint }) => category === gain && (places.size === 0 || places.has(touchpoint)));
    const n = countInterviews(asking);
    const [importance, satisfaction] = [n, countInterviews(served)].map(count => (10 * count) / Math.max(kept.size, 1));
    return { ...subject, asking, n, score: importance + Math.max(importance - satisfaction, 0) };
  });
  return found.sort((a, b) => b.score - a.score || b.n - a.n || (a.key < b.key ? -1 : 1));
}
