// The lab's page over the query API of Jaeger: /trace/ID is one trace, all else lists the latest.
// Everything that is shown comes in by textContent, so nothing in a span is ever run as markup.
const RECENT = 20;
const page = document.getElementById('page');

/** An element with attributes and children. */
function element(name, attributes = {}, ...children) {
  const made = document.createElement(name);
  for (const [key, value] of Object.entries(attributes)) made.setAttribute(key, value);
  made.append(...children);
  return made;
}

async function fetchData(path) {
  const response = await fetch(path, { headers: { accept: 'application/json' } });
  const { data, errors } = await response.json();
  if (!response.ok) throw new Error(errors?.[0]?.msg ?? `Jaeger answered ${response.status}`);
  return data ?? [];
}

function milliseconds(microseconds) {
  const value = microseconds / 1000;
  return value < 10 ? `${value.toFixed(2)} ms` : `${value.toFixed(1)} ms`;
}

/** A colour for each service, the same on every visit. */
function hueOf(service) {
  let hue = 0;
  for (const letter of service) hue = (hue * 31 + letter.codePointAt(0)) % 360;
  return hue;
}

function tagOf(span, key) {
  return span.tags.find((tag) => tag.key === key)?.value;
}

function parentOf({ traceID, references }) {
  return references.find((each) => each.refType === 'CHILD_OF' && each.traceID === traceID)?.spanID;
}

/** Spans with their depth, children below their parents, each in the order of time. */
function inTree(spans) {
  const ids = new Set(spans.map(({ spanID }) => spanID));
  const children = Map.groupBy(spans, (span) => {
    const parent = parentOf(span);
    return ids.has(parent) ? parent : undefined;
  });
  const below = (id, depth) =>
    (children.get(id) ?? [])
      .toSorted((a, b) => a.startTime - b.startTime)
      .flatMap((span) => [{ span, depth }, ...below(span.spanID, depth + 1)]);
  return below(undefined, 0);
}

function troubleOf(span) {
  if (tagOf(span, 'in_doubt.process_died') === true) return 'process died';
  return tagOf(span, 'error') === true ? 'error' : '';
}

/** What a span carries, and what it links to, below its row; hidden until its row is chosen. */
function detailsOf(span, id) {
  const list = element('dl');
  for (const { key, value } of span.tags.toSorted((a, b) => (a.key < b.key ? -1 : 1))) {
    list.append(element('dt', {}, key), element('dd', {}, String(value)));
  }
  for (const { refType, traceID, spanID } of span.references) {
    if (refType !== 'FOLLOWS_FROM') continue;
    const link = element('a', { href: `/trace/${traceID}#${spanID}` }, `${spanID} in ${traceID}`);
    list.append(element('dt', {}, 'link'), element('dd', {}, link));
  }
  const cell = element('td', { colspan: '4' }, list);
  return element('tr', { id, hidden: '' }, cell);
}

function rowsOf({ span, depth }, { processes, from, length }) {
  const service = processes[span.processID].serviceName;
  const details = detailsOf(span, `details-${span.spanID}`);
  const name = element(
    'button',
    { class: 'span', type: 'button', 'aria-expanded': 'false', 'aria-controls': details.id },
    span.operationName,
  );
  name.addEventListener('click', () => {
    details.hidden = !details.hidden;
    name.setAttribute('aria-expanded', String(!details.hidden));
  });
  const trouble = troubleOf(span);
  const nameCell = element('td', { style: `padding-left: ${depth * 0.7}rem` }, name);
  if (trouble) nameCell.append(element('span', { class: 'wrong' }, ` ${trouble}`));
  const left = ((span.startTime - from) / length) * 100;
  const width = (span.duration / length) * 100;
  const bar = element('div', { class: 'bar', style: `margin-left:${left}%;width:${width}%` });
  const hue = `--hue: ${hueOf(service)}`;
  const row = element(
    'tr',
    { id: span.spanID, style: hue },
    nameCell,
    element('td', { class: 'service' }, service),
    element('td', { class: 'number' }, milliseconds(span.duration)),
    element(
      'td',
      { class: 'lane', title: `starts at ${milliseconds(span.startTime - from)}` },
      bar,
    ),
  );
  return [row, details];
}

