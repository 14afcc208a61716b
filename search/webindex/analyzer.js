// The analyzer of package search, word for word: see analyze.go, classes.go and
// read.go for why. Offsets are UTF-16 code units of the analysed text.

const SEPARATOR = 0, WORD = 1, HAN = 2, HIRAGANA = 3, KATAKANA = 4, IGNORED = 5;

/** First code point, last code point, class: ascending, hexadecimal. */
const SPANS = ('30-39w 41-5aw 61-7aw aaw adi b5w baw c0-d6w d8-f6w f8-2afw 370-37dw 37f-386w 388-588w 591-5bdw 5bfw ' +
  '5c1-5c2w 5c4-60bw 60d-61aw 61ci 620-669w 66e-6d3w 6d5-963w 966-e4ew e50-e59w e5c-10ffw 1100-11ffh 1200-135fw ' +
  '1369-1fffw 200b-200fi 2060-2064i 2c00-2dffw 2e80-2fdfh 3005-3007h 3021-3029h 3031-3035j 3038-303ch 3041-3096j ' +
  '3099-309aj 309d-309fj 30a1-30fak 30fc-30ffk 3105-312fh 3131-318eh 31a0-31bfh 31f0-31ffk 3400-4dbfh 4e00-9fffh ' +
  'a000-a48cw a4d0-a95fw a960-a97ch a980-abffw ac00-d7a3h d7b0-d7fbh f900-faffh fb13-fdffw fe00-fe0fi fe70-fefcw ' +
  'feffi 10000-1afffw 1b000-1b16fk 1b170-1bcffw 1e000-1eeffw 20000-3fffdh e0100-e01efi').split(' ').map((span) => {
  const [first, last = first] = span.slice(0, -1).split('-');
  return [parseInt(first, 16), parseInt(last, 16), '.whjki'.indexOf(span.at(-1))];
});

/** @param {number} r */
export function classify(r) {
  if (r < 0x80) return r >= 97 && r <= 122 || r >= 65 && r <= 90 || r >= 48 && r <= 57 ? WORD : SEPARATOR;
  if (r >= 0x4e00 && r <= 0x9fff) return HAN;
  let low = 0, high = SPANS.length;
  while (low < high) {
    const middle = low + high >> 1;
    if (SPANS[middle][1] < r) low = middle + 1;
    else high = middle;
  }
  return low < SPANS.length && SPANS[low][0] <= r ? SPANS[low][2] : SEPARATOR;
}

const isCJK = (c) => c >= HAN && c <= KATAKANA;
const extendsSegment = (r) => r >= 0x300 && (r <= 0x36f || r >= 0x1160 && r <= 0x11ff || r === 0x3099 || r === 0x309a || r === 0xff9e || r === 0xff9f);
const carries = (r) => r < 0x530 || r >= 0x1100 && r <= 0x11ff || r >= 0x1e00 && r <= 0x1fff || r >= 0x3041 && r <= 0x30ff || r >= 0xac00 && r <= 0xd7a3 || r >= 0xff21 && r <= 0xff9d;
const plain = (r) => r < 0x80 || r >= 0x3041 && r <= 0x3096 || r >= 0x30a1 && r <= 0x30fe || r >= 0x4e00 && r <= 0x9fff;
const upper = (r) => r >= 65 && r <= 90;
const lowerASCII = (r) => r >= 97 && r <= 122;
const joins = (r) => r === 95 || r === 45 || r === 46 || r === 58 || r === 47;

/** @param {string} segment */
function foldSegment(segment) {
  const folded = segment.normalize('NFKC');
  if (!/[\u00c0-\u024f\u0300-\u036f\u1e00-\u1eff]/.test(folded)) return folded;
  return folded.normalize('NFD').replace(/[\u0300-\u036f]/g, '').normalize('NFC');
}

/**
 * A text made comparable, one element per code point.
 * @param {string} text
 */
function normalize(text) {
  const runes = [], kinds = [], start = [], end = [], at = [];
  let low = '';
  const add = (r, from, to) => {
    const c = classify(r);
    if (c === IGNORED) return;
    runes.push(r);
    kinds.push(c);
    start.push(from);
    end.push(to);
    at.push(low.length);
    low += r < 0x80 ? String.fromCharCode(upper(r) ? r + 32 : r) : String.fromCodePoint(r).toLowerCase();
  };
  for (let i = 0; i < text.length;) {
    const r = text.codePointAt(i);
    let to = i + (r > 0xffff ? 2 : 1), alone = true;
    while (to < text.length && extendsSegment(text.charCodeAt(to)) && carries(r)) {
      to++;
      alone = false;
    }
    if (alone && plain(r)) add(r, i, to);
    else for (const c of foldSegment(text.slice(i, to))) add(c.codePointAt(0), i, to);
    i = to;
  }
  at.push(low.length);
  return { runes, kinds, start, end, low, at };
}

/** The lower-case form under which a URL is found. */
export const lowered = (text) => normalize(text).low;

/**
 * @typedef {{term: string, kind: string, start: number, end: number}} Token
 */

class Analysis {
  /** @param {string} text */
  constructor(text) {
    Object.assign(this, normalize(text));
    /** @type {Token[]} */
    this.tokens = [];
  }

  cut(from, to) { return this.low.slice(this.at[from], this.at[to]); }

  emit(kind, from, to) {
    this.tokens.push({ term: this.cut(from, to), kind, start: this.start[from], end: this.end[to - 1] });
  }

