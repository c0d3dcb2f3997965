// Starts the page: filters, levels, formats, comparing, and the panel in which quotes are read.

/** Items of a cell that are seen at once; the others fold. */
const SEEN = 3;
/** Opportunities of a phase. */
const OPPORTUNITIES = 6;

read().then(start);

function start(data) {
  const open = panel(data);
  const template = prepare(document.querySelector('table.journey'));
  const scroller = document.querySelector('#view > .scroll');
  const view = document.getElementById('view');
  const everyone = chosen(data, {});
  const showTable = quoteTable(data, document.getElementById('quotes'), open);
  const behind = new WeakMap();
  const state = { format: 'map', level: 'basis', lines: false, filter: {}, other: '' };
  const controls = tools(data, state, render);
  document.getElementById('tools').replaceChildren(controls.box);

  view.addEventListener('click', event => {
    const button = event.target.closest('button[data-set]');
    if (button) open(button.dataset.name, behind.get(button) ?? data.sets[button.dataset.set].map(n => data.quotes[n]));
  });
  render();
  follow();
  window.addEventListener('hashchange', follow);

  /** Opens the quotes of a link to some of them. */
  function follow() {
    const quotes = linked(data);
    if (quotes === null) return;
    const none = say('Deze uitspraken staan niet in deze pagina', 'These quotes are not in this page');
    open(quotes.length ? say('Gevonden uitspraken', 'Quotes found') : none, quotes, true);
  }

  function render() {
    document.body.dataset.level = state.level;
    const sides = [{ name: named(state.filter), kept: chosen(data, state.filter) }];
    if (state.other !== '') {
      const choice = JSON.parse(state.other);
      sides.push({ name: named(choice), kept: chosen(data, choice) });
    }
    // The map of all is in the page as the program drew it: nothing to count.
    const drawn = state.format === 'map' && sides.length === 1 && !state.lines && sides[0].kept.size === everyone.size;
    const series = sides.map(side => ({ ...side, scores: drawn ? [] : phaseScores(data, side.kept) }));
    if (state.format === 'map') {
      scroller.replaceChildren(sides.length === 1 ? filled(series[0], series) : beside(series));
      view.replaceChildren(scroller);
      if (state.level === 'uitgebreid') scroller.querySelectorAll('details.rest').forEach(rest => { rest.open = true; });
    } else if (state.format === 'emotion') {
      view.replaceChildren(emotionView(data, series, state.lines, open));
    } else {
      view.replaceChildren(make('div', { class: 'wheels' }, ...sides.map((side, n) => make('div', {},
        sides.length > 1 ? make('h3', { class: 'side' }, `${'AB'[n]}: ${side.name}`) : null, wheelView(data, side, 'wheel-' + n + '-')))));
    }
    showTable(sides[0].kept);
    controls.tell(series.map(({ name, kept }) => {
      const n = data.quotes.filter(quote => kept.has(quote.interview)).length;
      return `${name}: ${nInterviews(kept.size)}, ${nQuotes(n)}`;
    }).join(' · '));
  }

  /** A choice in words. */
  function named(choice) {
    const parts = Object.entries(choice).filter(([, value]) => value !== '')
      .map(([key, value]) => (key === 'interview' ? data.interviews[value].name : value));
    return parts.length ? parts.join(', ') : say('alle interviews', 'all interviews');
  }

  /** The map of the interviews of one side. */
  function filled({ kept, scores }, series) {
    const table = template.cloneNode(true);
    const whole = kept.size === everyone.size;
    if (!whole) {
      table.querySelectorAll('td').forEach(cell => narrow(cell, kept));
      table.querySelectorAll('.kans td').forEach((cell, phase) => seize(cell, kept, phase));
      table.querySelectorAll('.cijfer td').forEach((cell, n) => cell.replaceChildren(figures(scores[n], kept.size, data.phases[n])));
    }
    if (!whole || series.length > 1) mark(table, series);
    if (!whole || state.lines || series.length > 1) {
      table.querySelector('td.curve').replaceChildren(curve(data, series, { lines: state.lines }));
    }
    return table;
  }

  /** Leaves in a cell what the kept interviews tell of, most interviews first, and folds the rest anew. */
  function narrow(cell, kept) {
    const of = element => data.sets[element.dataset.set].map(n => data.quotes[n]).filter(quote => kept.has(quote.interview));
    const voices = [...cell.querySelectorAll('figure.voice')];
    voices.filter(voice => of(voice.querySelector('button')).length === 0).forEach(voice => voice.remove());
    const items = [...cell.querySelectorAll('li')].filter(item => item.querySelector('button.item'));
    if (voices.length === 0 && items.length === 0) return;
    const told = items.map(item => {
      const button = item.querySelector('button');
      const quotes = of(button);
      behind.set(button, quotes);
      const n = countInterviews(quotes);
      button.querySelector('.count').textContent = nInterviews(n);
      button.classList.toggle('thin', n < ENOUGH);
      button.querySelector('.note')?.remove();
      if (n > 0 && cell.parentNode.classList.contains('contact')) {
        const { mean, label } = score(quotes);
        button.querySelector('.line').textContent = `${say('Emotie', 'Emotion')} ${label} (${written(mean)})`;
      }
      const line = button.querySelector('.typical');
      if (line && quotes.length) line.textContent = `“${passage(data, quotes[0]).words}”`;
      return { item, n, unnamed: item.parentNode.classList.contains('unnamed') };
    }).filter(({ n }) => n > 0).sort((a, b) => b.n - a.n);
    if (items.length) cell.replaceChildren(...folded(told));
    if (!cell.querySelector('li, figure')) {
      cell.replaceChildren(make('p', { class: 'none' }, say('Geen uitspraken hierover in deze keuze van interviews.', 'No quotes on this in this choice of interviews.')));
    }
  }

  /** Items `{ item, n, unnamed }` of a cell: some are seen, the others fold; what has no name comes last. */
  function folded(told) {
    const named = told.filter(({ unnamed }) => !unnamed);
    const several = named.filter(({ n }) => n > 1).length;
    const seen = named.slice(0, several === 0 ? 1 : Math.min(several, SEEN));
    const rest = named.slice(seen.length);
    const list = entries => make('ul', {}, ...entries.map(({ item }) => item));
    return [
      seen.length ? list(seen) : null,
      rest.length ? make('details', { class: 'rest' }, make('summary', {}, say(`nog ${rest.length} die minder worden genoemd`, `${rest.length} more that fewer speak of`)), list(rest)) : null,
      ...told.filter(({ unnamed }) => unnamed).map(({ item }) => make('ul', { class: 'unnamed' }, item)),
    ].filter(Boolean);
  }

  /** The opportunities of a phase, scored anew for the kept interviews: others than among all may be the greatest. */
  function seize(cell, kept, phase) {
    const found = opportunities(data, kept, phase).slice(0, OPPORTUNITIES);
    if (found.length === 0) return;
    cell.replaceChildren(...folded(found.map(({ label, icon: picture, how, score, n, asking }) => {
      const button = make('button', { type: 'button', class: `item${n < ENOUGH ? ' thin' : ''}`, 'aria-haspopup': 'dialog' },
        icon(picture), make('span', { class: 'label' }, label), ' ',
        make('span', { class: 'n' }, make('span', { class: 'note' }, `${say('kans', 'score')} ${written(score)}, `), make('span', { class: 'count' }, nInterviews(n))),
        make('span', { class: 'line' }, how.replace('{phase}', () => data.phases[phase].label).replace('{label}', () => label)));
      button.addEventListener('click', () => open(label, asking));
      return { item: make('li', {}, button), n, unnamed: false };
    })));
  }

  /** Stars on the phases that stand out among the kept interviews; of two sides each with its letter. */
  function mark(table, series) {
    table.querySelectorAll('.moment').forEach(star => star.remove());
    const marked = series.map(({ scores }) => phaseMarks(data, scores));
    [...table.tHead.rows[0].cells].slice(1).forEach((head, p) => {
      const stars = marked.map((marks, which) => star(marks[p], series.length > 1 ? 'AB'[which] : '')).filter(Boolean);
      const about = head.querySelector('.about');
      if (about) about.before(...stars);
      else head.append(...stars);
    });
  }

  function figures({ n, quotes, mean, interval }, all, { desired }) {
    if (mean === null) return make('p', { class: 'none' }, say('Deze interviews gaan niet over deze fase.', 'These interviews are not about this phase.'));
    const lines = [`${n} ${say('van', 'of')} ${nInterviews(all)}`, nQuotes(quotes), `${say('emotie', 'emotion')} ${written(mean)}`];
    if (interval) lines.push(`95%: ${written(interval[0])} ${say('tot', 'to')} ${written(interval[1])}`);
    if (desired !== null) lines.push(`${say('gewenst', 'desired')} ${written(desired)}`);
    return make('ul', { class: 'figures' }, ...lines.map(line => make('li', {}, line)));
  }

  /** Two maps in one table: a row of each under the other, so that the phases stay in line; one picture of both curves. */
  function beside(series) {
    const [table, other] = series.map(side => filled(side, series));
    const rows = [...table.tBodies[0].rows];
    [...other.tBodies[0].rows].forEach((row, n) => {
      const mark = (heading, side) => heading.append(make('span', { class: `side side-${side}` }, `${'AB'[side]}: ${series[side].name}`));
      mark(rows[n].cells[0], 0);
      if (row.classList.contains('emotie')) {
        mark(rows[n].cells[0], 1);
        return;
      }
      mark(row.cells[0], 1);
      row.classList.add('second');
      rows[n].classList.add('first');
      rows[n].after(row);
    });
    return table;
  }
}

