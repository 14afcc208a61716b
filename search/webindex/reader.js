// Searches the index that write.go wrote. Parts are classic scripts, loaded
// when a question needs them, so that it works from file:// too.

import { Lexis } from './words.js';
import { weak } from './analyzer.js';
import { hasCorrections, hasUnknown, parseFilters, rank, STATES } from './rank.js';
import { makePlan } from './plan.js';
import { open, sought } from './snippet.js';

const DIGITS = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_';
const VALUE = new Int8Array(128).fill(-1);
for (let i = 0; i < 64; i++) VALUE[DIGITS.charCodeAt(i)] = i;

const HASH = 5, VERSION = 1, WEAK_IMPACT = 13;

/** Reads numbers of five bits a character and single characters. */
class Scanner {
  constructor(text, at = 0) {
    this.text = text;
    this.at = at;
  }

  more() { return this.at < this.text.length && this.text.charCodeAt(this.at) !== 32; }

  digit() { return VALUE[this.text.charCodeAt(this.at++)]; }

  number() {
    for (let n = 0, shift = 0; ; shift += 5) {
      const d = this.digit();
      n |= (d & 31) << shift;
      if (d < 32) return n;
    }
  }
}

/** Splits the lines of a part into terms and what follows them. */
function parseLines(text) {
  const terms = [], rests = [];
  let before = '';
  for (const line of text.split('\n')) {
    const space = line.indexOf(' ');
    if (space < 0) continue;
    before = before.slice(0, VALUE[line.charCodeAt(0)]) + line.slice(1, space);
    terms.push(before);
    rests.push(line.slice(space + 1));
  }
  return { terms, rests };
}

/** The first index whose term is not before the given one. */
function lowerBound(terms, term) {
  let low = 0, high = terms.length;
  while (low < high) {
    const middle = low + high >> 1;
    if (terms[middle] < term) low = middle + 1;
    else high = middle;
  }
  return low;
}

/**
 * One version of the index, as far as it is loaded. Questions are answered from
 * what is there; what is not is noted in missing.
 */
class Index {
  constructor(directory) {
    this.dir = directory;
    this.documents = directory.n;
    this.parts = new Map();
    this.lists = new Map();
    this.wide = false;
    this.missing = new Set();
    this.lexis = new Lexis(directory.synonyms, directory.function.split(' '));
    this.docs = makeDocs(directory);
    /** The first document of each page file. */
    this.starts = [];
    const counts = new Scanner(directory.counts);
    for (let doc = 0; counts.more(); doc += counts.number()) this.starts.push(doc);
  }

  /** The file of a part. */
  file(name) {
    const { dir } = this, i = Number(name.slice(1));
    if (dir.small) return `search/all.${dir.small}.js`;
    const hash = name === 'lex' ? dir.lex : { s: dir.shards, f: dir.pages, c: dir.bits }[name[0]].substr(i * HASH, HASH);
    return `search/${name}.${hash}.js`;
  }

  add(name, value) {
    const page = ([title, url, sections]) => ({ title, url, sections });
    this.parts.set(name, name[0] === 'f' ? value.map(page) : name[0] === 'c' ? value : parseLines(value));
    this.missing.delete(name);
  }

  part(name) {
    const part = this.parts.get(name);
    if (!part) this.missing.add(name);
    return part;
  }

  /** The number of the shard that would hold a term, -1 before the first. */
  shard(term) {
    const { firsts } = this.dir, i = lowerBound(firsts, term);
    return firsts[i] === term ? i : i - 1;
  }

  line(term) {
    const i = this.shard(term);
    if (i < 0 || term[0] === '=' && !this.dir.keys) return undefined;
    const shard = this.part('s' + i);
    if (!shard) return null;
    const at = lowerBound(shard.terms, term);
    return shard.terms[at] === term ? shard.rests[at] : undefined;
  }

  count(term) {
    const line = this.line(term);
    return line === null ? 1 : line === undefined ? 0 : countLine(term, line);
  }

  extend(prefix) {
    const found = [], { firsts } = this.dir;
    for (let i = Math.max(this.shard(prefix), 0); i < firsts.length; i++) {
      if (firsts[i] > prefix && !firsts[i].startsWith(prefix)) break;
      const shard = this.part('s' + i);
      if (!shard) continue;
      for (let at = lowerBound(shard.terms, prefix); at < shard.terms.length && shard.terms[at].startsWith(prefix); at++) {
        found.push({ term: shard.terms[at], count: countLine(shard.terms[at], shard.rests[at]) });
      }
    }
    return found;
  }

