// What a copy of the site should hold: the list that a build writes as offline.json, and how its names meet addresses.

/**
 * @typedef {{sum: string, size: number, fixed: boolean}} Held fixed says that the name holds a hash of the content
 * @typedef {{generation: string, core: number, left: number, languages: string[], files: Map<string, Held>}} List files are in the order of
 *   their weight; the first `core` of them are those without which no page works
 */

/**
 * Reads a list, or returns undefined for what is none.
 * @param {unknown} json
 * @returns {List|undefined}
 */
export function readList(json) {
  if (json?.schema !== 1 || typeof json.generation !== "string" || !Array.isArray(json.files)) return undefined;
  const files = new Map();
  for (const [path, sum, size, fixed] of json.files) files.set(path, { sum, size, fixed: fixed === 1 });
  return { generation: json.generation, core: json.core, left: json.left, languages: json.languages, files };
}

/**
 * The file of the site that an address asks for; its query and fragment do not matter. Undefined for what is not of the site.
 * @param {string} scope where the site begins, with / at its end
 * @param {string} address
 */
export function fileOf(scope, address) {
  const url = new URL(address);
  const base = new URL(scope);
  if (url.origin !== base.origin || !url.pathname.startsWith(base.pathname)) return undefined;
  let path;
  try {
    path = decodeURIComponent(url.pathname.slice(base.pathname.length));
  } catch {
    return undefined; // no name of ours
  }
  return path === "" || path.endsWith("/") ? path + "index.html" : path;
}

/**
 * The address of a file of the site, as readers ask for it: many servers lead from index.html to its folder.
 * @param {string} scope
 * @param {string} path
 */
export const addressOf = (scope, path) => scope + path.replace(/(^|\/)index\.html$/, "$1").split("/").map(encodeURIComponent).join("/");

/**
 * As many files as there is room for, the weightiest first. Files with the same bytes take room once. Undefined when not even what every
 * page needs has room.
 * @param {List} list
 * @param {number} room in bytes
 * @returns {{files: Map<string, Held>, left: number, bytes: number}|undefined}
 */
export function fitting(list, room) {
  const files = new Map();
  const sums = new Set();
  let bytes = 0;
  let place = 0;
  let left = list.left;
  for (const [path, held] of list.files) {
    const size = sums.has(held.sum) ? 0 : held.size;
    if (bytes + size > room) {
      if (place < list.core) return undefined;
      left++;
    } else {
      files.set(path, held);
      sums.add(held.sum);
      bytes += size;
    }
    place++;
  }
  return { files, left, bytes };
}

/**
 * The page that says why another is not in the copy, in the language of its address.
 * @param {string[]} languages prefixes, such as "" and "en/"
 * @param {string} path
 */
export function excuse(languages, path) {
  const prefix = languages.filter((l) => path.startsWith(l)).sort((a, b) => b.length - a.length)[0] ?? "";
  return prefix + "offline/";
}
