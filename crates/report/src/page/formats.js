// Two other shapes of the same journey: led by emotion, and as a wheel.

/**
 * A large curve, and under each phase the moments that make it: its touchpoints by how they feel, the pain and the gain
 * that most interviews tell of. `open` shows quotes.
 */
function emotionView(data, series, lines, open) {
  const large = { width: 1000, height: 380, zero: 190, reach: 165 };
  const box = make('div', { class: 'led' });
  const heads = make('ol', { class: `phases columns-${Math.min(data.phases.length, 10)}`, 'aria-hidden': 'true' });
  const marked = series.map(({ scores }) => phaseMarks(data, scores));
  heads.append(...data.phases.map(({ label }, p) => make('li', {}, label,
    ...marked.map((marks, which) => star(marks[p], series.length > 1 ? 'AB'[which] : '')))));
  box.append(make('div', { class: 'scroll', tabindex: '0', role: 'region', 'aria-label': say('Emotiecurve', 'Emotion curve') },
    make('div', { class: 'wide' }, heads, curve(data, series, { lines, size: large, places: series.length === 1 ? phaseEnds(data, series[0].kept) : [] }), ...series.map(({ name, kept }, which) =>
      moments(data, kept, series.length > 1 ? `${'AB'[which]}: ${name}` : null, open)))));
  return box;
}

/** Why a phase stands out, if it does; `side` tells whose star it is where two stand side by side. */
const star = (marks, side) => (marks.length === 0 ? null
  : make('span', { class: 'moment' }, icon('moment'), `${side ? `${side}: ` : ''}${marks.join(', ')}`));

/** The touchpoints that feel best and worst, of those that three interviews speak of. */
function ends(data, quotes) {
  const places = data.touchpoints
    .map((touchpoint, t) => ({ touchpoint, quotes: quotes.filter(quote => quote.touchpoint === t) }))
    .map(place => ({ ...place, score: score(place.quotes, false) }))
    .filter(({ score }) => score.n >= 3)
    .sort((a, b) => b.score.mean - a.score.mean);
  return places.length > 1 ? [places[0], places[places.length - 1]] : places;
}

const phaseEnds = (data, kept) => data.phases.map((_, p) =>
  ends(data, data.quotes.filter(quote => quote.phase === p && kept.has(quote.interview))));

function moments(data, kept, title, open) {
  const list = make('ol', { class: `moments columns-${Math.min(data.phases.length, 10)}` });
  data.phases.forEach((phase, p) => {
    const here = data.quotes.filter(quote => quote.phase === p && kept.has(quote.interview));
    const cell = make('li', {}, make('h3', {}, phase.label));
    for (const { touchpoint, quotes, score } of ends(data, here)) {
      cell.append(moment(touchpoint.icon, touchpoint.label, `${written(score.mean)}, ${nInterviews(score.n)}`,
        () => open(`${phase.label}: ${touchpoint.label}`, quotes)));
    }
    for (const id of ['winst', 'pijnpunt']) {
      const category = data.categories.findIndex(category => category.id === id);
      const mine = here.filter(quote => quote.category === category);
      if (mine.length === 0) continue;
      const n = countInterviews(mine);
      cell.append(moment(id, data.categories[category].label, nInterviews(n),
        () => open(`${phase.label}: ${data.categories[category].label}`, mine)));
    }
    if (here.length === 0) cell.append(make('p', { class: 'none' }, say('Geen uitspraken over deze fase.', 'No quotes on this phase.')));
    list.append(cell);
  });
  return make('div', {}, title ? make('h3', { class: 'side' }, title) : null, list);
}

function moment(picture, label, note, onclick) {
  const button = make('button', { type: 'button', class: 'item', 'aria-haspopup': 'dialog' },
    icon(picture), make('span', { class: 'label' }, label), ' ', make('span', { class: 'n' }, note));
  button.addEventListener('click', onclick);
  return button;
}

const point = (radius, turn) => [400 + radius * Math.sin(turn * 2 * Math.PI), 400 - radius * Math.cos(turn * 2 * Math.PI)];

/** A piece of a ring; turns run clockwise from the top, 0…1. */
function ring(inner, outer, from, to) {
  // A whole circle has no two ends to draw an arc between.
  const last = Math.min(to, from + 0.99999);
  const [a, b, c, d] = [point(outer, from), point(outer, last), point(inner, last), point(inner, from)];
  const large = last - from > 0.5 ? 1 : 0;
  return `M${a} A${outer} ${outer} 0 ${large} 1 ${b} L${c} A${inner} ${inner} 0 ${large} 0 ${d} Z`;
}

/** Words along a ring, read from outside above and from inside below. */
function along(svg, id, radius, from, to, words, name) {
  const middle = (from + to) / 2;
  const below = middle > 0.25 && middle < 0.75;
  const r = below ? radius + 5 : radius - 5;
  const last = Math.min(to, from + 0.99);
  const [a, b] = below ? [point(r, last), point(r, from)] : [point(r, from), point(r, last)];
  svg.append(draw('path', { id, fill: 'none', d: `M${a} A${r} ${r} 0 ${last - from > 0.5 ? 1 : 0} ${below ? 0 : 1} ${b}` }));
  const room = Math.floor(((last - from) * 2 * Math.PI * r) / (name === 'name' ? 8.2 : 7.4));
  const short = words.length > room ? `${words.slice(0, room - 1)}…` : words;
  const path = draw('textPath', { href: `#${id}`, startOffset: '50%' }, short);
  svg.append(draw('text', { class: name, 'text-anchor': 'middle' }, draw('title', {}, words), path));
}

