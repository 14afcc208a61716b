// Filters of a query: read, applied, counted, switched. Ported from filter.go.

export const FACETS = ['type', 'service', 'owner', 'severity', 'status', 'state', 'lang'];
export const STATES = ['fresh', 'due', 'stale', 'unreviewed', 'drifted', 'outdated'];

/** The review state that a due date alone tells on the given day. */
export function dueState(due = '', clock = '') {
  if (!due || due === 'unreviewed' || !clock) return due;
  if (due < clock) return 'stale';
  const today = Date.parse(clock);
  if (Number.isNaN(today)) return '';
  return due <= new Date(today + 14 * 864e5).toISOString().slice(0, 10) ? 'due' : 'fresh';
}

/** The values of a document under a facet. */
export function facetValues(d, facet, clock) {
  if (facet === 'service') return d.service ?? [];
  const value = facet === 'state' ? dueState(d.due, clock) : d[facet];
  return value ? [value] : [];
}

/** A facet's value as it is written in a query. */
export const filterKey = (value) => value.toLowerCase().replace(/\s/g, '_');

const includesFold = (values, v) => values.some((a) => filterKey(a) === filterKey(v));

/** Whether a filter asks anything. */
export const filters = (filter) => FACETS.some((facet) => filter[facet]?.length);

/** The facets that refuse a document. */
export function refusals(d, { filter, clock }) {
  const names = [];
  for (const facet of FACETS) {
    const accepted = filter[facet];
    if (!accepted?.length) continue;
    if (!facetValues(d, facet, clock).some((v) => includesFold(accepted, v))) names.push(facet);
  }
  return names;
}

/**
 * Takes words such as owner:dba out of a text when the index knows the values.
 * @param {string} query
 * @param {Record<string, string[]>} filters
 * @param {(facet: string) => string[]} known
 * @param {Record<string, string>} words other names of facets and values
 */
export function parseFilters(query, filters, known, words) {
  const filter = {};
  for (const [facet, values] of Object.entries(filters)) if (values.length) filter[facet] = [...values];
  let text = query;
  for (const field of query.split(/\s+/)) {
    const found = parseFilter(field, known, words);
    if (!found) continue;
    filter[found.facet] = [...filter[found.facet] ?? [], ...found.values];
    text = text.replace(field, () => ' ');
  }
  return { text: text.trim() ? text : text === query ? text : '', filter };
}

/** Reads one word of a query as a filter, undefined when it is none. */
export function parseFilter(field, known, words) {
  const plain = field.replace('：', ':'), colon = plain.indexOf(':');
  if (colon < 0) return undefined;
  const name = filterKey(plain.slice(0, colon)), facet = words[name] ?? name;
  if (!FACETS.includes(facet)) return undefined;
  const values = plain.slice(colon + 1).replaceAll('、', ',').split(',').map((v) => {
    const meant = words[`${facet}=${filterKey(v)}`];
    return meant && !includesFold(known(facet), v) ? meant : v;
  });
  return values.every((v) => includesFold(known(facet), v)) ? { facet, values } : undefined;
}

/**
 * Switches a value of a facet on or off in a query.
 * @param {string} query
 * @param {string} facet
 * @param {string} value
 * @param {(facet: string) => string[]} known
 * @param {Record<string, string>} words other names of facets and values
 * @returns {string}
 */
export function switchFilter(query, facet, value, known, words) {
  const filters = [], text = [], key = filterKey(value);
  let values = [];
  for (const field of query.split(/\s+/).filter(Boolean)) {
    const parsed = parseFilter(field, known, words);
    if (parsed?.facet === facet) values.push(...parsed.values);
    else (parsed ? filters : text).push(field);
  }
  if (values.some((v) => filterKey(v) === key)) values = values.filter((v) => filterKey(v) !== key);
  else values.push(value.replace(/\s/g, '_'));
  if (values.length) filters.push(`${facet}:${values.join(',')}`);
  return [...filters, ...text].join(' ');
}
