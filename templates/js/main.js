// What a page needs before its reader does anything. Everything else is loaded on first use.
import later from "opsbook:assets";
import words from "opsbook:words";
import { attach as attachCopy } from "./commands.js";
import { attach as attachContents } from "./contents.js";
import { attach as attachFilter } from "./filter.js";
import { attach as attachOpener } from "./opener.js";
import { visit } from "./recent.js";
import { attach as attachReport } from "./report.js";
import { attach as attachRunner, attachSelection, guarded } from "./runner.js";
import { attach as attachScheme } from "./scheme.js";
import { refresh, today } from "./states.js";

const script = document.currentScript;
const { root, site, zone, days, page, ranks, offline } = script.dataset;

/** Runs a script of ours once, with its style, and returns what it leaves in globalThis.opsbook. */
const loaded = {};
function load(name) {
  loaded[name] ??= Promise.all([insert("link", "href", name + ".css"), insert("script", "src", name)]).then(
    () => globalThis.opsbook[name],
    (error) => {
      delete loaded[name];
      throw error;
    },
  );
  return loaded[name];
}

function insert(tag, attribute, name) {
  return new Promise((resolve, reject) => {
    const element = document.createElement(tag);
    if (tag === "link") element.rel = "stylesheet";
    element[attribute] = root + later[name];
    element.onload = resolve;
    element.onerror = () => reject(new Error("cannot load " + later[name]));
    document.head.append(element);
  });
}

globalThis.opsbook = { root, site, zone, days: Number(days), page, ranks: ranks.trim().split(" ") };

refresh(document, today(new Date(), zone), Number(days), words);
for (const button of document.querySelectorAll("[data-theme-switch]")) attachScheme(button, words);
for (const list of document.querySelectorAll("[data-list]")) attachFilter(list, words);
for (const here of document.querySelectorAll('.menu [aria-current], .beside [aria-current="page"]')) {
  const nav = here.closest("nav"); // long, or wide on a phone: show where we are in it
  nav.scrollTop = here.offsetTop - nav.clientHeight / 2;
  nav.scrollLeft = here.offsetLeft - (nav.clientWidth - here.offsetWidth) / 2;
}
for (const toc of document.querySelectorAll(".toc")) attachContents(toc);
attachReport(document, words);
const run = () => load("run");
attachCopy(document, words, (pre) => (guarded(pre) ? run().then((r) => r.copy(pre)) : undefined));
attachRunner(run, site, page);
attachSelection(run);
attachOpener(() => load("search"));
const form = document.querySelector("[data-search-page]");
if (form) load("search").then((search) => search.mount(form), () => {});
if (!form && new URLSearchParams(location.search).get("q")) load("search").then((search) => search.open(new URLSearchParams(location.search).get("q")), () => {});
if (document.documentElement.dataset.kind === "document") visit(site, { url: page, title: document.querySelector("h1").textContent.trim() });
if (document.documentElement.dataset.copy) load("offline").then((o) => o.note(), () => {});
if (offline !== undefined && navigator.serviceWorker) {
  addEventListener("load", () => (globalThis.requestIdleCallback ?? setTimeout)(() => load("offline").then((o) => o.keep(), () => {}))); // never before load
}
