// Where a copy lies: one cache, in which every file is kept once under the hash of its bytes, and one record that names the files of the
// copy by path. Writing that record is the one step from a version to the next, so no reader meets two of them mixed.

const FILE = "-/file/";
const RECORD = "-/copy";
const CLIENT = "-/client/";
const HEADERS = ["content-type", "content-security-policy", "x-content-type-options", "referrer-policy"];

/**
 * @typedef {import("./list.js").Held} Held
 * @typedef {{generation: string, files: Map<string, Held>, languages: string[], left: number, bytes: number, at: number}} Copy at is when
 *   the site was last seen to be this, in milliseconds
 * @typedef {{now?: Copy, before?: Copy, full?: {generation: string, at: number}}} Record before serves pages that were opened from it; full
 *   is a version for which there was no room
 */

/** @param {string} scope */
export function shelf(scope) {
  const name = "opsbook " + new URL(scope).pathname;
  /** @type {Promise<Record>|undefined} */
  let known;
  const opened = () => caches.open(name);

  const read = async () => {
    if (!(await caches.has(name))) return {};
    const kept = await (await opened()).match(scope + RECORD);
    return kept ? revive(await kept.json()) : {};
  };
  const record = () => (known ??= read().catch(() => ({})));

  return {
    record,
    /** @param {Record} next */
    async write(next) {
      await (await opened()).put(scope + RECORD, new Response(JSON.stringify(next, plain)));
      known = Promise.resolve(next);
    },
    /** @returns {Promise<Set<string>>} the hashes of all that is kept */
    async sums() {
      const all = await (await opened()).keys();
      return new Set(all.map((r) => r.url).filter((u) => u.startsWith(scope + FILE)).map((u) => u.slice((scope + FILE).length)));
    },
    /** Keeps bytes whose hash was compared. */
    async keep(sum, bytes, headers) {
      const kept = new Headers();
      for (const h of HEADERS) if (headers.has(h)) kept.set(h, headers.get(h));
      await (await opened()).put(scope + FILE + sum, new Response(bytes, { headers: kept }));
    },
    /** The file of a copy, or undefined. */
    async file(copy, path) {
      const held = copy?.files.get(path);
      return held && (await (await opened()).match(scope + FILE + held.sum));
    },
    /** Forgets every file that no version of the record names. */
    async sweep() {
      const { now, before } = await record();
      const wanted = new Set([now, before].flatMap((c) => [...(c?.files.values() ?? [])].map((h) => h.sum)));
      const cache = await opened();
      for (const sum of await this.sums()) if (!wanted.has(sum)) await cache.delete(scope + FILE + sum);
    },
    /** Remembers from which version a page was answered, even if the worker is stopped meanwhile. */
    async pin(client, generation) {
      if (client) await (await opened()).put(scope + CLIENT + client, new Response(generation));
    },
    /** The version from which a page was answered, undefined for one that came from the server. */
    async pinned(client) {
      const { now, before } = await record();
      if (!client || !now) return undefined;
      const pin = await (await opened()).match(scope + CLIENT + client);
      const generation = pin && (await pin.text());
      return [now, before].find((c) => c && c.generation === generation);
    },
    /** Forgets pages that are closed. */
    async unpin(open) {
      const cache = await opened();
      for (const { url } of await cache.keys()) {
        if (url.startsWith(scope + CLIENT) && !open.has(url.slice((scope + CLIENT).length))) await cache.delete(url);
      }
    },
    async clear() {
      known = undefined;
      await caches.delete(name);
    },
  };
}

const plain = (key, value) => (value instanceof Map ? [...value].map(([path, h]) => [path, h.sum, h.size, h.fixed]) : value);

function revive(json) {
  for (const copy of [json.now, json.before]) {
    if (copy) copy.files = new Map(copy.files.map(([path, sum, size, fixed]) => [path, { sum, size, fixed }]));
  }
  return json;
}
