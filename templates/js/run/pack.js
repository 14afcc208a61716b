// A run on its way to somebody else: as a file, or packed into the fragment of a link, which browsers send to no server. What comes in is
// held to its form before anything is made of it; it is text from a stranger until then, and stays text after.
import { SCHEMA, before, kinds } from "./model.js";

const MOST_EVENTS = 5000;
const MOST_BYTES = 4 << 20; // of a run when unpacked
const MOST_LINK = 512 << 10; // of a link

const text = (most) => (v) => typeof v === "string" && v.length <= most;
const id = (v) => typeof v === "string" && /^[0-9a-z]{8,64}$/.test(v);
const number = (v) => typeof v === "number" && Number.isFinite(v) && v >= 0 && v < 1e14;
const flag = (v) => typeof v === "boolean";
const dictionary = (v) => plain(v) && Object.keys(v).length <= 100 && Object.entries(v).every(([k, x]) => k.length <= 100 && text(512)(x));
const plain = (v) => typeof v === "object" && v !== null && !Array.isArray(v);
const list = (test, most) => (v) => Array.isArray(v) && v.length <= most && v.every(test);

const step = {
  sid: id, text: text(2000), print: text(2100), number: text(40), minutes: number, depth: number, parent: id, was: text(2000), added: flag, gone: flag,
};
const fields = {
  id, run: id, n: number, at: number, kind: (v) => kinds.includes(v), sid: id, by: text(200), operator: text(200), confirmer: text(200), two: flag, drill: flag,
  ticket: text(200), since: number, page: text(1000), title: text(1000), revision: text(100), values: dictionary, preset: text(200), reason: text(2000), text: text(100000),
  masked: number, what: text(1000), verdict: (v) => v === "go" || v === "stop", to: text(200), who: text(500), result: text(200), impact: text(5000),
  steps: list((v) => shaped(v, step, ["sid", "text", "print", "number"]), 2000),
};
const needs = {
  start: ["page", "title", "steps"], page: ["revision", "steps"], check: ["sid"], uncheck: ["sid"], confirm: ["sid"], skip: ["sid", "reason"], note: ["text"],
  decide: ["what", "verdict"], told: ["who"], since: ["since"], values: ["values"], hand: ["to"],
};

/** Whether an object has all that it needs and nothing that we do not know. */
function shaped(v, form, needed) {
  return plain(v) && needed.every((k) => v[k] !== undefined) && Object.entries(v).every(([k, x]) => Object.hasOwn(form, k) && form[k](x));
}

/** Whether something is an event. */
export const valid = (e) => shaped(e, fields, ["id", "run", "n", "at", "kind", ...(needs[e?.kind] ?? [])]);

/**
 * Brings a run of an older form to ours; there is one form so far.
 * @type {((run: object) => object)[]}
 */
const upgrades = [];

/**
 * A run out of a file or a link.
 * @param {unknown} value
 * @returns {{run: string, site: string, page: string, events: import("./model.js").Event[]}}
 * @throws {Error} whose message is "newer" or "malformed"
 */
export function accept(value) {
  if (!plain(value) || value.opsbook !== "run" || !Number.isInteger(value.schema) || value.schema < 1) throw new Error("malformed");
  if (value.schema > SCHEMA) throw new Error("newer");
  let run = value;
  for (let v = value.schema; v < SCHEMA; v++) run = upgrades[v - 1](run);
  const events = run.events;
  if (!Array.isArray(events) || events.length === 0 || events.length > MOST_EVENTS) throw new Error("malformed");
  const ok = events.every((e) => valid(e) && e.run === events[0].run);
  const start = events.find((e) => e.kind === "start");
  if (!ok || !start || !text(200)(run.site)) throw new Error("malformed");
  return { run: start.run, site: run.site, page: start.page, events: [...events].sort(before) };
}

/** A run as it leaves this browser. */
export const envelope = (site, events) => ({ opsbook: "run", schema: SCHEMA, site, events });

/** Packs a run for a link. */
export async function pack(site, events) {
  const bytes = new TextEncoder().encode(JSON.stringify(envelope(site, events)));
  const packed = await through(bytes, new CompressionStream("deflate-raw"), Infinity);
  let binary = "";
  for (const b of packed) binary += String.fromCharCode(b);
  return btoa(binary).replaceAll("+", "-").replaceAll("/", "_").replace(/=+$/, "");
}

/**
 * Unpacks a run of a link.
 * @param {string} packed
 * @throws {Error} whose message is "newer" or "malformed"
 */
export async function unpack(packed) {
  if (packed.length > MOST_LINK || !/^[\w-]+$/.test(packed)) throw new Error("malformed");
  let value;
  try {
    const binary = atob(packed.replaceAll("-", "+").replaceAll("_", "/"));
    const bytes = Uint8Array.from(binary, (c) => c.charCodeAt(0));
    value = JSON.parse(new TextDecoder("utf-8", { fatal: true }).decode(await through(bytes, new DecompressionStream("deflate-raw"), MOST_BYTES)));
  } catch {
    throw new Error("malformed");
  }
  return accept(value);
}

/** Sends bytes through a stream, and stops when more comes out than was allowed. */
async function through(bytes, stream, most) {
  const writer = stream.writable.getWriter();
  writer.write(bytes).catch(() => {});
  writer.close().catch(() => {});
  const reader = stream.readable.getReader();
  const chunks = [];
  let size = 0;
  for (;;) {
    const { done, value } = await reader.read();
    if (done) break;
    size += value.length;
    if (size > most) {
      await reader.cancel();
      throw new Error("too large");
    }
    chunks.push(value);
  }
  const out = new Uint8Array(size);
  let at = 0;
  for (const c of chunks) {
    out.set(c, at);
    at += c.length;
  }
  return out;
}
