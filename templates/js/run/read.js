// Reads the steps of a page from its markup, in any of the four forms in which they are written.
import { key } from "./match.js";

const LEAVES_OUT = "figure, pre, .anchor, ol, ul, table, .task-box, .ob";

/**
 * @typedef {{element: HTMLElement, text: string, print: string, number: string, minutes: number, depth: number, up: number, head: HTMLElement}} PageStep
 *   head is where a step's controls stand
 */

/** What a step is called: its own text, without code blocks and without steps below it. */
function textOf(element) {
  if (element.localName === "tr") {
    const cells = [...element.cells].slice(1);
    return squeeze(cells[0] ?? element);
  }
  if (/^h[1-6]$/.test(element.localName)) return squeeze(element);
  const paragraph = [...element.children].find((c) => c.localName === "p");
  return squeeze(paragraph ?? element);
}

function squeeze(element) {
  const copy = element.cloneNode(true);
  for (const out of copy.querySelectorAll(LEAVES_OUT)) out.remove();
  return copy.textContent.replace(/\s+/g, " ").trim();
}

/** Everything that belongs to a step: for a heading all up to the next heading of its level. */
export function bodyOf(element) {
  if (!/^h[1-6]$/.test(element.localName)) return [element];
  const level = Number(element.localName[1]);
  const all = [element];
  for (let e = element.nextElementSibling; e; e = e.nextElementSibling) {
    if (/^h[1-6]$/.test(e.localName) && Number(e.localName[1]) <= level) break;
    all.push(e);
  }
  return all;
}

/** A short mark of a step's content: it changes when a command of the step does. */
function printOf(parts) {
  let text = "";
  for (const part of parts) {
    const copy = part.cloneNode(true);
    for (const out of copy.querySelectorAll(".ob, .copy, .anchor, [data-step]")) out.remove();
    for (const slot of copy.querySelectorAll(".slot")) slot.textContent = "{{" + slot.dataset.param + "}}";
    if (part.matches("[data-step]") || !part.closest("[data-step]")) text += copy.textContent;
  }
  const bare = text.normalize("NFKC").replace(/\s+/g, "");
  let a = 0x811c9dc5;
  let b = 0x1b873593;
  for (let i = 0; i < bare.length; i++) {
    a = Math.imul(a ^ bare.charCodeAt(i), 0x01000193);
    b = Math.imul(b ^ bare.charCodeAt(i), 0x5bd1e995);
  }
  return (a >>> 0).toString(36) + (b >>> 0).toString(36);
}

/**
 * @param {ParentNode} root
 * @returns {PageStep[]} in reading order
 */
export function readSteps(root) {
  const elements = [...root.querySelectorAll("[data-step]")];
  const numbers = elements.map((e) => e.dataset.step);
  return elements.map((element, i) => {
    const parts = element.dataset.step.split(".");
    let up = -1;
    if (parts.length > 1) {
      const above = parts.slice(0, -1).join(".");
      for (let j = i - 1; j >= 0 && up < 0; j--) if (numbers[j] === above) up = j;
    }
    const text = textOf(element);
    return {
      element, text: text || element.dataset.step, number: element.dataset.step, minutes: Number(element.dataset.minutes ?? 0), depth: parts.length, up,
      print: key(text) + ":" + printOf(bodyOf(element)),
      head: element.localName === "tr" ? element.cells[0] : element,
    };
  });
}
