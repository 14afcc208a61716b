// What the ranking knows of words beside the index: synonyms, English stems and
// typing errors. Ported from synonyms.go, stem.go and typo.go.

import { isKatakana, read } from './analyzer.js';

/** The units of a reading that stand at a position, without identifiers. */
export const positioned = (units) => units.filter((u) => u.position >= 0);

export class Lexis {
  /**
   * @param {string[][]} synonyms
   * @param {string[]} functionWords
   */
  constructor(synonyms, functionWords) {
    this.function = new Set(functionWords);
    /** @type {Map<string, {group: number, member: number}[]>} */
    this.starts = new Map();
    this.groups = synonyms.map((texts, group) => {
      const members = [];
      for (const text of texts) {
        const terms = positioned(read(text).units).map((u) => u.term);
        if (!terms.length) continue;
        const first = stem(terms[0]);
        if (!this.starts.has(first)) this.starts.set(first, []);
        this.starts.get(first).push({ group, member: members.length });
        members.push(terms);
      }
      return members;
    });
  }

  /** The longest synonyms that begin the units. */
  longest(units) {
    let length = 0, refs = [];
    for (const at of this.starts.get(stem(units[0].term)) ?? []) {
      const member = this.groups[at.group][at.member];
      if (member.length < length || !begins(units, member)) continue;
      if (member.length > length) {
        length = member.length;
        refs = [];
      }
      refs.push(at);
    }
    return { length, refs };
  }
}

function begins(units, member) {
  if (member.length > units.length) return false;
  for (let i = 0; i < member.length; i++) {
    if (stem(units[i].term) !== stem(member[i]) || i > 0 && units[i].position !== units[i - 1].position + 1) return false;
  }
  const last = units[member.length - 1];
  return member.length === units.length || last.ends || last.kind !== 'g' || !isKatakana(units[member.length].term);
}

export const letterWord = (w) => /^[a-z]+$/.test(w);

/** What the English inflections of a word share. */
export function stem(w) {
  if (w.length < 4 || !letterWord(w)) return w;
  if (w.endsWith('ies') && w.length > 4) w = w.slice(0, -3) + 'y';
  else if (/(ss|sh|ch|x)es$/.test(w)) w = w.slice(0, -2);
  else if (/[^sui]s$/.test(w)) w = w.slice(0, -1);
  for (const suffix of ['ing', 'ed', 'ion', 'ment', 'er']) {
    if (!w.endsWith(suffix)) continue;
    const bare = w.slice(0, -suffix.length);
    if (bare.length < 3 || !/[aeiouy]/.test(bare) || suffix === 'ion' && !/[ts]$/.test(bare)) continue;
    w = bare;
    if (w.at(-1) === w.at(-2) && !'aeiouls'.includes(w.at(-1))) w = w.slice(0, -1);
    break;
  }
  if (w.length > 3 && w.endsWith('e')) w = w.slice(0, -1);
  return w.length > 2 && w.endsWith('i') ? w.slice(0, -1) + 'y' : w;
}

/** What every word with this stem begins with. */
export const stemPrefix = (root) => root.length > 3 ? root.slice(0, -1) : root;

/** Edits between two words, or limit + 1 when there are more. */
export function edits(a, b, limit) {
  if (Math.abs(a.length - b.length) > limit) return limit + 1;
  let before = [], row = [], next = [];
  for (let j = 0; j <= b.length; j++) row[j] = j;
  for (let i = 1; i <= a.length; i++) {
    let best = next[0] = i;
    for (let j = 1; j <= b.length; j++) {
      let d = Math.min(next[j - 1] + 1, row[j] + 1, row[j - 1] + (a[i - 1] === b[j - 1] ? 0 : 1));
      if (i > 1 && j > 1 && a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1]) d = Math.min(d, before[j - 2] + 1);
      next[j] = d;
      if (d < best) best = d;
    }
    if (best > limit) return limit + 1;
    [before, row, next] = [row, next, before];
  }
  return row[b.length];
}
