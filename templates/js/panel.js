// A field and its answers: an ARIA combobox with a listbox, correct with input methods.
import { explainInView } from "./explain.js";
import { addressOf } from "./place.js";
import { narrow } from "./narrow.js";

/**
 * Cuts a text at its marks.
 * @param {string} text
 * @param {[number, number][]} marks ascending and disjoint
 * @returns {{text: string, marked: boolean}[]}
 */
export function pieces(text, marks) {
  const all = [];
  let at = 0;
  for (const [from, to] of marks) {
    if (from > at) all.push({ text: text.slice(at, from), marked: false });
    all.push({ text: text.slice(from, to), marked: true });
    at = to;
  }
  if (at < text.length) all.push({ text: text.slice(at), marked: false });
  return all;
}

/**
 * The address of a hit from the page it is shown on.
 * @param {string} root
 * @param {{url: string, anchor?: string}} hit
 */
export function address(root, hit) {
  return addressOf(root, hit.url) + (hit.anchor ? "#" + encodeURIComponent(hit.anchor) : "");
}

/**
 * The chosen line after a key; -1 is none.
 * @param {string} key
 * @param {number} now
 * @param {number} count
 */
export function moved(key, now, count) {
  if (count === 0) return -1;
  if (key === "ArrowDown") return (now + 1) % count;
  if (key === "ArrowUp") return now <= 0 ? count - 1 : now - 1;
  return now;
}

/**
 * Whether a key is meant for the list. While an input method composes, its keys are its own; Safari ends composition before the key that
 * ended it, and marks that key with 229.
 * @param {{isComposing: boolean, keyCode: number}} event
 */
export const ours = (event) => !event.isComposing && event.keyCode !== 229;

const element = (name, className, text) => {
  const e = document.createElement(name);
  if (className) e.className = className;
  if (text) e.textContent = text;
  return e;
};

/** How long the key that opens a hit waits for the section to open it at, in milliseconds. */
const PATIENCE = 400;

let panels = 0;

/**
 * @param {HTMLElement} box
 * @param {object} around what search.js hands in
 * @returns {{start: (query: string) => void}}
 */