  /** Calls word and run for each run of the text. */
  runs(word, run) {
    const { kinds } = this;
    for (let i = 0; i < kinds.length;) {
      const c = kinds[i];
      if (c === WORD) {
        i = word(i);
      } else if (isCJK(c)) {
        let end = i + 1;
        while (end < kinds.length && isCJK(kinds[end])) end++;
        run(i, end);
        i = end;
      } else {
        i++;
      }
    }
  }

  identifier(i) {
    const { runes, kinds } = this, start = i;
    for (let words = 1; ; words++) {
      let end = i;
      while (end < kinds.length && kinds[end] === WORD) end++;
      this.word(i, end);
      let next = end;
      while (next < runes.length && next - end < 3 && joins(runes[next])) next++;
      if (next === end || next === runes.length || kinds[next] !== WORD) {
        if (words > 1) this.emit('i', start, Math.min(end, start + 80));
        return end;
      }
      i = next;
    }
  }

  word(from, to) {
    this.emit('w', from, Math.min(to, from + 40));
    let part = from;
    for (let i = from + 1; i <= to; i++) {
      if (i < to && !this.hump(i, to)) continue;
      if ((part > from || i < to) && i - part >= 2) this.emit('c', part, Math.min(i, part + 40));
      part = i;
    }
  }

  hump(i, to) {
    const { runes } = this;
    if (!upper(runes[i])) return false;
    const before = runes[i - 1];
    if (lowerASCII(before)) return true;
    return i + 1 < to && lowerASCII(runes[i + 1]) && (upper(before) || before >= 48 && before <= 57);
  }

  bigrams(from, to) {
    for (let i = from; i < to; i++) {
      if (i + 1 < to) this.emit('g', i, i + 2);
      if (this.prolonged(from, i, to)) {
        const more = i + 1 < to;
        this.tokens.push({
          term: this.cut(i - 1, i) + (more ? this.cut(i + 1, i + 2) : ''), kind: 'f',
          start: this.start[i - 1], end: this.end[more ? i + 1 : i],
        });
      }
    }
    if (this.kinds[to - 1] !== HIRAGANA) this.emit('u', to - 1, to);
    this.kanaWords(from, to);
  }

  kanaWords(from, to) {
    const { kinds } = this;
    for (let i = from; i < to; i++) {
      if (kinds[i] !== KATAKANA || i + 1 < to && kinds[i + 1] === KATAKANA) continue;
      const start = this.kanaStart(from, i), end = this.prolonged(from, i, to) ? i : i + 1;
      if (end - start >= 3) this.emit('i', start, Math.min(end, start + 40));
    }
  }

  kanaStart(from, i) {
    while (i > from && this.kinds[i - 1] === KATAKANA) i--;
    return i;
  }

  prolonged(from, i, to) {
    const { runes, kinds } = this;
    if (runes[i] !== 0x30fc || i + 1 < to && kinds[i + 1] === KATAKANA) return false;
    return i + 1 - this.kanaStart(from, i) >= 4;
  }
}

/**
 * Cuts text into the terms under which it is found.
 * @param {string} text
 * @returns {Token[]}
 */
export function analyze(text) {
  const a = new Analysis(text);
  a.runs((i) => a.identifier(i), (from, to) => a.bigrams(from, to));
  return a.tokens;
}

/**
 * @typedef {Token & {position: number, parts: string[], ends: boolean}} Unit
 */

/**
 * Reads text as a query or a synonym: folded, each part once.
 * @param {string} text
 * @returns {{units: Unit[], width: number, key: string}}
 */
export function read(text) {
  const a = new Analysis(text), units = [], key = [];
  let width = 0, wholes = 0;
  a.runs((i) => {
    const from = a.tokens.length, next = a.identifier(i);
    let longest = '';
    for (const token of a.tokens.slice(from)) {
      if (token.kind === 'c') {
        units.at(-1).parts.push(token.term);
        continue;
      }
      longest = token.term;
      units.push({ ...token, position: token.kind === 'w' ? width++ : -1, parts: [], ends: false });
    }
    wholes++;
    key.push(longest);
    return next;
  }, (from, to) => {
    const places = [];
    for (let i = from; i < to; i++) if (!a.prolonged(from, i, to)) places.push(i);
    const characters = places.map((i) => a.cut(i, i + 1));
    characters.forEach((character, i) => {
      const lone = characters.length === 1, more = i + 1 < characters.length;
      if (!lone && !more) return;
      units.push({
        term: lone ? character : character + characters[i + 1], kind: lone ? 'u' : 'g', position: width + i,
        start: a.start[places[i]], end: a.end[places[more ? i + 1 : i]], parts: [], ends: !lone && i + 2 === characters.length,
      });
    });
    width += characters.length;
    const before = a.tokens.length;
    a.kanaWords(from, to);
    for (const token of a.tokens.slice(before)) units.push({ ...token, position: -1, parts: [], ends: false });
    key.push(characters.join(''));
  });
  const several = key.length > 0 && !(key.length === 1 && wholes === 1);
  return { units, width, key: several ? [...'=' + key.join('_')].slice(0, 80).join('') : '' };
}

/** Whether a bigram holds hiragana: grammar more often than meaning. */
export const weak = (term) => /[\u3041-\u309f]/.test(term);

/** Whether a bigram is nothing but hiragana: the ending of a verb. */
export const soft = (term) => /^[\u3041-\u309f]+$/.test(term);

/** Whether a term is katakana from end to end. */
export const isKatakana = (term) => [...term].every((c) => classify(c.codePointAt(0)) === KATAKANA);

/** Whether a term is an identifier with joiners. */
export const joined = (term) => /[-_.:/]/.test(term);
