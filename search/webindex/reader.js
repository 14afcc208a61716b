// Searches the index that write.go wrote. Parts are classic scripts, loaded
// when a question needs them, so that it works from file:// too.

import { parseFilters, switchFilter } from './filters.js';
import { Index } from './parts.js';
import { makePlan } from './plan.js';
import { hasCorrections, hasUnknown, isDoubtful, rank } from './rank.js';
import { open, sought } from './snippet.js';

const VERSION = 3, TOGETHER = 16;

/**
 * @typedef {object} Hit
 * @property {string} title
 * @property {string} url from the site's root
 * @property {string} anchor
 * @property {string} section heading, '' for the text before the first one; while the texts are not known, that of the best heading
 * @property {number} score
 * @property {Page} page
 * @property {number} doc
 * @property {string} [type]
 * @property {string} [owner]
 * @property {string} [severity]
 * @property {string} [status]
 * @property {string} [lang]
 * @property {string} [due]
 *
 * @typedef {{title: string, url: string, sections: [string, string, string][]}} Page sections are anchor, heading and text; the text is '' in
 *   a hit
 *
 * @typedef {object} Told where a hit opens, and what it says there
 * @property {string} anchor
 * @property {string} section
 * @property {string} snippet
 * @property {[number, number][]} marks UTF-16 ranges of snippet to highlight
 *
 * @typedef {object} Answer
 * @property {Hit[]} hits
 * @property {(page: Page) => Told} tell opens a page of which the texts are known
 * @property {number} total
 * @property {Record<string, Record<string, number>>} facets
 * @property {Record<string, string[]>} filter what the query and the options ask of the facets
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

  const ranked = (index, text, asked, typos, signal) => settle(index, signal, () => {
    const plan = makePlan(text, index, index.lexis, typos);
    const list = (term) => index.list(term, plan.wide);
    return index.missing.size ? null : { plan, ...rank(plan, index.docs, list, asked) };
  });

  const opened = (index, found, terms) => {
    const page = index.page(found.doc);
    if (!page) return undefined;
    const { boost, ...doc } = index.docs[found.doc], { anchor, section } = open(page, terms);
    return { title: page.title, url: page.url, ...doc, score: found.score, anchor, section, page, doc: found.doc };
  };

  /** Opens the hits of a result. Progress is called with the first ones when others are still to be loaded. */
  const shown = async (index, result, { limit = 10, signal, progress }, filter) => {
    const terms = sought(result.plan), best = limit < 0 ? result.found : result.found.slice(0, limit);
    const base = {
      total: result.found.length, facets: result.facets, filter, tell: (page) => open(page, terms),
      note: { common: result.common, corrected: result.corrected },
    };
    index.missing.clear();
    for (const f of [...best, ...result.nearest]) index.page(f.doc);
    if (progress && index.missing.size) {
      const names = [...index.missing];
      await load(index, names.slice(0, 1)); // alone: on a slow line the others would delay it
      signal?.throwIfAborted();
      const ready = [];
      for (const f of best) {
        const hit = opened(index, f, terms);
        if (!hit) break;
        ready.push(hit);
      }
      if (ready.length < best.length && ready.length) progress({ ...base, hits: ready, nearest: [] });
      await load(index, names.filter((name) => !index.parts.has(name)));
    } else {
      await load(index, [...index.missing]);
    }
    signal?.throwIfAborted();
    const show = (list) => list.map((f) => opened(index, f, terms));
    return { ...base, hits: show(best), nearest: show(result.nearest) };
  };

  const answer = async (again, query, options) => {
    const { filters = {}, signal, clock = '', lang = '', progress } = options;
    const index = await openIndex(again);
    signal?.throwIfAborted();
    const { text, filter } = parseFilters(query, filters, (facet) => index.values(facet), index.dir.filters);
    const asked = { filter, clock, lang };
    const first = await ranked(index, text, asked, false, signal);
    const found = first.found.length > 0 && !hasUnknown(first.plan);
    if (found && !isDoubtful(first.plan)) return shown(index, first, options, filter);
    // What is known is worth showing before the words for typos are there.
    if (found && progress && index.dir.lex && !index.parts.has('lex')) progress(await shown(index, first, options, filter));
    const second = await ranked(index, text, asked, true, signal);
    return shown(index, hasCorrections(second.plan) ? second : first, options, filter);
  };

  return {
    /** Loads what every question needs, ahead of the first one. */
    warm: () => openIndex('').then(() => undefined),

    /**
     * The page of a hit with its texts, where the site lies on a disk and holds them as scripts.
     * @param {Hit} hit
     * @returns {Promise<Page>}
     */
    page: async ({ page, doc }) => {
      const index = await openIndex(''), name = 't' + Math.floor(doc / TOGETHER);
      if (!index.parts.has(name)) await load(index, [name]);
      const texts = index.parts.get(name)[doc % TOGETHER];
      return { ...page, tokens: undefined, sections: page.sections.map(([anchor, heading], i) => [anchor, heading, texts[i] ?? '']) };
    },

    /** The query with a value of a facet switched on or off. */
    switched: async (query, facet, value) => {
      const index = await openIndex('');
      return switchFilter(query, facet, value, (f) => index.values(f), index.dir.filters);
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
