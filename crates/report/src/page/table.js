// All quotes as a table: search, sort, copy.

const PAGE = 50;

/** Letters without accents and capitals, to search by. */
const plain = text => text.normalize('NFD').replace(/\p{M}/gu, '').toLowerCase();

async function copy(text, button) {
  const before = button.textContent;
  try {
    await navigator.clipboard.writeText(text);
  } catch {
    // Older browsers, and those that allow it from an element only.
    const area = make('textarea', {});
    area.value = text;
    document.body.append(area);
    area.select();
    document.execCommand('copy');
    area.remove();
  }
  button.textContent = say('Gekopieerd', 'Copied');
  setTimeout(() => { button.textContent = before; }, 2000);
}

/** Builds the table once; returns what shows the quotes of other interviews. */
function quoteTable(data, box, open) {
  let kept = new Set(data.interviews.keys());
  let found = [];
  let shown = PAGE;
  let sorted = { key: 'place', down: false };
  const label = (list, n) => (n < 0 ? '' : list[n].label);
  const columns = [
    ['quote', say('Uitspraak', 'Quote'), q => passage(data, q).words],
    ['category', say('Categorie', 'Category'), q => label(data.categories, q.category)],
    ['phase', say('Fase', 'Phase'), q => (q.phase < 0 ? '' : data.phases[q.phase].label)],
    ['touchpoint', say('Contactmoment', 'Touchpoint'), q => label(data.touchpoints, q.touchpoint)],
    ['emotion', say('Emotie', 'Emotion'), q => written(q.emotion, 0)],
    ['place', say('Plaats', 'Place'), q => place(data, q)],
  ];
  const order = { emotion: q => q.emotion, phase: q => q.phase, category: q => q.category };

  const search = make('input', { type: 'search', id: 'search', autocomplete: 'off' });
  const list = (id, all, names) => {
    const select = make('select', { id }, make('option', { value: '' }, all));
    names.forEach((name, n) => select.append(make('option', { value: String(n) }, name)));
    select.addEventListener('change', update);
    return select;
  };
  const category = list('table-category', say('alle', 'all'), data.categories.map(c => c.label));
  const phase = list('table-phase', say('alle', 'all'), data.phases.map(p => p.label));
  const all = make('button', { type: 'button' }, say('Kopieer deze lijst', 'Copy this list'));
  all.addEventListener('click', () => copy([columns.map(([, name]) => name), ...found.map(q => columns.map(([, , cell]) => cell(q)))]
    .map(cells => cells.map(cell => cell.replace(/[\t\n]/g, ' ')).join('\t')).join('\n'), all));
  const status = make('p', { role: 'status', class: 'n' });
  const body = make('tbody');
  const heads = columns.map(([key, name]) => {
    const button = make('button', { type: 'button' }, name);
    button.addEventListener('click', () => {
      sorted = { key, down: sorted.key === key && !sorted.down };
      update();
    });
    return make('th', { scope: 'col' }, button);
  });
  const more = make('button', { type: 'button', class: 'more' }, say('Toon meer', 'Show more'));
  more.addEventListener('click', () => { shown += PAGE; fill(); });
  const field = (name, control) => make('div', { class: 'field' }, make('label', { for: control.id }, name), control);
  box.replaceChildren(
    make('div', { class: 'tools', role: 'search', 'aria-label': say('Zoek in de uitspraken', 'Search the quotes') },
      field(say('Zoek woorden', 'Search words'), search), field(say('Categorie', 'Category'), category), field(say('Fase', 'Phase'), phase), all),
    status,
    make('div', { class: 'scroll', tabindex: '0', role: 'region', 'aria-label': say('Tabel van uitspraken', 'Table of quotes') },
      make('table', { class: 'quotes' }, make('caption', { class: 'unseen' }, say('Uitspraken', 'Quotes')),
        make('thead', {}, make('tr', {}, ...heads, make('td', {}))), body)),
    more);
  search.addEventListener('input', update);

  function update() {
    const words = plain(search.value).split(/\s+/).filter(word => word);
    found = data.quotes.filter(q => kept.has(q.interview)
      && (category.value === '' || q.category === Number(category.value))
      && (phase.value === '' || q.phase === Number(phase.value)));
    if (words.length) found = found.filter(q => {
      q.plain ??= plain(passage(data, q).words);
      return words.every(word => q.plain.includes(word));
    });
    if (sorted.key !== 'place') {
      const by = order[sorted.key] ?? columns.find(([key]) => key === sorted.key)[2];
      const language = document.documentElement.lang;
      const compare = order[sorted.key] ? (a, b) => a - b : new Intl.Collator(language).compare;
      found = found.map(q => [by(q), q]).sort((a, b) => compare(a[0], b[0])).map(([, q]) => q);
    }
    if (sorted.down) found.reverse();
    heads.forEach((head, n) => {
      if (columns[n][0] === sorted.key) head.setAttribute('aria-sort', sorted.down ? 'descending' : 'ascending');
      else head.removeAttribute('aria-sort');
    });
    shown = PAGE;
    fill();
  }

  function fill() {
    body.replaceChildren(...found.slice(0, shown).map(row));
    more.hidden = found.length <= shown;
    all.disabled = found.length === 0;
    status.textContent = `${nQuotes(found.length)} ${say('gevonden', 'found')}`
      + (found.length > shown ? `; ${say('hier staan de eerste', 'here are the first')} ${shown}` : '')
      + (found.length === 0 ? `. ${say('Zoek op minder of kortere woorden.', 'Search for fewer or shorter words.')}` : '');
  }

  function row(quote) {
    const cells = columns.map(([key, , cell]) => {
      if (key === 'quote') return make('th', { scope: 'row', dir: 'auto' }, `“${cell(quote)}”`);
      if (key !== 'place') return make('td', {}, cell(quote));
      const button = make('button', { type: 'button', class: 'link', 'aria-haspopup': 'dialog' }, cell(quote));
      button.addEventListener('click', () => open(cell(quote), [quote], true));
      return make('td', {}, button);
    });
    const button = make('button', { type: 'button', 'aria-label': `${say('Kopieer', 'Copy')}: ${columns[0][2](quote).slice(0, 40)}` }, say('Kopieer', 'Copy'));
    button.addEventListener('click', () => copy(`“${columns[0][2](quote)}” (${place(data, quote)})`, button));
    return make('tr', {}, ...cells, make('td', {}, button));
  }

  update();
  return next => { kept = next; update(); };
}

