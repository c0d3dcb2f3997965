'use strict';
// The page's own data. All text goes into the page as text, never as HTML.

const dutch = document.documentElement.lang === 'nl';
const say = (nl, en) => (dutch ? nl : en);

/**
 * A number as people write it: a decimal comma in Dutch, a real minus, none before a zero. Of two that are as near the
 * even one, as the program writes it.
 */
function written(number, decimals = 1) {
  const scale = 10 ** decimals;
  const halfway = Math.abs(number * 2 ** (decimals + 1)) % 2 === 1;
  const text = (halfway ? 2 * Math.round((number * scale) / 2) / scale : number).toFixed(decimals);
  const signed = Number(text) === 0 ? text.replace('-', '') : text.replace('-', '−');
  return dutch ? signed.replace('.', ',') : signed;
}

const nInterviews = n => `${n} interview${n === 1 ? '' : 's'}`;
const nQuotes = n => `${n} ${n === 1 ? say('uitspraak', 'quote') : say('uitspraken', 'quotes')}`;

/** An element with attributes and children; text becomes text, and what is null is left out. */
function make(tag, attributes = {}, ...children) {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) {
    if (value !== null && value !== false) element.setAttribute(name, value === true ? '' : value);
  }
  element.append(...children.filter(child => child !== null));
  return element;
}

/** The same for a picture. */
function draw(tag, attributes = {}, ...children) {
  const element = document.createElementNS('http://www.w3.org/2000/svg', tag);
  for (const [name, value] of Object.entries(attributes)) element.setAttribute(name, value);
  element.append(...children);
  return element;
}

function icon(name) {
  return draw('svg', { class: 'icon', 'aria-hidden': 'true' }, draw('use', { href: `#i-${name}` }));
}

const categoryIcon = id => (['behoefte', 'winst', 'pijnpunt'].includes(id) ? id : 'activiteit');

/** Reads the data; large data is compressed. */
async function read() {
  let data = JSON.parse(document.getElementById('data').textContent);
  if (data.packed) {
    const bytes = Uint8Array.from(atob(data.packed), letter => letter.charCodeAt(0));
    const stream = new Blob([bytes]).stream().pipeThrough(new DecompressionStream('deflate-raw'));
    data = JSON.parse(await new Response(stream).text());
  }
  const names = ['interview', 'turn', 'speaker', 'time', 'phase', 'category', 'code', 'touchpoint', 'emotion',
    'confidence', 'status', 'piece', 'start', 'length', 'id'];
  data.quotes = data.quotes.map(row => Object.fromEntries(names.map((name, n) => [name, row[n]])));
  return data;
}

/** The quotes that the link asks for (`#quotes=interview-1:6.2p,…`), by their ids; null where it asks for none. */
function linked(data) {
  const [name, ids] = location.hash.split('=');
  if (name !== '#quotes' || !ids) return null;
  const wanted = new Set(ids.split(',').map(decodeURIComponent));
  return data.quotes.filter(({ interview, id }) => interview >= 0 && wanted.has(data.interviews[interview].name + id));
}

/** The words of a quote, and those around it. */
function passage(data, quote) {
  const [text, asked] = data.pieces[quote.piece];
  const end = quote.start + quote.length;
  return { asked, before: text.slice(0, quote.start), words: text.slice(quote.start, end), after: text.slice(end) };
}

/** Where a quote stands. */
function place(data, quote) {
  const file = data.interviews[quote.interview].file.split('/').pop();
  const time = quote.time ? `, ${quote.time}` : '';
  return `${file}, ${say('beurt', 'turn')} ${quote.turn}, ${data.speakers[quote.speaker]}${time}`;
}

/** How sure it is, and what became of it. */
function standing(data, quote) {
  return `${say('zekerheid', 'confidence')} ${written(quote.confidence / 100, 2)} · ${data.statuses[quote.status]}`;
}

/** The interviews that a choice leaves: `{ segment: 'NT2', interview: '3' }`. */
function chosen(data, choice) {
  const wanted = Object.entries(choice).filter(([, value]) => value !== '');
  const fits = (interview, n) => wanted.every(([key, value]) =>
    key === 'interview' ? String(n) === value : interview.attributes[key] === value);
  return new Set(data.interviews.map((_, n) => n).filter(n => fits(data.interviews[n], n)));
}

