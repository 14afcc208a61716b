// Scores and orders the documents of a plan. Ported from rank.go, titles.go
// and standing.go; sums are added in the same order.

import { weak } from './analyzer.js';
import { facetValues, FACETS, filters, refusals } from './filters.js';
import { allUnits, mayBeTypo, ownUnits, utf8Length } from './plan.js';

const MAX_IMPACT = 31, WEAKEST = 0.05, RANGE = 1200, SATURATION = 1.2;
const TITLE_EQUAL = 2, TITLE_STARTS = 1.5, TITLE_CONTAINS = 1.3, HEADING_EQUAL = 1.6, MANY_HEADINGS = 8;
const READERS_LANGUAGE = 2;
const IN_TITLE = 0, ENDS_TITLE = 1, BEGINS_HEADING = 2, MARK_KINDS = 3, MAX_POSITION = 300;
const EXACT = BEGINS_HEADING;
const ARCHIVED = 0, FOUND = 1, NAMED = 2;

const saturated = Array.from({ length: MAX_IMPACT + 1 }, (_, q) => {
  const x = WEAKEST * Math.pow(RANGE, q / MAX_IMPACT);
  return x * (SATURATION + 1) / (x + SATURATION);
});

/**
 * Where a term stands. Marks: document, and what entry.go says of Mark.
 * @typedef {{docs: number[], impacts: number[], marks: [number, number][]}} List
 */

class Tally {
  constructor(n, list, spare) {
    this.n = n;
    this.list = list;
    this.spare = spare;
    this.score = new Float64Array(n);
    this.cover = new Float64Array(n);
    this.title = new Float64Array(n);
    this.named = new Uint8Array(n);
  }

  /** An array of a zero for each document. Whoever is done with it gives it back with the documents that are not zero any more. */
  zeros() { return this.spare.pop() ?? new Float64Array(this.n); }

  giveBack(array, docs) {
    for (const doc of docs) array[doc] = 0;
    this.spare.push(array);
  }

  /** What a unit earns: by document, and which documents hold it. */
  unit(u) {
    const earned = this.zeros(), docs = [];
    for (const v of u.variants) {
      const list = this.list(v.term);
      if (!list) continue;
      for (let i = 0; i < list.docs.length; i++) {
        const doc = list.docs[i], value = v.weight * u.scale * saturated[list.impacts[i]];
        if (earned[doc] === 0) docs.push(doc);
        if (value > earned[doc]) earned[doc] = value;
      }
    }
    return { earned, docs };
  }

  /** What units that are asked for together earn, and what they can cover. */
  units(units) {
    const score = this.zeros(), cover = this.zeros(), docs = [];
    let total = 0;
    for (const u of units) {
      const held = this.unit(u);
      total += u.cover;
      for (const doc of held.docs) {
        if (score[doc] === 0) docs.push(doc);
        score[doc] += held.earned[doc];
        cover[doc] += u.cover;
      }
      this.giveBack(held.earned, held.docs);
    }
    return { score, cover, docs, total };
  }

  group(g) {
    const { score, cover, docs, total } = this.units(g.units);
    for (const alt of g.alternatives) {
      const other = this.units(alt.units), own = g.units.length, many = alt.units.length;
      // A synonym written in more units earns no more for that.
      const factor = alt.partial || many <= own ? alt.factor : alt.factor * own / many;
      for (const doc of other.docs) {
        if (!alt.partial && other.cover[doc] < other.total) continue;
        if (score[doc] === 0) docs.push(doc);
        if (alt.partial) score[doc] += factor * other.score[doc];
        else score[doc] = Math.max(score[doc], factor * other.score[doc]);
        cover[doc] = Math.max(cover[doc], total * other.cover[doc] / other.total);
      }
      this.giveBack(other.score, other.docs);
      this.giveBack(other.cover, other.docs);
    }
    for (const doc of docs) {
      this.score[doc] += score[doc];
      this.cover[doc] += cover[doc];
    }
    this.giveBack(score, docs);
    this.giveBack(cover, docs);
    return total;
  }

