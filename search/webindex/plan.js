// A question becomes a plan: every term that answers it, with its weight.
// Ported from plan.go and read.go; names and order of operations are the same,
// so that scores are.

import { joined, lowered, read, soft, weak } from './analyzer.js';
import { edits, letterWord, positioned, stem, stemPrefix } from './words.js';

const STEM = 0.8, PREFIX = 0.55, SYNONYM = 0.6, PARTS = 0.9, TYPO = 0.6, TYPO2 = 0.35, LONE = 0.9;
const WEAK_SCORE = 0.35, WEAK_COVERAGE = 0.15, SOFT_SCORE = 0.15, SOFT_COVERAGE = 0.05;
const NOISY_UNITS = 4, PASTE_UNITS = 14, VERY_RARE = 2, MIN_TYPO = 5, MIN_TYPO2 = 8, MIN_TYPO_KNOWN = 7, MAX_TYPOS = 6;

/**
 * What planning asks of an index. While a part is still to be loaded, answers
 * are guesses and the plan is made again.
 * @typedef {object} Dictionary
 * @property {number} documents
 * @property {(term: string) => number} count
 * @property {(prefix: string) => {term: string, count: number}[]} extend
 * @property {() => {term: string, count: number}[]} lexicon
 */

export const idf = (df, n) => Math.log(1 + (n - df + 0.5) / (df + 0.5));
const common = (df, n) => n >= 500 && df > 0.4 * n;

class Planned {
  constructor(unit) {
    Object.assign(this, unit);
    this.variants = [];
    this.count = 0;
    this.rarity = 0;
    this.cover = 1;
    this.scale = 1;
    this.common = false;
    this.typos = [];
  }

  exact(count, documents, limit) {
    this.count = count;
    if (!count) return;
    this.common = common(count, documents);
    this.rarity = Math.min(limit, idf(count, documents));
    this.variants.push({ term: this.term, weight: this.rarity, whole: true });
  }

  limit() { return this.count > 0 ? this.rarity : Infinity; }

  add(term, weight) {
    if (this.variants.some((v) => v.term === term)) return;
    this.push(term, weight, true);
  }

  push(term, weight, whole) {
    if (!this.count) this.rarity = Math.max(this.rarity, weight);
    this.variants.push({ term, weight, whole });
  }

  weaken() {
    this.cover = WEAK_COVERAGE;
    this.scale = WEAK_SCORE;
  }

  soften() {
    if (weak(this.term)) this.weaken();
    if (!soft(this.term)) return;
    this.cover = SOFT_COVERAGE;
    this.scale = SOFT_SCORE;
  }
}

class Planner {
  constructor(dictionary, lexis, typos, last) {
    Object.assign(this, { dictionary, lexis, typos, last });
  }

  group(words) {
    const { length, refs } = this.lexis.longest(words), used = Math.max(length, 1);
    const units = words.slice(0, used).map((u) => this.resolve(u)), alternatives = [];
    let limit = 0;
    for (const u of units) if (u.count > 0) limit = Math.max(limit, u.rarity * u.scale);
    limit ||= Infinity;
    for (const at of refs) {
      this.lexis.groups[at.group].forEach((member, i) => {
        const alt = i === at.member ? null : this.member(member, limit);
        if (alt) alternatives.push({ units: alt, factor: SYNONYM, partial: false });
      });
    }
    if (used === 1 && words[0].parts.length > 1) {
      alternatives.push({ units: words[0].parts.map((part) => this.part(part, units[0], limit)), factor: PARTS, partial: true });
    }
    return { group: { units, alternatives }, used };
  }

  member(terms, limit) {
    const units = [], { dictionary } = this;
    for (const term of terms) {
      const u = new Planned({ term, kind: 'g', position: -1 }), n = dictionary.count(term);
      u.exact(n, dictionary.documents, limit);
      this.inflect(u, limit);
      if (!u.variants.length) return null;
      if (weak(term)) u.scale = WEAK_SCORE;
      units.push(u);
    }
    return units;
  }

  part(term, of, limit) {
    const u = new Planned({ term, kind: 'c', position: -1 });
    u.exact(this.dictionary.count(term), this.dictionary.documents, limit);
    if (!of.variants.length) this.misspelt(u);
    return u;
  }

  resolve(unit) {
    const u = new Planned(unit);
    u.exact(this.dictionary.count(u.term), this.dictionary.documents, Infinity);
    if (u.kind === 'i') {
      u.cover = 0;
    } else if (u.kind === 'g' || u.kind === 'u') {
      u.soften();
      if (u.kind === 'u') this.extend(u, LONE);
    } else {
      const short = [...u.term].length === 1;
      if (this.lexis.function.has(u.term) || short) u.weaken();
      this.inflect(u, Infinity);
      if (u.position === this.last && !short) this.extend(u, PREFIX);
      this.misspelt(u);
    }
    return u;
  }

  inflect(u, most) {
    if (u.term.length < 4 || !letterWord(u.term)) return;
    const root = stem(u.term), limit = Math.min(most, u.limit());
    for (const t of this.dictionary.extend(stemPrefix(root))) {
      if (t.term !== u.term && t.term.length <= root.length + 7 && stem(t.term) === root) {
        u.add(t.term, STEM * Math.min(limit, idf(t.count, this.dictionary.documents)));
        u.common ||= common(t.count, this.dictionary.documents);
      }
    }
  }

  extend(u, factor) {
    const { documents } = this.dictionary;
    const near = this.dictionary.extend(u.term).filter((t) => t.term !== u.term && !joined(t.term) && (u.kind !== 'u' || [...t.term].length <= 2));
    let total = 0;
    for (const t of near) total += t.count;
    const limit = Math.min(u.limit(), idf(Math.min(total, documents), documents));
    const known = new Set(u.variants.map((v) => v.term));
    for (const t of near) {
      if (known.has(t.term)) continue;
      u.push(t.term, factor * Math.min(limit, idf(t.count, documents)), false);
      u.common ||= common(t.count, documents);
    }
  }

