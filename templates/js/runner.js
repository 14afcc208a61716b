// What a page that can be run needs before anybody runs it: when to load run mode, and that no command is copied half filled.
import { read } from "./store.js";

/**
 * Whether a page must be run from the start: because of its address, or because a run of it is open in this browser.
 * @param {{search: string, hash: string}} address
 * @param {string[]} inputs names of the page's parameters
 * @param {unknown} open pages with open runs
 * @param {string} page
 */
export function wanted(address, inputs, open, page) {
  const query = new URLSearchParams(address.search);
  return query.has("drill") || query.has("run") || address.hash.startsWith("#run=") || inputs.some((name) => query.has(name)) ||
    (Array.isArray(open) && open.includes(page));
}

/**
 * Whether a block of code may not be copied as it stands.
 * @param {Element} pre
 */
export const guarded = (pre) => Boolean(pre.querySelector(".slot") || pre.closest("[data-destructive]"));

/**
 * @param {() => Promise<object>} load
 * @param {string} site
 * @param {string} page
 */
export function attach(load, site, page) {
  const place = document.querySelector("[data-run]");
  if (!place) return;
  const inputs = [...document.querySelectorAll("[data-input]")];
  const quietly = () => load().catch(() => {});
  if (wanted(location, inputs.map((i) => i.dataset.input), read("runs." + site), page)) quietly();
  for (const area of document.querySelectorAll("[data-run], .inputs, .prose figure")) {
    for (const event of ["pointerenter", "focusin"]) area.addEventListener(event, quietly, { once: true });
  }
  place.addEventListener("click", async (event) => {
    const button = event.target.closest("[data-run-start]");
    if (button) (await load()).start(button.dataset.runStart === "drill");
  });
  document.addEventListener("click", async (event) => {
    const button = event.target.closest?.("[data-preset]");
    if (button) (await load()).preset(Number(button.dataset.preset));
  });
  addEventListener("hashchange", () => location.hash.startsWith("#run=") && quietly());
}

/**
 * Refuses to copy what is selected when a part of it may not be copied as it stands.
 * @param {() => Promise<object>} load
 */
export function attachSelection(load) {
  document.addEventListener("copy", (event) => {
    const chosen = getSelection();
    if (!chosen || chosen.isCollapsed) return;
    for (const figure of document.querySelectorAll(".prose figure")) {
      const pre = figure.querySelector("pre");
      if (!pre || !guarded(pre) || !chosen.containsNode(pre, true)) continue;
      const open = [...pre.querySelectorAll(".slot")].some((slot) => slot.dataset.filled !== "true" && chosen.containsNode(slot, true));
      const destroys = "destructive" in figure.dataset && !("confirmed" in figure.dataset);
      if (!open && !destroys) continue;
      event.preventDefault();
      load().then((run) => run.refuse(pre), () => {});
      return;
    }
  });
}