  /** Finds the documents whose title holds the question as it was asked. */
  titles(plan) {
    const words = byPosition(plan);
    this.phrase(words, TITLE_EQUAL);
    let bare = words.length;
    while (bare > 0 && weak(words[bare - 1].term)) bare--;
    this.phrase(words.slice(0, bare), TITLE_STARTS);
  }

  /** Finds the words side by side in titles. */
  phrase(words, equal) {
    if (!words.length) return;
    const at = words.map((u) => this.places(u)), origin = words[0].position;
    for (const [start, startEnds] of at[0]) {
      let ends = startEnds;
      const whole = words.every((u, i) => {
        if (i === 0) return true;
        ends = at[i].get(start + u.position - origin);
        return ends !== undefined;
      });
      if (!whole) continue;
      const doc = Math.floor(start / 1024), first = start % 1024 === 0;
      const factor = first && ends ? equal : first ? TITLE_STARTS : TITLE_CONTAINS;
      this.title[doc] = Math.max(this.title[doc], factor);
    }
  }

  /** Where a unit stands in titles: document·1024 + position to whether the title ends there. */
  places(u) {
    const at = new Map();
    for (const v of u.variants) {
      for (const [doc, mark] of this.list(v.term)?.marks ?? []) {
        const kind = mark % MARK_KINDS;
        if (kind !== IN_TITLE && kind !== ENDS_TITLE) continue;
        const key = doc * 1024 + Math.floor(mark / MARK_KINDS);
        at.set(key, at.get(key) || v.whole && kind === ENDS_TITLE);
      }
    }
    return at;
  }

  /** Finds the documents that have the question as a heading. */
  headings(plan, total) {
    const words = byPosition(plan);
    if (!words.length || plan.width >= MAX_POSITION) return;
    const want = plan.width * MARK_KINDS + BEGINS_HEADING, found = new Set();
    for (const v of words[0].variants) {
      for (const [doc, mark] of this.list(v.term)?.marks ?? []) {
        if (v.whole && mark === want && this.cover[doc] >= total - 1e-9) found.add(doc);
      }
    }
    if (found.size <= MANY_HEADINGS) for (const doc of found) this.title[doc] = HEADING_EQUAL;
  }

  names(plan) {
    for (const key of plan.keys) {
      for (const doc of this.list(key)?.docs ?? []) {
        this.named[doc] = 1;
        this.score[doc] += 10;
      }
    }
    const units = ownUnits(plan), asked = units.filter((u) => u.kind !== 'i').length;
    for (const u of units) {
      if (asked > 1 && !identifying(u)) continue;
      for (const [doc, mark] of this.list(u.term)?.marks ?? []) if (mark === EXACT) this.named[doc] = 1;
    }
  }
}

/** The units of the question that have a position, in order. */
const byPosition = (plan) => ownUnits(plan).filter((u) => u.position >= 0).sort((a, b) => a.position - b.position);

function identifying(u) {
  return u.kind === 'i' || u.kind === 'w' && (u.parts.length > 1 || utf8Length(u.term) >= 12 || /[0-9]/.test(u.term) && /[^0-9]/.test(u.term));
}

/**
 * @typedef {{title?: string, type?: string, service: string[], owner?: string, severity?: string, status?: string, lang?: string, due?: string, boost?: string}} Doc
 * @typedef {{clock?: string, lang?: string, filter: Record<string, string[]>}} Asked
 */

function standing(d, asked) {
  let factor = 1;
  if (d.boost) factor *= Number(d.boost);
  const rank = severityRank(d.severity);
  if (rank === 1) factor *= 1.03;
  else if (rank === 2) factor *= 1.02;
  else if (rank === 3) factor *= 1.01;
  const [state] = facetValues(d, 'state', asked.clock);
  if (state === 'stale') factor *= 0.985;
  else if (state === 'unreviewed') factor *= 0.99;
  if (d.status === 'deprecated') factor *= 0.8;
  else if (d.status === 'draft') factor *= 0.9;
  if (asked.lang && d.lang === asked.lang) factor *= READERS_LANGUAGE;
  return factor;
}

/** The last digit of a severity's name, 9 without one. */
export function severityRank(severity = '') {
  const digits = severity.match(/[1-9]/g);
  return digits ? Number(digits.at(-1)) : 9;
}

