// Search, loaded on first use: the dialog, and the same on the page /search/.
import { createSearch } from "opsbook:search";
import words from "opsbook:words";
import { pages } from "./explain.js";
import { panel } from "./panel.js";
import { recent } from "./recent.js";
import { today } from "./states.js";

const here = globalThis.opsbook;
const engine = createSearch({ root: new URL(here.root, location.href).href });
const lang = document.documentElement.lang;

const day = { at: 0, text: "" };

/** What a panel needs from the page it is on. */
const around = {
  root: here.root,
  words,
  lang,
  ranks: here.ranks,
  today: () => {
    if (Date.now() - day.at > 60_000) Object.assign(day, { at: Date.now(), text: today(new Date(), here.zone) }); // to format a date takes a millisecond
    return day.text;
  },
  types: Object.fromEntries([...document.querySelectorAll("[data-type]")].map((a) => [a.dataset.type, a.textContent.trim()])),
  missing: document.querySelector("[data-missing]")?.dataset.missing,
  recent: () => recent(here.site).filter((v) => v.url !== here.page),
  page: pages(here.root, (hit) => engine.page(hit)),
  ask(query, options) {
    here.offline?.rest();
    return engine.search(query, { ...options, lang, clock: around.today() });
  },
  switched: (query, facet, value) => engine.switched(query, facet, value),
  /** How many pages each facet's values have. */
  counts: () => around.ask("", { limit: 0 }).then((a) => a.facets, () => ({})),
  warm() {
    here.offline?.rest();
    return engine.warm();
  },
  /** What to open when something is badly wrong: asked once, by the worst severity. */
  urgent: () => (urgent ??= around.ask("severity:" + here.ranks[0], { limit: 6 }).then((a) => a.hits, () => [])),
  /** Keeps the query in the page's address: once it rests, as a browser does not take that lightly, or at once. */
  keep(query, atOnce) {
    clearTimeout(keeping);
    if (!atOnce) {
      keeping = setTimeout(() => around.keep(query, true), 100);
      return;
    }
    const url = new URL(location.href);
    if (query) url.searchParams.set("q", query);
    else url.searchParams.delete("q");
    try {
      history.replaceState(history.state, "", url);
    } catch {
      // A page from a disk keeps its address as it is.
    }
  },
};

let dialog, seek, urgent, keeping;

function open(query = "") {
  if (!dialog) {
    dialog = document.createElement("dialog");
    dialog.className = "seek";
    dialog.setAttribute("aria-label", words["search.title"]);
    seek = panel(dialog, { ...around, close: () => dialog.close() });
    dialog.addEventListener("close", () => around.keep("", true));
    dialog.addEventListener("click", (event) => event.target === dialog && dialog.close());
    document.body.append(dialog);
  }
  if (!dialog.open) dialog.showModal();
  seek.start(query);
}

/** Makes the form of /search/ answer in place. */
function mount(form) {
  const box = document.createElement("div");
  box.className = "seek-page";
  const input = form.querySelector("input");
  const query = new URLSearchParams(location.search).get("q") ?? "";
  form.replaceChildren();
  form.append(box);
  form.addEventListener("submit", (event) => event.preventDefault());
  panel(box, { ...around, names: JSON.parse(form.dataset.names ?? "{}"), label: input.getAttribute("placeholder"), whole: true }).start(query);
}

here.search = { open, mount };
