// Fills the copy: reads the list of the site, fetches what is missing, holds every byte against its hash, and only then changes over.
import { addressOf, fitting, readList } from "./list.js";

const AT_ONCE = 4;
const DAY = 86400000;
/** Of the room that the browser grants: the rest is for runs and for other sites' surprises. */
const SHARE = 0.5;
/** How long one file may take, in milliseconds: a site that never answers must not hold up the next attempt. */
const PATIENCE = 30000;

/**
 * @param {string} scope
 * @param {ReturnType<import("./shelf.js").shelf>} kept
 * @param {{progress: (done: number, all: number) => void, rested: () => Promise<void>}} pace rested is waited for before each file
 * @param {boolean} asked somebody asked for it, so that what failed for want of room is tried again
 * @returns {Promise<"" | "gone" | "changed" | "full" | "none">} why there is no newer copy: the server does not answer, the site was being
 *   changed, there is no room, or the site has no list
 */
export async function fill(scope, kept, pace, asked) {
  const list = await fetchList(scope);
  if (typeof list === "string") return list;
  const { now, full } = await kept.record();
  if (now?.generation === list.generation && (now.left === list.left || !asked)) {
    await kept.write({ ...(await kept.record()), now: { ...now, at: Date.now() } });
    return "";
  }
  if (!asked && full?.generation === list.generation && Date.now() - full.at < DAY) return "full";
  const had = await kept.sums();
  const chosen = fitting(list, await room([...list.files.values()].reduce((n, h) => n + (had.has(h.sum) ? h.size : 0), 0)));
  const why = chosen ? await fetchAll(scope, kept, chosen.files, had, pace) : "full";
  if (why) {
    if (why === "full") await makeRoom(kept, list.generation);
    return why;
  }
  const next = { generation: list.generation, files: chosen.files, left: chosen.left, bytes: chosen.bytes, languages: list.languages, at: Date.now() };
  try {
    await kept.write({ now: next, before: now });
  } catch {
    await makeRoom(kept, list.generation);
    return "full";
  }
  await kept.sweep();
  return "";
}

async function fetchList(scope) {
  try {
    const answer = await fetch(scope + "offline.json", { cache: "no-cache", redirect: "error", signal: AbortSignal.timeout(PATIENCE) });
    if (answer.status === 404) return "none";
    return (answer.ok && readList(await answer.json())) || "gone";
  } catch {
    return "gone";
  }
}

/** How many bytes a copy may have, of which some are there already. */
async function room(already) {
  const { quota, usage } = (await navigator.storage?.estimate?.()) ?? {};
  return quota === undefined ? Infinity : already + Math.max(0, quota - usage) * SHARE;
}

/** Fetches what is missing. What was fetched stays, so that the next attempt has less to do. */
async function fetchAll(scope, kept, files, had, { progress, rested }) {
  const missing = new Map([...files].filter(([, h]) => !had.has(h.sum)).map(([path, h]) => [h.sum, [path, h]]));
  const queue = [...missing.values()];
  let why = "";
  let done = 0;
  const one = async () => {
    for (let next = queue.shift(); next && (!why || why === "changed"); next = queue.shift()) {
      await rested();
      why = (await fetchOne(scope, kept, ...next)) || why;
      progress(++done, missing.size);
    }
  };
  await Promise.all(Array.from({ length: AT_ONCE }, one));
  return why;
}

async function fetchOne(scope, kept, path, held) {
  let answer, bytes;
  try {
    answer = await fetch(addressOf(scope, path), { cache: held.fixed ? "default" : "no-cache", redirect: "error", priority: "low", signal: AbortSignal.timeout(PATIENCE) });
    bytes = await answer.arrayBuffer();
  } catch {
    return "gone";
  }
  if (answer.status >= 500) return "gone";
  if (!answer.ok || (await sumOf(bytes)) !== held.sum) return "changed";
  try {
    await kept.keep(held.sum, bytes, answer.headers);
    return "";
  } catch {
    return "full";
  }
}

/** SHA-256 as base64url without padding. */
export async function sumOf(bytes) {
  const sum = new Uint8Array(await crypto.subtle.digest("SHA-256", bytes));
  return btoa(String.fromCharCode(...sum)).replaceAll("+", "-").replaceAll("/", "_").replace("=", "");
}

/** Gives back what an attempt took, and remembers that it failed. The copy that there is stays. */
async function makeRoom(kept, generation) {
  await kept.sweep();
  await kept.write({ ...(await kept.record()), full: { generation, at: Date.now() } }).catch(() => {});
}