function headed(...titles) {
  const cells = titles.map((title) => element('th', { scope: 'col' }, title));
  return element('thead', {}, element('tr', {}, ...cells));
}

/** Up and down go from span to span; Enter and Space are the button's own. */
function moveByArrows(event) {
  const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
  const buttons = [...document.querySelectorAll('button.span')];
  const at = buttons.indexOf(document.activeElement);
  if (step === undefined || at < 0) return;
  event.preventDefault();
  buttons[at + step]?.focus();
}

async function showTrace(id) {
  const [trace] = await fetchData(`/api/traces/${encodeURIComponent(id)}`);
  if (trace === undefined) throw new Error('there is no such trace');
  const { spans, processes } = trace;
  const from = Math.min(...spans.map(({ startTime }) => startTime));
  const until = Math.max(...spans.map(({ startTime, duration }) => startTime + duration));
  const length = Math.max(until - from, 1);
  const services = new Set(Object.values(processes).map(({ serviceName }) => serviceName));
  const facts = [
    `${spans.length} spans`,
    `${services.size} services`,
    milliseconds(length),
    new Date(from / 1000).toISOString(),
  ].join(' · ');
  const body = element('tbody');
  for (const each of inTree(spans)) body.append(...rowsOf(each, { processes, from, length }));
  const table = element('table', {}, headed('span', 'service', 'duration', 'when'), body);
  table.addEventListener('keydown', moveByArrows);
  document.title = `Trace ${id.slice(0, 8)} · In Doubt`;
  page.replaceChildren(
    element('p', {}, element('a', { href: '/' }, 'all traces')),
    element('h1', {}, `Trace ${id}`),
    element('p', { class: 'note' }, facts),
    table,
  );
  if (location.hash)
    document.getElementById(location.hash.slice(1))?.querySelector('button')?.focus();
}

async function showRecent(wanted) {
  const services = (await fetchData('/api/services')).toSorted();
  const service = wanted ?? (services.includes('client') ? 'client' : services[0]);
  const query = new URLSearchParams({ service: service ?? '', limit: RECENT, lookback: '2d' });
  const traces = service === undefined ? [] : await fetchData(`/api/traces?${query}`);
  const rows = traces
    .map(({ traceID, spans }) => {
      const [root] = inTree(spans);
      return {
        traceID,
        count: spans.length,
        at: root.span.startTime,
        name: root.span.operationName,
      };
    })
    .toSorted((a, b) => b.at - a.at)
    .map(({ traceID, count, at, name }) => {
      const link = element('a', { href: `/trace/${traceID}` }, name);
      const when = new Date(at / 1000).toISOString();
      const cells = [link, `${count} spans`, when, traceID].map((text) => element('td', {}, text));
      return element('tr', {}, ...cells);
    });
  const links = services.flatMap((name) => {
    const own = name === service ? { 'aria-current': 'true' } : {};
    const href = `/?service=${encodeURIComponent(name)}`;
    const link = element('a', { href, ...own }, name);
    return [element('span', { class: 'service', style: `--hue: ${hueOf(name)}` }, link), ' '];
  });
  const nothing = 'Nothing was sent here yet: ./scenario run saga-compensation sends its traces.';
  page.replaceChildren(
    element('h1', {}, 'Latest traces'),
    element('p', {}, ...(links.length > 0 ? links : [nothing])),
    element(
      'table',
      {},
      headed('begins with', 'size', 'at', 'trace'),
      element('tbody', {}, ...rows),
    ),
  );
}

const [, id] = /^\/trace\/([0-9a-fA-F]{1,32})$/.exec(location.pathname) ?? [];
const service = new URLSearchParams(location.search).get('service') ?? undefined;
(id === undefined ? showRecent(service) : showTrace(id)).catch((error) => {
  const why = element('p', { class: 'wrong' }, `Jaeger cannot show this: ${error.message}.`);
  const next = element('p', {}, 'It keeps traces in memory only. To load a run into it again: ');
  next.append(element('code', {}, './scenario trace RUN --to-jaeger'));
  page.replaceChildren(why, next, element('p', {}, element('a', { href: '/' }, 'all traces')));
});
