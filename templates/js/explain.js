// Says what a hit says: its section and a snippet, filled in once the question has rested. A site keeps its texts in its pages alone, so the
// page of the hit is asked for, which also makes opening it instant.
import { addressOf } from "./place.js";

const REST = 150; // milliseconds: who types on wants nothing yet
const AT_ONCE = 4;
const KEPT = 100; // pages
const UNSAID = "script, style, template, form, button, svg, .anchor, .copy, [hidden]";
/** What the header card and the tables beside the text say of a page itself. */
const CARD = ".lead, " + ["outcome", "trigger", "symptoms", "tools", "controls"].map((fact) => `[data-fact=${fact}] dd`).join() +
  ", .causes td:first-child, .matrix th[scope=row], .matrix td.note, .actions tbody td:first-child";
const INLINE = new Set("a abbr b bdi cite code data del dfn em i ins kbd mark q ruby rb rt rp s samp small span strong sub sup time u var wbr".split(" "));

/**
 * What the sections of a page say. The first is the text below the title, with what the header card says.
 * @param {ParentNode} main
 * @param {string[]} anchors of the sections, "" for the first
 * @returns {string[]}
 */
export function textsOf(main, anchors) {
  const number = new Map(anchors.map((anchor, i) => [anchor, i]).slice(1));
  const texts = anchors.map(() => "");
  let now = 0;
  const walk = (node) => {
    for (const child of node.childNodes) {
      if (child.nodeType === 3) texts[now] += child.data;
      if (child.nodeType !== 1 || child.matches(UNSAID)) continue;
      if (number.has(child.id)) now = number.get(child.id);
      if (/^h[1-6]$/.test(child.localName) && (now === 0 || child.id === anchors[now])) continue;
      const apart = INLINE.has(child.localName) ? "" : " ";
      texts[now] += apart;
      walk(child);
      texts[now] += apart;
    }
  };
  for (const part of main.querySelectorAll(CARD)) {
    texts[0] += " ";
    walk(part);
  }
  const article = main.querySelector("article");
  if (article) walk(article);
  return texts.map((text) => text.replace(/\s+/g, " ").trim());
}

/**
 * Where the pages of hits come from: their addresses, or a folder on a disk that holds their texts; undefined where there is neither.
 * @param {string} root
 * @param {(hit: object) => Promise<object>} fromDisk
 */
export function pages(root, fromDisk) {
  const known = new Map();
  const fetched = async ({ page }) => {
    const answer = await fetch(addressOf(root, page.url), { priority: "low" });
    if (!answer.ok) throw new Error(`read ${page.url}: ${answer.status}`);
    const main = new DOMParser().parseFromString(await answer.text(), "text/html").querySelector("main");
    const texts = main ? textsOf(main, page.sections.map(([anchor]) => anchor)) : [];
    return { title: page.title, url: page.url, sections: page.sections.map(([anchor, heading], i) => [anchor, heading, texts[i] ?? ""]) };
  };
  const disk = location.protocol === "file:";
  if (disk && !document.documentElement.dataset.copy) return undefined;
  return (hit) => {
    const { url } = hit.page;
    if (!known.has(url)) {
      if (known.size >= KEPT) known.clear();
      const page = (disk ? fromDisk : fetched)(hit);
      known.set(url, page);
      page.catch(() => known.delete(url));
    }
    return known.get(url);
  };
}

/**
 * Explains the lines that are in view, once they have rested. A line's own explain does it at once.
 * @param {{element: HTMLElement, explain?: () => Promise<void>}[]} lines
 * @param {AbortSignal} signal
 */
export function explainInView(lines, signal) {
  const waiting = [];
  let running = 0;
  const next = () => {
    while (running < AT_ONCE && waiting.length && !signal.aborted) {
      running++;
      waiting.shift().explain().finally(() => {
        running--;
        next();
      });
    }
  };
  const begin = () => {
    if (signal.aborted) return;
    const of = new Map(lines.filter((line) => line.explain).map((line) => [line.element, line]));
    const watcher = new IntersectionObserver((seen) => {
      for (const { isIntersecting, target } of seen) {
        if (!isIntersecting) continue;
        watcher.unobserve(target);
        waiting.push(of.get(target));
      }
      next();
    });
    for (const element of of.keys()) watcher.observe(element);
    signal.addEventListener("abort", () => watcher.disconnect());
  };
  const timer = setTimeout(begin, REST);
  signal.addEventListener("abort", () => clearTimeout(timer));
}