export function panel(box, around) {
  const { words } = around;
  const id = "seek" + ++panels;
  const input = element("input");
  Object.assign(input, { type: "search", autocomplete: "off", spellcheck: false, placeholder: around.label ?? words["search.placeholder"], enterKeyHint: "search" });
  input.setAttribute("autocapitalize", "off");
  for (const [name, value] of Object.entries({
    role: "combobox", "aria-label": words["search.title"], "aria-expanded": "false", "aria-controls": id, "aria-autocomplete": "list",
  })) input.setAttribute(name, value);
  const field = element("div", "field");
  field.append(icon("search"), input);
  if (around.close) {
    const shut = element("button", "shut", words["search.close"]);
    shut.type = "button";
    shut.addEventListener("click", around.close);
    field.append(shut);
  }
  const press = async (facet, value) => {
    input.value = await around.switched(input.value, facet, value);
    ask();
  };
  const filters = narrow(around, id, press);
  const list = element("div", "hits");
  list.id = id;
  list.setAttribute("role", "listbox");
  list.setAttribute("aria-label", words["search.results"]);
  const tell = element("p", "tell", words["search.help"]);
  tell.setAttribute("role", "status");
  const gap = element("p", "gap");
  gap.hidden = true;
  box.append(field, filters.box, list, gap, tell);

  let lines = []; // the options shown: {element, href}
  let chosen = -1;
  let asking = null;

  const choose = (n) => {
    lines[chosen]?.element.setAttribute("aria-selected", "false");
    chosen = n;
    const line = lines[n];
    if (!line) {
      input.removeAttribute("aria-activedescendant");
      return;
    }
    line.element.setAttribute("aria-selected", "true");
    requestAnimationFrame(() => line === lines[chosen] && line.element.scrollIntoView({ block: "nearest" })); // at once it would lay the page out twice
    input.setAttribute("aria-activedescendant", line.element.id);
  };

  const follow = async (line, apart) => {
    around.keep(input.value.trim(), true);
    if (line.explain) await Promise.race([line.explain(), new Promise((done) => setTimeout(done, PATIENCE))]);
    const { href } = line;
    if (apart) window.open(href, "_blank", "noopener");
    else {
      const same = new URL(href, location.href);
      const stays = same.pathname === location.pathname && same.hash;
      location.href = href;
      if (stays) around.close?.();
    }
  };

  const put = (content, found) => {
    list.replaceChildren(...content);
    gap.hidden = true;
    lines = found;
    chosen = -1;
    lines.forEach((line, i) => {
      line.element.id = `${id}-${i}`;
      line.element.setAttribute("role", "option");
      line.element.setAttribute("aria-selected", "false");
      line.element.addEventListener("click", (event) => follow(line, event.ctrlKey || event.metaKey));
      line.element.addEventListener("auxclick", (event) => event.button === 1 && follow(line, true));
    });
    input.setAttribute("aria-expanded", String(lines.length > 0));
    choose(lines.length ? 0 : -1);
  };

  /** A hit as a line. With tell, its section and snippet are to follow: their room is kept. */
  const lineOf = (hit, tell) => {
    const line = { element: row(hit, around, Boolean(tell)), href: address(around.root, hit) };
    if (!tell) return line;
    let told;
    line.element.dataset.untold = "";
    line.explain = () => (told ??= around.page(hit).then((page) => {
      const at = { ...hit, ...tell(page) };
      line.href = address(around.root, at);
      say(line.element.lastChild, at);
    }, () => {}).finally(() => delete line.element.dataset.untold));
    return line;
  };

  const rows = (head, hits, tell) => {
    const found = hits.map((hit) => lineOf(hit, around.page && tell));
    const title = head ? [element("p", "head", head)] : [];
    title.forEach((t) => t.setAttribute("role", "presentation"));
    return [[...title, ...found.map((f) => f.element)], found];
  };

  const show = (answer) => {
    if (answer.hits.length) {
      put(...rows("", answer.hits, answer.tell));
      tell.textContent = [count(answer.total, words), remark(answer.note, words)].filter(Boolean).join(" · ");
    } else {
      put(...rows(answer.nearest.length ? words["search.nearest"] : "", answer.nearest, answer.tell));
      choose(-1);
      tell.textContent = words["search.none"];
      if (around.missing) {
        gap.replaceChildren(request(around, input.value));
        gap.hidden = false;
      }
    }
    filters.show(answer.facets, answer.filter);
  };

  const rest = async () => {
    tell.textContent = words["search.help"];
    const groups = [rows(words["search.recent"], around.recent())];
    const settle = () => {
      const some = groups.filter(([, found]) => found.length);
      put(some.flatMap(([content]) => content), some.flatMap(([, found]) => found));
      choose(-1);
    };
    settle();
    await new Promise((r) => setTimeout(r, 250)); // who pastes at once wants the answer alone to be loaded
    if (input.value.trim()) return;
    const [worst, counts] = await Promise.all([around.urgent(), around.whole ? around.counts() : {}]);
    if (input.value.trim()) return;
    filters.show(counts);
    if (!worst.length) return;
    groups.push(rows(words["search.urgent"], worst.map(({ section, anchor, ...hit }) => hit)));
    settle();
  };

  const ask = async () => {
    asking?.abort();
    const query = input.value.trim();
    around.keep(query);
    if (!query) return rest();
    const mine = (asking = new AbortController());
    try {
      const answer = await around.ask(query, { limit: around.whole ? 50 : 12, signal: mine.signal, progress: (a) => mine.signal.aborted || show(a) });
      if (mine.signal.aborted) return;
      show(answer);
      explainInView(lines, mine.signal);
    } catch (error) {
      if (mine.signal.aborted) return;
      put([], []);
      tell.textContent = words["search.failed"];
    }
  };

  input.addEventListener("input", ask);
  input.addEventListener("compositionend", ask);
  input.addEventListener("keydown", (event) => {
    if (!ours(event)) return;
    if (event.key === "ArrowDown" || event.key === "ArrowUp") {
      event.preventDefault();
      choose(moved(event.key, chosen, lines.length));
    } else if (event.key === "Enter") {
      event.preventDefault();
      const line = lines[Math.max(0, chosen)];
      if (line) follow(line, event.ctrlKey || event.metaKey);
    } else if (event.key === "Escape" && around.close) {
      event.preventDefault(); // a field for searching would take the first one to empty itself
      around.close();
    }
  });
  return {
    start(query) {
      if (query || !input.value) input.value = query;
      around.warm().catch(() => {});
      input.focus();
      input.select();
      ask();
    },
  };
}

function icon(name) {
  const i = element("span", "i i-" + name);
  i.setAttribute("aria-hidden", "true");
  return i;
}

function row(hit, { types, lang, ranks, words, today }, open) {
  const line = element("div", "hit");
  const top = element("span", "t", hit.title);
  if (hit.lang && hit.lang !== lang) line.lang = hit.lang;
  line.append(top);
  const marks = element("span", "m");
  if (hit.severity) {
    const severity = element("span", "sev", hit.severity);
    severity.dataset.rank = String(ranks.indexOf(hit.severity) + 1);
    marks.append(severity);
  }
  if (hit.due && hit.due < today()) {
    const state = element("span", "state", words["state.stale"]);
    state.dataset.state = "stale";
    marks.append(state);
  }
  if (types[hit.type]) marks.append(element("span", "tag", types[hit.type]));
  if (marks.childNodes.length) line.append(marks);
  const text = element("span", open ? "s room" : "s");
  say(text, hit);
  if (open || text.firstChild) line.append(text);
  return line;
}

/** Says in which section a hit is, and what stands there. */
function say(text, { title, section, snippet = "", marks = [] }) {
  text.replaceChildren();
  if (section && section !== title) text.append(element("span", "w", " › " + section), " ");
  for (const p of pieces(snippet, marks)) text.append(p.marked ? element("mark", "", p.text) : p.text);
}

/** One prefilled link for what nobody wrote yet. */
function request({ missing, words }, query) {
  const a = element("a", "", words["search.missing"]);
  a.href = missing.replaceAll(encodeURIComponent("{{query}}"), encodeURIComponent(query));
  return a;
}

function count(total, words) {
  return total === 1 ? words["search.one"] : words["search.many"].replace("%s", String(total));
}

function remark(note, words) {
  const read = (note?.corrected ?? []).map((c) => words["search.read"].replace("%s", c.to.join(", ")));
  if (note?.common?.length) read.push(words["search.common"]);
  return read.join(" · ");
}