  lexicon() {
    if (!this.dir.lex) return [];
    const part = this.part('lex');
    if (!part) return [];
    return this.words ??= part.terms.map((term, i) => ({ term, count: new Scanner(part.rests[i]).number() }));
  }

  values(facet) {
    return facet === 'state' ? STATES : (this.dir.columns[facet]?.values ?? []).flat();
  }

  /** Where a term stands; with wide, common terms in texts too. */
  list(term, wide) {
    const key = wide ? ' ' + term : term;
    if (this.lists.has(key)) return this.lists.get(key);
    const line = this.line(term);
    if (line === null) return undefined;
    let list = line === undefined ? undefined : parseList(term, line);
    if (wide && line?.[0] === '!') {
      const bits = this.part('c' + this.dir.common.indexOf(term));
      if (!bits) return undefined;
      list = widen(list, bits, this.documents);
    }
    if (this.lists.size > 20000) this.lists.clear();
    this.lists.set(key, list);
    return list;
  }

  /** The page of a document. */
  page(doc) {
    const { starts } = this;
    let i = lowerBound(starts, doc);
    if (starts[i] !== doc) i--;
    return this.part('f' + i)?.[doc - starts[i]];
  }
}

function countLine(term, line) {
  const s = new Scanner(line);
  if (line[0] === '!') {
    s.at = 1;
    return s.number();
  }
  const fixed = weak(term);
  let n = 0;
  for (; s.more(); n++) {
    s.number();
    if (!fixed) s.digit();
  }
  return n;
}

function parseList(term, line) {
  const s = new Scanner(line), list = { docs: [], impacts: [], marks: [] }, fixed = weak(term);
  if (line[0] === '!') {
    s.at = 1;
    s.number();
  }
  for (let doc = -1; s.more();) {
    list.docs.push(doc += s.number() + 1);
    list.impacts.push(fixed ? WEAK_IMPACT : s.digit());
  }
  s.at++;
  for (let doc = 0; s.more();) list.marks.push([doc += s.number(), s.number()]);
  return list;
}

function widen(list, bits, documents) {
  const wide = { docs: [], impacts: [], marks: list.marks };
  for (let doc = 0, i = 0; doc < documents; doc++) {
    const held = list.docs[i] === doc;
    if (!held && !(VALUE[bits.charCodeAt(doc / 6 | 0)] >> doc % 6 & 1)) continue;
    wide.docs.push(doc);
    wide.impacts.push(held ? list.impacts[i++] : 0);
  }
  return wide;
}

/** Makes the documents of the columns, without title and URL. */
function makeDocs({ n, columns }) {
  const docs = Array.from({ length: n }, () => ({}));
  for (const [name, { values, docs: numbers }] of Object.entries(columns)) {
    let width = 1;
    for (let limit = 64; values.length > limit; limit *= 64) width++;
    docs.forEach((d, i) => {
      let number = 0;
      for (let k = width - 1; k >= 0; k--) number = number << 6 | VALUE[numbers.charCodeAt(i * width + k)];
      d[name] = name === 'service' ? values[number] : values[number][0] ?? '';
    });
  }
  return docs;
}

/**
 * @typedef {object} Hit
 * @property {string} title
 * @property {string} url from the site's root
 * @property {string} anchor
 * @property {string} section heading, '' for the text before the first one
 * @property {string} snippet
 * @property {[number, number][]} marks UTF-16 ranges of snippet to highlight
 * @property {number} score
 * @property {string} [type]
 * @property {string} [owner]
 * @property {string} [severity]
 * @property {string} [status]
 * @property {string} [lang]
 * @property {string} [due]
 *
 * @typedef {object} Answer
 * @property {Hit[]} hits
 * @property {number} total
 * @property {Record<string, Record<string, number>>} facets
 * @property {{common: string[], corrected: {from: string, to: string[]}[]}} note
 * @property {Hit[]} nearest the closest pages when there is no hit
 */

/**
 * @param {object} options
 * @param {string} options.root the site's root as the page sees it, with a final slash
 * @param {(url: string) => Promise<void>} [options.loadScript]
 */
