// Filters beside the answers: buttons with counts. What is pressed stands in the query itself, so that it can be typed, shared and repeated
// in a terminal.

/** The facets of the page of results, in order; the dialog has room for the first and the last. */
const FACETS = ["type", "service", "owner", "severity", "state", "lang"];
const MOST = 12; // values of a facet, the most frequent; those in use are always there

const key = (value) => value.toLowerCase().replace(/\s/g, "_");

/**
 * What can be chosen in a facet.
 * @param {Record<string, number>} counts
 * @param {string[]} pressed
 * @param {string[]} order values that have an order of their own
 * @returns {{value: string, count: number, on: boolean}[]}
 */
export function choices(counts, pressed, order) {
  const on = new Set(pressed.map(key));
  const all = Object.entries(counts).map(([value, count]) => ({ value, count, on: on.delete(key(value)) }));
  for (const value of pressed) if (on.delete(key(value))) all.push({ value, count: 0, on: true });
  const place = (c) => (order.includes(c.value) ? order.indexOf(c.value) : order.length);
  all.sort((a, b) => Number(b.on) - Number(a.on) || b.count - a.count || (a.value < b.value ? -1 : 1));
  return all
    .filter((c, i) => c.on || i < MOST)
    .sort((a, b) => place(a) - place(b) || b.count - a.count || (a.value < b.value ? -1 : 1));
}

/**
 * @param {object} around what search.js hands in
 * @param {string} id
 * @param {(facet: string, value: string) => void} press
 */
export function narrow(around, id, press) {
  const { words } = around;
  const label = {
    type: (v) => around.types[v] ?? v,
    service: (v) => around.names?.service?.[v] ?? v,
    owner: (v) => around.names?.owner?.[v] ?? v,
    state: (v) => words["state." + v] ?? v,
    lang: (v) => languageName(v, around.lang),
  };
  const order = { type: Object.keys(around.types), severity: around.ranks, state: ["fresh", "due", "stale", "unreviewed", "drifted", "outdated"] };

  const button = (facet, { value, count, on }) => {
    const b = document.createElement("button");
    b.type = "button";
    b.dataset.facet = facet;
    b.dataset.value = value;
    b.setAttribute("aria-pressed", String(on));
    const number = document.createElement("span");
    number.textContent = String(count);
    b.append((label[facet]?.(value) ?? value) + " ", number);
    b.addEventListener("click", () => press(facet, value));
    return b;
  };

  const group = (facet, chosen) => {
    const div = document.createElement("div");
    div.className = "chips";
    div.setAttribute("role", "group");
    const name = document.createElement("span");
    name.className = "of";
    name.id = `${id}-${facet}`;
    name.textContent = words["search.facet." + facet];
    div.setAttribute("aria-labelledby", name.id);
    div.append(name, ...chosen.map((c) => button(facet, c)));
    return div;
  };

  const box = document.createElement(around.whole ? "details" : "div");
  box.className = "narrow";
  const title = document.createElement("summary");
  if (around.whole) {
    title.textContent = words["search.narrow"];
    box.open = matchMedia("(min-width: 60rem)").matches;
    box.append(title);
  }

  let shown = "";

  /** Shows what the answer counts. The button that has the focus keeps it. */
  const show = (counts = {}, filter = {}) => {
    const had = box.contains(document.activeElement) ? document.activeElement.dataset : undefined;
    const groups = [], all = [];
    for (const facet of around.whole ? FACETS : ["type", "lang"]) {
      const chosen = choices(counts[facet] ?? {}, filter[facet] ?? [], order[facet] ?? []);
      if (chosen.length > 1 || chosen.some((c) => c.on)) all.push([facet, chosen]);
    }
    if (shown === (shown = JSON.stringify(all))) return;
    for (const [facet, chosen] of all) groups.push(group(facet, chosen));
    box.replaceChildren(...(around.whole ? [title] : []), ...groups);
    box.hidden = groups.length === 0;
    if (!had?.facet) return;
    const again = [...box.querySelectorAll("button")].find((b) => b.dataset.facet === had.facet && key(b.dataset.value) === key(had.value));
    (again ?? box.parentElement.querySelector("input"))?.focus();
  };
  show();
  return { box, show };
}

const names = new Map();

function languageName(code, lang) {
  if (!names.has(code)) {
    try {
      names.set(code, new Intl.DisplayNames([lang], { type: "language" }).of(code));
    } catch {
      // An unknown code is its own name.
    }
  }
  return names.get(code) ?? code;
}