/** Items open the panel instead of unfolding in their cell. */
function prepare(table) {
  for (const item of table.querySelectorAll('details.item')) {
    const button = make('button', { type: 'button', class: item.className, 'aria-haspopup': 'dialog', 'data-set': item.dataset.set });
    button.append(...item.querySelector('summary').childNodes);
    button.dataset.name = button.querySelector('.label').textContent;
    item.replaceWith(button);
  }
  for (const voice of table.querySelectorAll('figure.voice')) {
    const source = voice.querySelector('figcaption');
    const button = make('button', { type: 'button', class: 'link', 'aria-haspopup': 'dialog', 'data-set': voice.dataset.set });
    button.dataset.name = say('Citaat', 'Quote');
    button.append(...source.childNodes);
    source.append(button);
  }
  return table.cloneNode(true);
}

/** The controls. Returns their box and what tells how much is shown. */
function tools(data, state, render) {
  const status = make('p', { role: 'status', class: 'n' });
  const pick = (legend, name, options) => make('fieldset', {}, make('legend', {}, legend), ...options.map(([value, words], n) => {
    const input = make('input', { type: 'radio', name, value, id: `${name}-${value}`, checked: n === 0 });
    input.addEventListener('change', () => { state[name] = value; render(); });
    return make('span', { class: 'choice' }, input, make('label', { for: input.id }, words));
  }));
  const selects = [];
  const select = (id, label, options, onchange) => {
    const control = make('select', { id }, ...options);
    control.addEventListener('change', () => { onchange(control.value); render(); });
    selects.push(control);
    return make('div', { class: 'field' }, make('label', { for: id }, label), control);
  };
  const option = (value, words) => make('option', { value }, words);
  const title = key => key.charAt(0).toUpperCase() + key.slice(1).replace(/[_-]/g, ' ');
  const interviews = data.interviews.map(({ name }, n) => option(String(n), name));
  const filters = data.filters.map(({ key, values }, n) => select(`filter-${n}`, title(key),
    [option('', say('alle', 'all')), ...values.map(value => option(value, value))], value => { state.filter[key] = value; }));
  filters.push(select('filter-interview', 'Interview', [option('', say('alle', 'all')), ...interviews], value => { state.filter.interview = value; }));
  const group = (label, options) => make('optgroup', { label }, ...options);
  const other = select('compare', say('Leg ernaast', 'Set beside it'), [
    option('', say('niets', 'nothing')),
    option('{}', say('alle interviews', 'all interviews')),
    ...data.filters.map(({ key, values }) => group(title(key), values.map(value => option(JSON.stringify({ [key]: value }), value)))),
    group('Interview', data.interviews.map(({ name }, n) => option(JSON.stringify({ interview: String(n) }), name))),
  ], value => { state.other = value; });
  const lines = make('input', { type: 'checkbox', id: 'lines' });
  lines.addEventListener('change', () => { state.lines = lines.checked; render(); });
  const clear = make('button', { type: 'button' }, say('Wis keuzes', 'Clear choices'));
  clear.addEventListener('click', () => {
    for (const control of selects) control.value = '';
    state.filter = {};
    state.other = '';
    render();
  });
  const print = make('button', { type: 'button' }, say('Druk af', 'Print'));
  print.addEventListener('click', () => window.print());
  const box = make('div', { class: 'tools', role: 'group', 'aria-label': say('Weergave en filters', 'View and filters') },
    pick(say('Vorm', 'Format'), 'format', [['map', say('kaart', 'map')], ['emotion', say('emotie', 'emotion')], ['wheel', say('wiel', 'wheel')]]),
    pick(say('Niveau', 'Level'), 'level', [['basis', say('basis', 'basic')], ['uitgebreid', say('uitgebreid', 'full')]]),
    make('span', { class: 'choice alone' }, lines, make('label', { for: 'lines' }, say('lijn per interview', 'line an interview'))),
    print,
    make('details', { class: 'filters', open: window.matchMedia('(min-width: 60rem)').matches },
      make('summary', {}, say('Filters en vergelijken', 'Filters and comparing')),
      make('div', { class: 'tools' }, ...filters, other, clear)));
  return { box: make('div', {}, box, status), tell: text => { status.textContent = text; } };
}