/** Phases around a circle: before, during, after; the emotion between the rings; outside who tell of what. */
function wheelView(data, { name, kept }, mark) {
  const n = data.phases.length;
  const scores = phaseScores(data, kept);
  const svg = draw('svg', { class: 'wheel', viewBox: '0 0 800 800', role: 'img', 'aria-label': inWords(data, [{ name, scores }]) });
  const parts = n < 3 ? [] : [[say('vooraf', 'before'), 0, 1], [say('tijdens', 'during'), 1, n - 1], [say('achteraf', 'after'), n - 1, n]];
  parts.forEach(([words, from, to], i) => {
    svg.append(draw('path', { class: `part part-${i}`, d: ring(72, 106, from / n, to / n) }));
    along(svg, `${mark}part-${i}`, 89, from / n, to / n, words, 'axis');
  });
  const emotion = mean => 235 + (Math.max(-1, Math.min(1, mean)) * 65);
  for (const [name, inner, outer] of [['down', 160, 202], ['middle', 202, 268], ['up', 268, 310]]) {
    svg.append(draw('path', { class: name, 'fill-rule': 'evenodd', d: ring(inner, outer, 0, 1) }));
  }
  svg.append(draw('circle', { class: 'zero', cx: 400, cy: 400, r: 235, fill: 'none' }));
  const categories = ['behoefte', 'winst', 'pijnpunt'].map(id => data.categories.findIndex(category => category.id === id));
  const told = new Map();
  for (const quote of data.quotes) {
    if (!kept.has(quote.interview) || !categories.includes(quote.category)) continue;
    const key = `${quote.phase} ${quote.category}`;
    if (!told.has(key)) told.set(key, []);
    told.get(key).push(quote);
  }
  const most = Math.max(1, ...[...told.values()].map(quotes => quotes.length));
  data.phases.forEach((phase, p) => {
    const [from, to] = [p / n, (p + 1) / n];
    svg.append(draw('path', { class: 'phase', d: ring(110, 155, from, to) }));
    along(svg, `${mark}phase-${p}`, 132, from, to, `${p + 1} ${phase.label}`, 'name');
    svg.append(draw('line', { class: 'column', x1: point(110, from)[0], y1: point(110, from)[1], x2: point(392, from)[0], y2: point(392, from)[1] }));
    categories.forEach((category, i) => {
      if (category < 0) return;
      const mine = told.get(`${p} ${category}`) ?? [];
      const id = data.categories[category].id;
      const middle = from + ((i + 1.5) * (to - from)) / 5;
      const half = Math.min(0.006, (to - from) / 14);
      const end = 319 + (40 * mine.length) / most;
      svg.append(draw('path', { class: `bar ${id}`, d: ring(318, end, middle - half, middle + half) },
        draw('title', {}, `${phase.label}, ${data.categories[category].label}: ${nQuotes(mine.length)}, ${nInterviews(countInterviews(mine))}`)));
      const [x, y] = point(end + 12, middle);
      svg.append(draw('use', { class: `sign ${id}`, href: `#i-${categoryIcon(id)}`, x: x - 7, y: y - 7, width: 14, height: 14 }));
      const [left, top] = point(end + 30, middle);
      svg.append(draw('text', { class: 'axis', 'text-anchor': 'middle', x: left, y: top + 3 }, String(mine.length)));
    });
  });
  const spots = scores.map(({ mean }, p) => (mean === null ? null : point(emotion(mean), (p + 0.5) / n)));
  for (let p = 1; p < n; p++) {
    if (!spots[p - 1] || !spots[p]) continue;
    const thin = scores[p - 1].n < 3 || scores[p].n < 3 ? ' thin' : '';
    // Around the middle, not straight through it.
    const steps = Array.from({ length: 17 }, (_, i) => i / 16).map(t =>
      point(emotion(scores[p - 1].mean * (1 - t) + scores[p].mean * t), (p - 0.5 + t) / n));
    svg.append(draw('polyline', { class: `mean${thin}`, points: steps.join(' ') }));
  }
  spots.forEach((spot, p) => {
    if (!spot) return;
    svg.append(draw('circle', { class: scores[p].n < 3 ? 'few' : 'dot', cx: spot[0], cy: spot[1], r: 6 },
      draw('title', {}, `${data.phases[p].label}: ${written(scores[p].mean)}, ${scores[p].label}`)));
    const [x, y] = point(emotion(scores[p].mean) + 24, (p + 0.5) / n);
    svg.append(draw('text', { class: 'value', 'text-anchor': 'middle', x, y: y + 4 }, written(scores[p].mean)));
  });
  svg.append(draw('text', { class: 'name', 'text-anchor': 'middle', x: 400, y: 396 }, nInterviews(kept.size)));
  svg.append(draw('text', { class: 'axis', 'text-anchor': 'middle', x: 400, y: 414 }, say('de reis begint bovenaan', 'the journey starts on top')));
  const caption = say(
    'Lees met de klok mee, te beginnen bovenaan. De eerste fase telt als vooraf, de laatste als achteraf. De lijn is de emotie van −1 (binnen) tot +1 (buiten). De staven buiten tellen de uitspraken over behoeften, winsten en pijnpunten.',
    'Read clockwise from the top. The first phase counts as before, the last as after. The line is the emotion, from −1 (inside) to +1 (outside). The bars outside count the quotes on needs, gains and pain points.');
  const names = make('ol', { class: 'names' }, ...data.phases.map(({ label }) => make('li', {}, label)));
  return make('figure', { class: 'round' }, svg, names, make('figcaption', {}, caption));
}