export function createSearch({ root, loadScript = insertScript }) {
  /** @type {Promise<Index> | null} */
  let opening = null;
  const loading = new Map();
  const received = new Map();
  globalThis.__opsbook_search = (name, value) => received.set(name, value);

  const openIndex = (again) => opening ??= loadScript(`${root}search/index.js${again}`).then(() => {
    const directory = received.get('index');
    received.clear();
    if (directory?.v !== VERSION) throw new Error(`read search/index.js: version ${directory?.v}, want ${VERSION}`);
    return new Index(directory);
  }).catch((error) => {
    opening = null;
    throw error;
  });

  /** Loads a file, which may hold several parts. */
  const loadFile = (index, file) => {
    if (!loading.has(file)) {
      loading.set(file, loadScript(root + file).then(() => {
        for (const [name, value] of received) index.add(name, value);
        received.clear();
      }).finally(() => loading.delete(file)));
    }
    return loading.get(file);
  };

  /** Loads parts, each file once however often it is asked for meanwhile. */
  const load = async (index, names) => {
    await Promise.all([...new Set(names.map((name) => index.file(name)))].map((file) => loadFile(index, file)));
    for (const name of names) if (!index.parts.has(name)) throw new Error(`read ${index.file(name)}: ${name} is missing`);
  };

  /** Calls make until nothing that it needs is missing. */
  const settle = async (index, signal, make) => {
    for (;;) {
      index.missing.clear();
      const value = make();
      if (!index.missing.size) return value;
      await load(index, [...index.missing]);
      signal?.throwIfAborted();
    }
  };

  const ranked = async (index, text, asked, signal) => {
    const run = (typos) => settle(index, signal, () => {
      const plan = makePlan(text, index, index.lexis, typos);
      const list = (term) => index.list(term, plan.wide);
      if (index.missing.size) return null;
      return { plan, ...rank(plan, index.docs, list, asked) };
    });
    const first = await run(false);
    if (first.found.length && !hasUnknown(first.plan)) return first;
    const second = await run(true);
    return hasCorrections(second.plan) ? second : first;
  };

  const opened = (index, { plan }, found, terms) => {
    const page = index.page(found.doc);
    if (!page) return undefined;
    const { boost, ...doc } = index.docs[found.doc];
    return { title: page.title, url: page.url, ...doc, score: found.score, ...open(page, terms) };
  };

  const answer = async (again, query, { limit = 10, filters = {}, signal, clock = '', lang = '', progress }) => {
    const index = await openIndex(again);
    signal?.throwIfAborted();
    const { text, filter } = parseFilters(query, filters, (facet) => index.values(facet));
    const result = await ranked(index, text, { filter, clock, lang }, signal);
    const terms = sought(result.plan), shown = limit < 0 ? result.found : result.found.slice(0, limit);
    const base = {
      total: result.found.length, facets: result.facets,
      note: { common: result.common, corrected: result.corrected },
    };
    index.missing.clear();
    for (const f of [...shown, ...result.nearest]) index.page(f.doc);
    if (progress && index.missing.size) {
      const names = [...index.missing], first = names.slice(0, 1);
      const rest = load(index, names);
      await Promise.race([load(index, first), rest]);
      signal?.throwIfAborted();
      const ready = [];
      for (const f of shown) {
        const hit = opened(index, result, f, terms);
        if (!hit) break;
        ready.push(hit);
      }
      if (ready.length < shown.length && ready.length) progress({ ...base, hits: ready, nearest: [] });
      await rest;
    } else {
      await load(index, [...index.missing]);
    }
    signal?.throwIfAborted();
    const show = (list) => list.map((f) => opened(index, result, f, terms));
    return { ...base, hits: show(shown), nearest: show(result.nearest) };
  };

  return {
    /** Loads what every question needs, ahead of the first one. */
    warm: () => openIndex('').then(() => undefined),

    /** The values by which documents can be filtered. */
    facets: async () => {
      const index = await openIndex('');
      return Object.fromEntries(['type', 'service', 'owner', 'severity', 'status', 'lang'].map((f) => [f, [...new Set(index.values(f))]]));
    },

    /**
     * Answers a query. Between loads a signal cancels; progress is called with
     * the hits that can be shown before all are there. A part that is gone, as
     * after a new version of the site, makes it start over once.
     * @param {string} query
     * @param {{limit?: number, filters?: Record<string, string[]>, signal?: AbortSignal, clock?: string, lang?: string, progress?: (a: Answer) => void}} [options]
     * @returns {Promise<Answer>}
     */
    async search(query, options = {}) {
      try {
        return await answer('', query, options);
      } catch (error) {
        if (options.signal?.aborted) throw error;
        opening = null;
        return answer('?again', query, options);
      }
    },
  };
}

/** Loads a classic script. */
function insertScript(url) {
  return new Promise((resolve, reject) => {
    const script = document.createElement('script');
    script.src = url;
    script.onload = () => {
      script.remove();
      resolve();
    };
    script.onerror = () => {
      script.remove();
      reject(new Error(`load ${url}`));
    };
    document.head.append(script);
  });
}
