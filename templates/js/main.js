// What a page needs before its reader does anything. Everything else is loaded on first use.
import later from "opsbook:assets";
import words from "opsbook:words";
import { attach as attachCopy } from "./commands.js";
import { attach as attachContents } from "./contents.js";
import { attach as attachFilter } from "./filter.js";
import { attach as attachOpener } from "./opener.js";
import { visit } from "./recent.js";
import { attach as attachScheme } from "./scheme.js";
import { refresh, today } from "./states.js";

const script = document.currentScript;
const { root, site, zone, days, page, ranks } = script.dataset;

/** Runs a script of ours once and returns what it leaves in globalThis.opsbook. */
const loaded = {};
function load(name) {
  loaded[name] ??= new Promise((resolve, reject) => {
    const element = document.createElement("script");
    element.src = root + later[name];
    element.onload = () => resolve(globalThis.opsbook[name]);
    element.onerror = () => {
      delete loaded[name];
      reject(new Error("cannot load " + element.src));
    };
    document.head.append(element);
  });
  return loaded[name];
}

globalThis.opsbook = { root, site, zone, days: Number(days), page, ranks: ranks.trim().split(" ") };

refresh(document, today(new Date(), zone), Number(days), words);
for (const button of document.querySelectorAll("[data-theme-switch]")) attachScheme(button, words);
for (const list of document.querySelectorAll("[data-list]")) attachFilter(list, words);
for (const toc of document.querySelectorAll(".toc")) attachContents(toc);
attachCopy(document, words);
attachOpener(() => load("search"));
const form = document.querySelector("[data-search-page]");
if (form) load("search").then((search) => search.mount(form), () => {});
if (!form && new URLSearchParams(location.search).get("q")) load("search").then((search) => search.open(new URLSearchParams(location.search).get("q")), () => {});
if (document.documentElement.dataset.kind === "document") visit(site, { url: page, title: document.querySelector("h1").textContent.trim() });
