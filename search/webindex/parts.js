// The parts of the index that are loaded, and what they say. Read as write.go
// wrote them.

import { weak } from './analyzer.js';
import { STATES } from './filters.js';
import { Lexis } from './words.js';

const DIGITS = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_';
const VALUE = new Int8Array(128).fill(-1);
for (let i = 0; i < 64; i++) VALUE[DIGITS.charCodeAt(i)] = i;

const IMPACTS = '!"#%&\'()*+,./:;<=>?@[]^{|}~$`\\\t\x7f';
const IMPACT = new Int8Array(128).fill(-1);
for (let i = 0; i < 32; i++) IMPACT[IMPACTS.charCodeAt(i)] = i;

const HASH = 5, WEAK_IMPACT = 13;

/** Reads numbers of five bits a character and single characters. */
class Scanner {
  constructor(text, at = 0) {
    this.text = text;
    this.at = at;
  }

  more() { return this.at < this.text.length && this.text.charCodeAt(this.at) !== 32; }

  digit() { return VALUE[this.text.charCodeAt(this.at++)]; }

  /** An impact, -1 when none stands here. */
  impact() {
    const i = IMPACT[this.text.charCodeAt(this.at)] ?? -1;
    if (i >= 0) this.at++;
    return i;
  }

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

/** The anchor behind a heading: the heading's own and what follows it, or # and all of it. */
function wholeAnchor(short, heading) {
  if (short[0] === '#') return short.slice(1);
  return heading.replaceAll(' ', '-').toLowerCase().replace(/[^-0-9_a-zぁ-ゖァ-ヺー々一-鿿]/g, '') + short;
}

/** Reads addresses, titles and headings. Section 0 is the text below the title. */
function parseHeads(text) {
  const pages = [];
  let before = '';
  for (const line of text.split('\n')) {
    if (!line) continue;
    const [url, title, ...rest] = line.split('\t'), sections = [['', '', '']];
    before = before.slice(0, VALUE[url.charCodeAt(0)]) + url.slice(1);
    for (let i = 0; i < rest.length; i += 2) sections.push([wholeAnchor(rest[i], rest[i + 1]), rest[i + 1], '']);
    pages.push({ title, url: before, sections });
  }
  return pages;
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
export class Index {
  constructor(directory) {
    this.dir = directory;
    this.documents = directory.n;
    this.parts = new Map();
    this.lists = new Map();
    this.wide = false;
    this.missing = new Set();
    this.lexis = new Lexis(directory.synonyms, directory.function.split(' '));
    this.docs = makeDocs(directory);
    /** The first document of each file of heads. */
    this.starts = [];
    const counts = new Scanner(directory.counts);
    for (let doc = 0; counts.more(); doc += counts.number()) this.starts.push(doc);
  }

  /** The file of a part. */
  file(name) {
    const { dir } = this, i = Number(name.slice(1));
    if (name[0] === 't') return `search/${name}.js`;
    if (dir.small) return `search/all.${dir.small}.js`;
    const hash = name === 'lex' ? dir.lex : { s: dir.shards, f: dir.heads, c: dir.bits }[name[0]].substr(i * HASH, HASH);
    return `search/${name}.${hash}.js`;
  }

  add(name, value) {
    this.parts.set(name, name[0] === 'f' ? parseHeads(value) : 'ct'.includes(name[0]) ? value : parseLines(value));
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
    return line === null ? 1 : line === undefined ? 0 : countLine(line);
  }

  extend(prefix) {
    const found = [], { firsts } = this.dir;
    for (let i = Math.max(this.shard(prefix), 0); i < firsts.length; i++) {
      if (firsts[i] > prefix && !firsts[i].startsWith(prefix)) break;
      const shard = this.part('s' + i);
      if (!shard) continue;
      for (let at = lowerBound(shard.terms, prefix); at < shard.terms.length && shard.terms[at].startsWith(prefix); at++) {
        found.push({ term: shard.terms[at], count: countLine(shard.rests[at]) });
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
    let list = line === undefined ? undefined : parseList(term, line, this.dir.once);
    if (wide && line?.[0] === '!') {
      const bits = this.part('c' + this.dir.common.indexOf(term));
      if (!bits) return undefined;
      list = widen(list, bits, this.documents);
    }
    if (this.lists.size > 20000) this.lists.clear();
    this.lists.set(key, list);
    return list;
  }

  /** What is drawn of a document at once. */
  page(doc) {
    const { starts } = this;
    let i = lowerBound(starts, doc);
    if (starts[i] !== doc) i--;
    return this.part('f' + i)?.[doc - starts[i]];
  }
}

function countLine(line) {
  const s = new Scanner(line);
  if (line[0] === '!') {
    s.at = 1;
    return s.number();
  }
  let n = 0;
  for (; s.more(); n++) {
    s.number();
    s.impact();
  }
  return n;
}

function parseList(term, line, once) {
  const s = new Scanner(line), list = { docs: [], impacts: [], marks: [] }, fixed = weak(term);
  if (line[0] === '!') {
    s.at = 1;
    s.number();
  }
  for (let doc = -1; s.more();) {
    list.docs.push(doc += s.number() + 1);
    const impact = s.impact();
    list.impacts.push(fixed ? WEAK_IMPACT : impact < 0 ? VALUE[once.charCodeAt(doc)] : impact);
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
