// The service worker: the site first, and a copy of it when the site does not answer. It is the same file in every version of the site, so
// that publishing pages changes no worker; what a copy holds is in offline.json.
import { fill } from "./copy/fill.js";
import { excuse, fileOf } from "./copy/list.js";
import { shelf } from "./copy/shelf.js";

/** How long the site may take to begin its answer while there is a copy, in milliseconds. */
const PATIENCE = 4000;

/** How long the filling of the copy rests after its reader asked for something, in milliseconds. */
const REST = 1500;

const scope = self.registration.scope;
const kept = shelf(scope);

self.addEventListener("install", () => self.skipWaiting());
self.addEventListener("activate", (event) => event.waitUntil(self.clients.claim()));

self.addEventListener("fetch", (event) => {
  const { request } = event;
  if (request.method !== "GET" || request.headers.has("range")) return;
  const path = fileOf(scope, request.url);
  if (path === undefined || path === "offline.json" || path === "sw.js" || path.startsWith("-/")) return;
  rest();
  event.respondWith(request.mode === "navigate" ? page(event, path) : part(event, path));
});

/** Answers a navigation. `?offline` in the address asks for the copy, for when a login page stands before a site that works. */
async function page(event, path) {
  const { now } = await kept.record();
  if (!now) return fetch(event.request);
  const has = now.files.has(path);
  const folder = !has && now.files.has(path + "/index.html");
  if (!new URL(event.request.url).searchParams.has("offline")) {
    const fresh = await within(fetch(event.request), has || folder ? PATIENCE : Infinity);
    if (fresh && (fresh.status < 500 || !(has || folder))) return fresh;
  }
  if (folder) return Response.redirect(moved(event.request.url));
  const file = has && (await kept.file(now, path));
  if (!file) return Response.redirect(scope + excuse(now.languages, path) + "?page=" + encodeURIComponent(path));
  await kept.pin(event.resultingClientId, now.generation);
  return marked(file, now.at);
}

const moved = (address) => {
  const url = new URL(address);
  url.pathname += "/";
  return url;
};

/** A page of the copy says on its first element as of when it is. */
async function marked(file, at) {
  const text = (await file.text()).replace("<html ", `<html data-copy="${new Date(at).toISOString()}" `);
  return new Response(text, { headers: file.headers });
}

/** Answers what a page is made of: from the version of the page where it came from the copy. */
async function part(event, path) {
  const { now, before } = await kept.record();
  if (!now) return fetch(event.request);
  const own = await kept.file(await kept.pinned(event.clientId), path);
  if (own) return own;
  const [new1, old] = [now.files.get(path), before?.files.get(path)];
  if (new1?.fixed || old?.fixed) {
    const file = (await kept.file(now, path)) ?? (await kept.file(before, path));
    if (file) return file;
  }
  const fresh = await within(fetch(event.request), new1 ? PATIENCE : Infinity);
  if (fresh && (fresh.status < 500 || !new1)) return fresh;
  return (await kept.file(now, path)) ?? Response.error();
}

/** What a promise gives within a time, undefined if it fails or is late. */
function within(promise, ms) {
  const answer = promise.catch(() => undefined);
  return ms === Infinity ? answer : Promise.race([answer, new Promise((done) => setTimeout(done, ms))]);
}

/** @type {Promise<string>|undefined} */
let filling;

let resting = 0;

/** Lets the filling of the copy wait: what its reader does comes first. */
function rest() {
  resting = Date.now() + REST;
}

async function rested() {
  for (let left = resting - Date.now(); left > 0; left = resting - Date.now()) await new Promise((done) => setTimeout(done, left));
}

self.addEventListener("message", (event) => {
  const { ask } = event.data ?? {};
  if (ask === "rest") rest();
  const answer = async () => event.ports[0]?.postMessage(await ({ state, fill: fillNow, clear }[ask])(event));
  if (["state", "fill", "clear"].includes(ask)) event.waitUntil(answer());
});

/** What a page may know of the copy; `sum` is the hash of the page itself in it. */
async function state(event, problem = "") {
  const { now } = await kept.record();
  const path = fileOf(scope, event.source?.url ?? scope);
  return now ? { at: now.at, files: now.files.size, bytes: now.bytes, left: now.left, sum: now.files.get(path)?.sum, problem } : { problem };
}

async function fillNow(event) {
  const progress = (done, all) => event.ports[0]?.postMessage({ done, all });
  filling ??= fill(scope, kept, { progress, rested }, event.data.asked === true).finally(() => (filling = undefined));
  const problem = await filling;
  await kept.unpin(new Set((await self.clients.matchAll({ includeUncontrolled: true })).map((c) => c.id)));
  return state(event, problem);
}

async function clear(event) {
  await filling;
  await kept.clear();
  return state(event);
}
