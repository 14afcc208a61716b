// The copy of the site in this browser, loaded when the page is at rest: keeps it, says when a page is one, and lets its reader throw it away.
import words from "opsbook:words";
import { read, write } from "./store.js";

const here = globalThis.opsbook;
const html = document.documentElement;
const scope = new URL(here.root, location.href).href;
const panel = document.querySelector("[data-copy-panel]");
const MINUTE = 60000;

/** What became of the site while it was being read: tried again, each time later. */
const LATER = [1, 5, 15, 60];
/** A page that stays open looks for news now and then. */
const NEWS = 15;

let shown; // hash of this page as its reader sees it
let tries = 0;
/** @type {ServiceWorker|undefined} */
let filling;

const off = () => read("offline." + here.site) === "off";
const saving = () => navigator.connection?.saveData === true;

/** The moment of a copy in the organisation's time zone; a day alone stays one. */
export function moment(iso, zone, now = new Date()) {
  if (!iso.includes("T")) return iso;
  const parts = (date) => {
    const options = { dateStyle: "short", timeStyle: "short" };
    try {
      return new Intl.DateTimeFormat("sv-SE", { ...options, timeZone: zone }).format(date).split(" ");
    } catch {
      return new Intl.DateTimeFormat("sv-SE", options).format(date).split(" ");
    }
  };
  const [day, time] = parts(new Date(iso));
  return day === parts(now)[0] ? time : `${day} ${time}`;
}

const element = (name, className, text) => {
  const e = document.createElement(name);
  if (className) e.className = className;
  if (text) e.textContent = text;
  return e;
};

const button = (text, press) => {
  const b = element("button", "", text);
  b.type = "button";
  b.addEventListener("click", press);
  return b;
};

/** A line below the head of the page, one of each kind at most. */
function line(kind, ...content) {
  document.querySelector(".kept-" + kind)?.remove();
  if (!content.length) return;
  const p = element("p", "kept kept-" + kind);
  p.setAttribute("role", "status");
  p.append(...content);
  document.querySelector(".top").after(p);
}

/** Says that this page is a copy, and as of when. */
function note() {
  if (document.querySelector(".copy-note")) return;
  const what = element("strong", "", words["offline.copy"].replace("%s", moment(html.dataset.copy, here.zone)));
  const more = element("a", "", words["offline.more"]);
  more.href = location.protocol === "file:" ? scope + "../index.html" : (document.querySelector('.foot a[href$="offline/"]')?.href ?? scope);
  line("note", what, " ", more);
}

/** Asks the worker; `hear` is told of progress. */
function ask(worker, question, hear = () => {}) {
  return new Promise((resolve) => {
    const { port1, port2 } = new MessageChannel();
    port1.onmessage = ({ data }) => (data.all ? hear(data) : resolve(data));
    worker.postMessage(question, [port2]);
  });
}

async function worker() {
  await navigator.serviceWorker.register(scope + "sw.js", { scope, updateViaCache: "none" });
  return (await navigator.serviceWorker.ready).active;
}

/** Keeps the copy up to date, unless the reader or the connection would rather not. */
async function keep() {
  if (here.live || !location.protocol.startsWith("http")) return;
  const had = await navigator.serviceWorker.getRegistration(scope);
  if (off() || (saving() && !had?.active)) return tell({});
  if (saving()) return tell(await ask(had.active, { ask: "state" }));
  await look(false);
  document.addEventListener("visibilitychange", () => document.visibilityState === "visible" && Date.now() - looked > NEWS * MINUTE && look(false));
  addEventListener("online", () => look(false));
  setInterval(() => document.visibilityState === "visible" && look(false), NEWS * MINUTE);
}

let looked = 0;

/** Looks for a newer version and fetches it. */
async function look(asked) {
  looked = Date.now();
  try {
    const active = await worker();
    const before = await ask(active, { ask: "state" });
    if (html.dataset.copy) shown ??= before.sum;
    if (panel) describe(before);
    filling = active;
    const state = await ask(active, { ask: "fill", asked }, ({ done, all }) => busy(done, all));
    tell(state);
    if (state.problem === "changed" || state.problem === "gone") setTimeout(() => look(false), (LATER[tries++] ?? LATER.at(-1)) * MINUTE);
    else tries = 0;
  } catch {
    tell({ problem: "none" }); // the browser forbids workers here
  } finally {
    filling = undefined;
  }
}

/** Says what there is to say about the copy: on its own page everything, elsewhere what the reader must know. */
function tell(state) {
  if (state.sum && !state.problem) {
    shown ??= state.sum;
    if (state.sum !== shown) line("news", words["offline.news"], " ", button(words["offline.reload"], () => location.reload()));
  }
  if (state.problem === "full" && !state.at) line("full", words["offline.full"]);
  if (panel) describe(state);
}

function busy(done, all) {
  if (!panel) return;
  let bar = panel.querySelector("progress");
  if (!bar) {
    bar = element("progress");
    bar.setAttribute("aria-label", words["offline.busy"]);
    panel.replaceChildren(element("p", "", words["offline.busy"]), bar);
  }
  bar.max = all;
  bar.value = done;
}

const megabytes = (bytes) => new Intl.NumberFormat(html.lang, { maximumFractionDigits: 1 }).format(bytes / 1e6);

function describe(state) {
  const lines = [];
  if (state.at) {
    lines.push(words["offline.copy"].replace("%s", moment(new Date(state.at).toISOString(), here.zone)));
    lines.push(words["offline.size"].replace("%s", String(state.files)).replace("%m", megabytes(state.bytes)));
    if (state.left) lines.push(words["offline.left"].replace("%s", String(state.left)));
  } else lines.push(words[off() ? "offline.off" : saving() ? "offline.saving" : "offline.nothing"]);
  if (state.problem) lines.push(words["offline.problem." + state.problem] ?? "");
  const acts = element("p", "acts");
  const fetchNow = async () => {
    write("offline." + here.site, undefined);
    await look(true);
    panel.querySelector("button")?.focus();
  };
  acts.append(button(words[state.at ? "offline.update" : "offline.start"], fetchNow));
  if (state.at) acts.append(button(words["offline.clear"], clear));
  panel.replaceChildren(...lines.filter(Boolean).map((t) => element("p", "", t)), acts);
}

/** Throws the copy away, and keeps none until the reader asks for one. */
async function clear() {
  write("offline." + here.site, "off");
  const had = await navigator.serviceWorker.getRegistration(scope);
  if (had?.active) await ask(had.active, { ask: "clear" });
  await had?.unregister();
  shown = undefined;
  line("note");
  tell({});
  panel.querySelector("button")?.focus();
}

const lost = new URLSearchParams(location.search).get("page");
if (panel && lost) line("lost", words["offline.lost"].replace("%s", lost.replace(/index\.html$/, "")));

/** Lets a copy that is being filled wait, so that what its reader asks for is answered first. */
const rest = () => filling?.postMessage({ ask: "rest" });

here.offline = { note, keep, rest };