/** The panel with quotes; `open(title, quotes)` fills it. */
function panel(data) {
  const title = make('h2', { id: 'panel-title', tabindex: '-1' });
  const count = make('p', { class: 'n' });
  const list = make('ol', { class: 'passages' });
  const more = make('button', { type: 'button', class: 'more' }, say('Toon meer', 'Show more'));
  const close = make('button', { type: 'button', class: 'close' }, say('Sluit', 'Close'));
  const dialog = make('dialog', { 'aria-labelledby': 'panel-title' }, make('div', { class: 'top' }, title, close), count, list, more);
  document.body.append(dialog);
  let quotes = [];
  let unfolded = false;
  close.addEventListener('click', () => dialog.close());
  dialog.addEventListener('click', event => { if (event.target === dialog) dialog.close(); });
  more.addEventListener('click', () => add());

  function add() {
    const from = list.children.length;
    list.append(...quotes.slice(from, from + PAGE).map(entry));
    more.hidden = list.children.length >= quotes.length;
  }

  function entry(quote) {
    const { asked, before, words, after } = passage(data, quote);
    const phase = quote.phase < 0 ? null : data.phases[quote.phase].label;
    const text = `“${words}”`;
    const button = make('button', { type: 'button' }, say('Kopieer', 'Copy'));
    button.addEventListener('click', () => copy(`${text} (${place(data, quote)})`, button));
    const kind = data.categories[quote.category];
    return make('li', { class: kind.id },
      make('blockquote', { dir: 'auto' }, text),
      make('p', { class: 'n' }, icon(categoryIcon(kind.id)), [kind.label, phase].filter(Boolean).join(' · ')),
      make('p', { class: 'n' }, place(data, quote)),
      make('p', { class: 'n' }, standing(data, quote)),
      before || after || asked ? make('details', { class: 'around', open: unfolded }, make('summary', {}, say('In het gesprek', 'In the conversation')),
        asked ? make('p', { class: 'asked' }, asked) : null,
        make('p', { dir: 'auto' }, before, make('mark', {}, words), after)) : null,
      button);
  }

  return (name, some, context = false) => {
    quotes = some;
    unfolded = context;
    title.textContent = name;
    count.textContent = `${nInterviews(countInterviews(quotes))}, ${nQuotes(quotes.length)}`
      + (data.around !== false ? '' : `. ${say('De zinnen eromheen passen niet in deze pagina: lees ze in het transcript.', 'The sentences around them do not fit in this page: read them in the transcript.')}`);
    list.replaceChildren();
    add();
    dialog.showModal();
    dialog.scrollTop = 0;
    title.focus();
  };
}
