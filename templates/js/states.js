// Review states as of today. A page prints its state as of the build; the date in it lets the browser say what has become of it since.

const DAY = 86400000;

/**
 * Today in a time zone, as YYYY-MM-DD.
 * @param {Date} now
 * @param {string} zone
 */
export function today(now, zone) {
  const options = { year: "numeric", month: "2-digit", day: "2-digit" };
  try {
    return new Intl.DateTimeFormat("sv-SE", { ...options, timeZone: zone }).format(now);
  } catch {
    return new Intl.DateTimeFormat("sv-SE", options).format(now);
  }
}

/**
 * The state on a day. Only what time alone decides is decided again.
 * @param {string} state as of the build
 * @param {string|undefined} due YYYY-MM-DD
 * @param {string} day YYYY-MM-DD
 * @param {number} days before the due date on which a page becomes due
 */
export function stateOn(state, due, day, days) {
  if (!due || state === "unreviewed" || state === "stale") return state;
  if (day > due) return "stale";
  return state === "fresh" && (Date.parse(due) - Date.parse(day)) / DAY <= days ? "due" : state;
}

/**
 * Counts pages anew by state.
 * @param {Record<string, number>} counts as of the build
 * @param {string} dues "date*count*state …" of the pages whose state a date can change
 * @param {string} day
 * @param {number} days
 * @returns {Record<string, number>}
 */
export function countOn(counts, dues, day, days) {
  const now = { ...counts };
  for (const part of dues.split(" ").filter(Boolean)) {
    const [due, many, was] = part.split("*");
    const is = stateOn(was, due, day, days);
    if (is === was) continue;
    now[was] -= Number(many);
    now[is] = (now[is] ?? 0) + Number(many);
  }
  return now;
}

/**
 * The next day of work that comes again and again.
 * @param {string} next as of the build, YYYY-MM-DD
 * @param {string} then the days after it
 * @param {string} day YYYY-MM-DD
 */
export function nextOn(next, then, day) {
  return [next, ...then.split(" ")].find((d) => d >= day) ?? next; // further than the page knows: what the build said
}

/**
 * Brings a page up to today.
 * @param {ParentNode} root
 * @param {string} day
 * @param {number} days
 * @param {Record<string, string>} words
 */
export function refresh(root, day, days, words) {
  for (const e of root.querySelectorAll("[data-state][data-due]")) {
    const state = stateOn(e.dataset.state, e.dataset.due, day, days);
    if (state === e.dataset.state) continue;
    e.dataset.state = state;
    e.textContent = words["state." + state];
  }
  for (const e of root.querySelectorAll("[data-review][data-until]")) {
    const state = stateOn(e.dataset.review, e.dataset.until, day, days);
    if (state === e.dataset.review) continue;
    e.dataset.review = state;
    root.querySelector(`[data-group="${state}"] > .items`)?.append(e);
  }
  for (const e of root.querySelectorAll("time[data-then]")) {
    const next = nextOn(e.dateTime, e.dataset.then, day);
    if (next === e.dateTime) continue;
    e.dateTime = e.textContent = next;
    const rows = e.closest("tbody");
    const on = (row) => row.querySelector("time[data-then]")?.dateTime ?? "9";
    rows?.append(...[...rows.rows].sort((a, b) => (on(a) < on(b) ? -1 : Number(on(a) > on(b)))));
  }
  for (const e of root.querySelectorAll("[data-overdue]")) e.hidden = day <= e.dataset.overdue;
  for (const e of root.querySelectorAll("[data-tally]")) recount(e, day, days);
  for (const e of root.querySelectorAll('tr[data-until][data-status="open"]')) {
    e.toggleAttribute("data-late", e.dataset.until < day);
  }
}

function recount(element, day, days) {
  const cells = new Map();
  const counts = {};
  for (const c of element.querySelectorAll("[data-count]")) {
    cells.set(c.dataset.count, c);
    counts[c.dataset.count] = Number(c.textContent);
  }
  const now = countOn(counts, element.dataset.tally, day, days);
  for (const [state, cell] of cells) {
    cell.textContent = String(now[state]);
    (cell.closest("li") ?? cell).toggleAttribute("data-zero", now[state] === 0);
  }
  const bar = element.querySelector("[data-most]");
  let x = 0;
  for (const rect of bar?.children ?? []) {
    const width = (100 * (now[rect.getAttribute("class").slice(2)] ?? 0)) / bar.dataset.most;
    rect.setAttribute("x", x + "%");
    rect.setAttribute("width", width + "%");
    x += width;
  }
}
