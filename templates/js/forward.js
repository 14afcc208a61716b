/**
 * The new address, carrying what the old one was asked for.
 * @param {string} to relative to the old address
 * @param {{href: string, search: string, hash: string}} from
 * @returns {string}
 */
export function forward(to, from) {
  const url = new URL(to, from.href);
  if (from.search) url.search = from.search;
  if (from.hash) url.hash = from.hash;
  return url.href;
}