/** What every question of a day and a language asks of the documents. */
const known = new WeakMap();

function standingsOf(docs, { clock = '', lang = '' }) {
  let k = known.get(docs);
  if (k?.clock === clock && k.lang === lang) return k;
  k = { clock, lang, spare: k?.spare ?? [], standing: Float64Array.from(docs, (d) => standing(d, { clock, lang })), facets: FACETS.map((facet) => numbered(docs, facet, clock)) };
  known.set(docs, k);
  return k;
}

/** The values of a facet as many documents have them: each list once, and which of them is whose. */
function numbered(docs, facet, clock) {
  const numbers = new Map(), lists = [];
  const of = Uint32Array.from(docs, (d) => {
    const values = facetValues(d, facet, clock), name = values.join('\n');
    if (!numbers.has(name)) numbers.set(name, lists.push(values) - 1);
    return numbers.get(name);
  });
  return { lists, of };
}

/** How many documents have each value of a facet, of how many have each list of values. */
function byValue(lists, counts) {
  const sums = {};
  counts.forEach((n, i) => n && lists[i].forEach((v) => (sums[v] = (sums[v] ?? 0) + n)));
  return sums;
}

/**
 * Ranks the documents of a plan.
 * @param {object} plan
 * @param {Doc[]} docs
 * @param {(term: string) => List | undefined} list
 * @param {Asked} asked
 */
export function rank(plan, docs, list, asked) {
  const k = standingsOf(docs, asked), t = new Tally(docs.length, list, k.spare), filtered = filters(asked.filter);
  let total = 0;
  for (const g of plan.groups) total += t.group(g);
  t.headings(plan, total);
  t.titles(plan);
  t.names(plan);
  if (plan.browse) {
    t.score.fill(1);
    t.cover.fill(1);
    total = 1;
  }
  const found = [], nearest = [], facets = {};
  const counts = k.facets.map(({ lists }) => new Uint32Array(lists.length));
  for (let i = 0; i < docs.length; i++) {
    if (t.score[i] === 0) continue;
    const d = docs[i], coverage = t.named[i] ? 1 : total > 0 ? t.cover[i] / total : 0;
    let score = t.score[i] * coverage * coverage;
    if (t.title[i] > 0) score *= t.title[i];
    score *= k.standing[i];
    const hit = { doc: i, score, tier: d.status === 'archived' ? ARCHIVED : t.named[i] ? NAMED : FOUND };
    const refused = filtered ? refusals(d, asked) : [];
    if (coverage < plan.threshold - 1e-9) {
      if (!refused.length) nearest.push(hit);
      continue;
    }
    if (refused.length < 2) FACETS.forEach((facet, n) => (!refused.length || refused[0] === facet) && counts[n][k.facets[n].of[i]]++);
    if (!refused.length) found.push(hit);
  }
  const order = (a, b) => b.tier - a.tier || b.score - a.score || a.doc - b.doc;
  FACETS.forEach((facet, n) => {
    const values = byValue(k.facets[n].lists, counts[n]);
    if (Object.keys(values).length) facets[facet] = values;
  });
  found.sort(order);
  return { found, nearest: found.length ? [] : nearest.sort(order).slice(0, 3), facets, ...report(plan) };
}

function report(plan) {
  const common = [], corrected = [];
  for (const u of ownUnits(plan)) {
    if (u.common && !common.includes(u.term)) common.push(u.term);
  }
  for (const u of allUnits(plan)) if (u.typos.length) corrected.push({ from: u.term, to: u.typos });
  return { common, corrected };
}

/** Whether the index lacks a word of a short question. */
export const hasUnknown = (plan) => !plan.paste && ownUnits(plan).some((u) => u.kind === 'w' && !u.variants.length);

/** Whether a word of a short question could be a typo although the index knows it. */
export const isDoubtful = (plan) => !plan.paste && ownUnits(plan).some((u) => u.kind === 'w' && u.count > 0 && mayBeTypo(u));

/** Whether a word was read as another. */
export const hasCorrections = (plan) => allUnits(plan).some((u) => u.typos.length > 0);
