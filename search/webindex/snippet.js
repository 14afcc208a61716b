// Opens a hit at its best section and cuts the snippet. Ported from snippet.go;
// marks are UTF-16 ranges.

import { analyze } from './analyzer.js';

const COLUMNS = 160, LEAD = 30, HEADING = 2.5, HEADING_WHOLE = 1.5, REPEAT = 0.05;

/**
 * What is sought: term to the units it answers.
 * @param {object} plan
 * @returns {Map<string, {unit: number, weight: number, piece: boolean}[]>} a piece of a synonym says nothing by itself
 */
export function sought(plan) {
  const terms = new Map();
  let n = 0;
  const add = (u, unit, factor, piece) => {
    for (const v of u.variants) {
      if (!terms.has(v.term)) terms.set(v.term, []);
      terms.get(v.term).push({ unit, weight: v.weight * u.scale * factor, piece });
    }
  };
  for (const g of plan.groups) {
    const first = n;
    for (const u of g.units) add(u, n++, 1, false);
    for (const alt of g.alternatives) {
      alt.units.forEach((u, i) => add(u, first + Math.min(i, g.units.length - 1), alt.factor, alt.units.length > 1 && !alt.partial));
    }
  }
  terms.units = n;
  return terms;
}

/**
 * The analysis of a page, kept with it so that typing on costs nothing.
 * @param {{title: string, sections: string[][]}} page
 */
function analyzed(page) {
  page.tokens ??= page.sections.map(([, heading, text], i) => ({
    heading: analyze(i === 0 ? page.title : heading),
    text: analyze(text),
  }));
  return page.tokens;
}

/**
 * @param {{title: string, sections: string[][], tokens?: object[]}} page
 * @param {ReturnType<typeof sought>} terms
 */
export function open(page, terms) {
  let best = 0, bestScore = -1;
  analyzed(page).forEach((section, i) => {
    // An empty introduction answers nothing unless the title has all that was asked.
    const empty = i === 0 && page.sections[0][2] === '' && page.sections.length > 1 && !whole(section, terms);
    const score = empty ? 0 : sectionScore(section, terms);
    if (score > bestScore) {
      bestScore = score;
      best = i;
    }
  });
  const [anchor, heading, text] = page.sections[best] ?? ['', '', ''];
  return { anchor, section: heading, ...snippet(text, page.tokens[best]?.text ?? [], terms) };
}

/** Whether a heading holds every unit. */
function whole({ heading }, terms) {
  const held = new Set(heading.flatMap(({ term }) => (terms.get(term) ?? []).map((w) => w.unit)));
  return held.size === terms.units;
}

function sectionScore({ heading, text }, terms) {
  const inHeading = new Float64Array(terms.units), inText = new Float64Array(terms.units), repeats = new Uint32Array(terms.units);
  let words = 0;
  for (const { term, kind } of heading) {
    if (kind === 'w' || kind === 'g') words++;
    for (const w of terms.get(term) ?? []) inHeading[w.unit] = Math.max(inHeading[w.unit], w.weight);
  }
  for (const { term } of text) {
    for (const w of terms.get(term) ?? []) {
      inText[w.unit] = Math.max(inText[w.unit], w.weight);
      repeats[w.unit]++;
    }
  }
  let score = 0;
  for (let i = 0; i < terms.units; i++) score += HEADING * inHeading[i] + inText[i] * (1 + REPEAT * Math.min(repeats[i], 5));
  return words > 0 && inHeading.filter((weight) => weight > 0).length === words ? score * HEADING_WHOLE : score;
}

function snippet(text, tokens, terms) {
  const matches = tokens.filter((t) => terms.has(t.term)).map((t) => text[t.end] === 'ー' ? { ...t, end: t.end + 1 } : t);
  const first = matches.length ? lead(text, matches[densest(text, matches, terms)].start, LEAD) : 0, to = forward(text, first, COLUMNS);
  const from = to === text.length ? Math.min(first, lead(text, to, COLUMNS - 2)) : first, shift = from > 0 ? 1 : 0;
  const marks = marksOf(matches.filter((m) => m.start >= from && m.end <= to), terms).map((m) => [m[0] - from + shift, m[1] - from + shift]);
  return { snippet: (from > 0 ? '…' : '') + text.slice(from, to) + (to < text.length ? '…' : ''), marks };
}

/** The ranges to highlight. A lone piece of a synonym is none: ター says nothing of リスタート. */
function marksOf(matches, terms) {
  const marks = [];
  for (const m of matches) {
    const whole = terms.get(m.term).some((w) => !w.piece), last = marks.at(-1);
    if (last && m.start <= last[1]) {
      last[1] = Math.max(last[1], m.end);
      last[2] = true;
    } else {
      marks.push([m.start, m.end, whole]);
    }
  }
  return marks.filter((m) => m[2]);
}

function densest(text, matches, terms) {
  let best = 0, bestScore = -1;
  for (let i = 0; i < matches.length; i++) {
    const end = forward(text, matches[i].start, COLUMNS - LEAD), seen = new Map();
    let score = 0;
    for (let j = i; j < matches.length && matches[j].end <= end; j++) {
      for (const w of terms.get(matches[j].term)) {
        const gain = w.weight - (seen.get(w.unit) ?? 0);
        if (gain > 0) {
          seen.set(w.unit, w.weight);
          score += gain;
        }
      }
    }
    if (score > bestScore + 1e-9) {
      bestScore = score;
      best = i;
    }
  }
  return best;
}

function lead(text, at, most) {
  let from = at, columns = 0;
  while (from > 0 && columns < most) {
    const low = text.charCodeAt(from - 1), size = low >= 0xdc00 && low <= 0xdfff && from > 1 ? 2 : 1;
    columns += columnsOf(text.codePointAt(from - size));
    from -= size;
  }
  return from === 0 ? 0 : from + text.slice(from, at).indexOf(' ') + 1;
}

function forward(text, from, columns) {
  let i = from;
  while (i < text.length) {
    const r = text.codePointAt(i);
    columns -= columnsOf(r);
    if (columns < 0) return i;
    i += r > 0xffff ? 2 : 1;
  }
  return i;
}

const columnsOf = (r) => r >= 0x1100 && (r <= 0x115f || r >= 0x2e80 && r <= 0xd7a3 || r >= 0xf900 && r <= 0xfaff || r >= 0xfe30 && r <= 0xfe6f || r >= 0xff00 && r <= 0xff60 || r >= 0x1f300) ? 2 : 1;
