// The pages that this browser looked at last: what search shows before anything is typed.
import { read, write } from "./store.js";

const MANY = 8;

/**
 * @typedef {{url: string, title: string}} Visit
 * @param {Visit[]} visits
 * @param {Visit} visit
 * @returns {Visit[]} newest first, each page once
 */
export function add(visits, visit) {
  return [visit, ...visits.filter((v) => v.url !== visit.url)].slice(0, MANY);
}

/**
 * @param {string} site
 * @returns {Visit[]}
 */
export function recent(site) {
  const visits = read("recent." + site);
  if (!Array.isArray(visits)) return [];
  return visits.filter((v) => typeof v?.url === "string" && typeof v?.title === "string");
}

/**
 * @param {string} site
 * @param {Visit} visit
 */
export function visit(site, visit) {
  write("recent." + site, add(recent(site), visit));
}