  misspelt(u) {
    if (!this.typos || !mayBeTypo(u)) return;
    const limit = u.term.length >= MIN_TYPO2 && !u.count ? 2 : 1, found = [];
    for (const w of this.dictionary.lexicon()) {
      const d = edits(u.term, w.term, limit);
      if (d > 0 && d <= limit && w.count > u.count) found.push({ ...w, edits: d });
    }
    found.sort((a, b) => a.edits - b.edits || b.count - a.count);
    for (const c of found.slice(0, MAX_TYPOS)) {
      if (c.edits > found[0].edits) break;
      const weight = (c.edits === 2 ? TYPO2 : TYPO) * Math.min(u.limit(), idf(c.count, this.dictionary.documents));
      u.add(c.term, weight);
      u.typos.push(c.term);
    }
  }
}

/**
 * @param {string} text
 * @param {Dictionary} dictionary
 * @param {import('./words.js').Lexis} lexis
 * @param {boolean} typos whether rare words are also read as similar ones
 */
export function makePlan(text, dictionary, lexis, typos) {
  const reading = read(text);
  const plan = { groups: [], keys: pathKeys(text), wide: false, paste: false, browse: !text.trim(), threshold: 0.6, width: reading.width };
  if (reading.key) plan.keys.push(reading.key);
  let words = positioned(reading.units);
  const typing = words.length && !/[ \t\r\n\u3000]$/.test(text);
  const planner = new Planner(dictionary, lexis, typos, typing ? words.at(-1).position : -1);
  for (const u of reading.units) {
    if (u.kind === 'i') plan.groups.push({ units: [planner.resolve(u)], alternatives: [] });
  }
  while (words.length) {
    const { group, used } = planner.group(words);
    plan.groups.push(group);
    words = words.slice(used);
  }
  weigh(plan, /[\r\n]/.test(text.trim()), planner.last);
  return plan;
}

/** Whether a word is long enough for a typo, and unknown or known of hardly any document. */
export const mayBeTypo = (u) => u.count <= VERY_RARE && (u.count > 0 || !u.variants.length) &&
  u.term.length >= (u.count ? MIN_TYPO_KNOWN : MIN_TYPO) && letterWord(u.term);

/** The units that the question itself holds. */
export const ownUnits = (plan) => plan.groups.flatMap((g) => g.units);

/** All units, alternatives included. */
export const allUnits = (plan) => plan.groups.flatMap((g) => [...g.units, ...g.alternatives.flatMap((a) => a.units)]);

/** Settles what each unit counts in the coverage: see weigh in plan.go. */
function weigh(plan, lines, typing) {
  let asked = 0;
  for (const g of plan.groups) if (g.units[0].kind !== 'i') asked += g.units.length;
  for (const u of ownUnits(plan)) {
    if (asked > 1 && u.position === typing && [...u.term].length === 1 && u.kind === 'w') u.cover = 0;
  }
  const rare = (u) => u.variants.length > 0 && !u.common;
  const searchable = (sort) => plan.groups.some((g) => g.units.some((u) => sort(u) && rare(u)));
  const full = (u) => u.cover === 1;
  plan.wide = asked > 0 && !searchable(full) && (ownUnits(plan).some(full) || !searchable((u) => u.cover > 0));
  plan.paste = lines || asked > PASTE_UNITS;
  const noisy = asked > NOISY_UNITS && ownUnits(plan).some((u) => u.kind !== 'i' && u.cover > 0 && !noise(u.term));
  for (const u of ownUnits(plan)) {
    if (noisy && noise(u.term)) {
      u.cover = 0;
      u.scale = WEAK_SCORE;
    }
    if (u.common && !plan.wide) u.cover = 0;
    else if (plan.paste && !u.variants.length) u.cover = 0;
    else if (plan.paste) u.cover *= u.rarity * u.rarity;
  }
  if (plan.paste) plan.threshold = 0.2;
}

/** Whether a word is a number, a time or a part of a hash. */
const noise = (term) => /^([0-9]+|[0-9a-f]{4,})$/.test(term) && /[0-9]/.test(term) ||
  /^[0-9]*[^0-9][0-9]*$/.test(term) && /[0-9].*[0-9]/.test(term) && utf8Length(term) - term.replace(/[^0-9]/g, '').length === 1;

export const utf8Length = (s) => new TextEncoder().encode(s).length;

/** The terms of every page that URLs in the text may mean. */
function pathKeys(text) {
  const keys = [];
  for (const field of text.split(/\s+/)) {
    const scheme = field.indexOf('://');
    if (scheme < 0) continue;
    const rest = field.slice(scheme + 3), slash = rest.indexOf('/');
    let path = slash < 0 ? '' : rest.slice(slash + 1).split(/[?#"'<>)\]},]/, 1)[0];
    try {
      path = decodeURIComponent(path);
    } catch {
      // A stray percent sign: taken as it is.
    }
    path = path.replace(/index\.html$/, '').replace(/^\/+|\/+$/g, '').replace(/\.html$/, '').replace(/\.md$/, '');
    while (path) {
      const key = pathKey(path);
      if (key && !keys.includes(key)) keys.push(key);
      const next = path.indexOf('/');
      path = next < 0 ? '' : path.slice(next + 1);
    }
  }
  return keys;
}

function pathKey(path) {
  const bare = path.replace(/^\/+|\/+$/g, '');
  return bare && '/' + lowered(bare).replace(/[\u0000- ]/g, '');
}
