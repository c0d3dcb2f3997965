// The emotion curve of a choice of interviews, or of two, as the program draws that of all.

const CURVE = { width: 1000, height: 130, zero: 65, reach: 54 };

/**
 * `series`: one or two of `{ name, scores }`, a score a phase. `lines`: a thin line an interview.
 * `size`: another width and height than that of the table's row. `places`: touchpoints to draw beside each phase's point.
 */
function curve(data, series, { lines = false, size = CURVE, places = [] } = {}) {
  const { width, height, zero, reach } = size;
  const column = width / data.phases.length;
  const all = [...series.flatMap(({ scores }) => scores), ...places.flat().map(({ score }) => score)];
  const wide = all.some(({ mean, interval, voices }) =>
    [mean, ...(lines || places.length === 0 ? interval ?? [] : []), ...(lines ? voices.values() : [])].some(value => Math.abs(value ?? 0) > 1))
    || data.phases.some(({ desired }) => Math.abs(desired ?? 0) > 1);
  const end = wide ? 2 : 1;
  const x = phase => (phase + 0.5) * column;
  const y = emotion => zero - (Math.max(-end, Math.min(end, emotion)) / end) * reach;
  const text = (attributes, words) => draw('text', attributes, words);
  const svg = draw('svg', { class: 'emotion', viewBox: `0 0 ${width} ${height}`, role: 'img', 'aria-label': inWords(data, series) });
  for (const [name, from, to] of [['up', 0, y(0.5)], ['middle', y(0.5), y(-0.5)], ['down', y(-0.5), height]]) {
    svg.append(draw('rect', { class: name, x: 0, y: from, width, height: to - from }));
  }
  for (let n = 1; n < data.phases.length; n++) {
    svg.append(draw('line', { class: 'column', x1: column * n, x2: column * n, y1: 0, y2: height }));
  }
  svg.append(draw('line', { class: 'zero', x1: 0, x2: width, y1: zero, y2: zero }));
  for (const [at, words] of [[12, `${say('positief', 'positive')} (+${end})`], [zero - 4, say('neutraal', 'neutral')],
    [height - 5, `${say('negatief', 'negative')} (−${end})`]]) {
    svg.append(text({ class: 'axis', x: 4, y: at }, words));
  }
  data.phases.forEach(({ desired }, n) => {
    if (desired === null) return;
    svg.append(draw('line', { class: 'desired', x1: x(n) - 24, x2: x(n) + 24, y1: y(desired), y2: y(desired) },
      draw('title', {}, `${say('gewenst', 'desired')}: ${written(desired)}`)));
  });
  const values = [];
  series.forEach(({ name, scores }, which) => {
    const group = draw('g', { class: `series-${which}` });
    for (const run of runs(scores, ({ interval }) => interval !== null)) {
      const half = run.length === 1 ? 8 : 0;
      const edge = (phases, bound, sign) => phases.flatMap(n => [-1, 1].map(side =>
        `${x(n) + side * sign * half},${y(scores[n].interval[bound])}`));
      group.append(draw('polygon', { class: 'band', points: [...edge(run, 1, 1), ...edge([...run].reverse(), 0, -1)].join(' ') }));
    }
    if (lines) data.interviews.forEach((interview, i) => {
      for (const run of runs(scores, ({ voices }) => voices.has(i))) {
        group.append(draw('polyline', { class: 'voice', points: run.map(n => `${x(n)},${y(scores[n].voices.get(i))}`).join(' ') },
          draw('title', {}, interview.name)));
      }
    });
    for (let n = 1; n < scores.length; n++) {
      const [from, to] = [scores[n - 1], scores[n]];
      if (from.mean === null || to.mean === null) continue;
      const thin = from.n < 3 || to.n < 3 ? ' thin' : '';
      group.append(draw('line', { class: `mean${thin}`, x1: x(n - 1), y1: y(from.mean), x2: x(n), y2: y(to.mean) }));
    }
    scores.forEach(({ mean, interval, n: told, label }, n) => {
      if (mean === null) {
        if (series.length === 1) svg.append(text({ class: 'axis', 'text-anchor': 'middle', x: x(n), y: zero + 14 }, say('geen uitspraken', 'no quotes')));
        return;
      }
      const at = y(mean);
      const words = series.length === 1 ? `${written(mean)} ${label}` : `${name[0]} ${written(mean)}`;
      group.append(draw('circle', { class: told < 3 ? 'few' : 'dot', cx: x(n), cy: at, r: 5 },
        draw('title', {}, `${data.phases[n].label}: ${written(mean)}, ${label}`)));
      const [low, high] = interval ? [Math.max(at, y(interval[0])), Math.min(at, y(interval[1]))] : [at, at];
      const below = which === 1 || high < 30;
      values[n] = below ? Math.min(low + 18, height - 4) : high - 9;
      group.append(text({ class: 'value', 'text-anchor': 'middle', x: x(n), y: values[n] }, words));
    });
    svg.append(group);
  });
  places.forEach((ends, p) => ends.forEach(({ touchpoint, score }, n) => {
    const [at, top] = [x(p) + (n === 0 ? -0.3 : 0.3) * column, y(score.mean)];
    // Above the line its name stands over the picture, unless the phase's own score stands there.
    const own = values[p];
    const below = score.mean < 0 ? !(own > top + 8 && own < top + 34) : own < top - 2 && own > top - 26;
    const name = touchpoint.label.length > 16 ? `${touchpoint.label.slice(0, 15)}…` : touchpoint.label;
    const words = `${name} ${written(score.mean)}`;
    // Half a letter's width for each: at the edge the number must not fall off.
    const room = words.length * 3.2;
    svg.append(draw('use', { class: 'place', href: `#i-${touchpoint.icon}`, x: at - 8, y: top - 8, width: 16, height: 16 }),
      text({
        class: 'axis on',
        'text-anchor': 'middle',
        x: Math.max(room, Math.min(width - room, at)),
        y: below ? top + 20 : top - 12,
      }, words));
  }));
  return svg;
}

/** The curve in words, for who can't see it. */
function inWords(data, series) {
  const line = ({ name, scores }) => `${name}: ${scores.map(({ mean, label }, n) =>
    `${data.phases[n].label} ${mean === null ? say('geen uitspraken', 'no quotes') : `${written(mean)} ${label}`}`).join(', ')}`;
  return `${say('Emotiecurve', 'Emotion curve')}. ${series.map(line).join('. ')}`;
}

/** Stretches of neighbours that all have it. */
function runs(list, has) {
  const found = [];
  list.forEach((item, n) => {
    if (!has(item)) return;
    const last = found[found.length - 1];
    if (last && last[last.length - 1] === n - 1) last.push(n);
    else found.push([n]);
  });
  return found;
}

