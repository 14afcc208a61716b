// Decisions of a run: each is recorded where the page names it, at the step that asks for it, and the one to turn back from the bar too.
import { el, icon, refill } from "./dom.js";
import { verdictOf } from "./format.js";
import { clock } from "./time.js";

/** The decision to turn back, as one of the decisions of a page; undefined where the page says nothing of it. */
export const turning = (sheet, words) => sheet.turn && { what: words["run.turn"], by: sheet.turn.by, criterion: sheet.turn.when, turn: true };

/**
 * What stands at a decision: who takes it, what was decided, and how to record it or to change one's mind.
 * @param {object} app
 * @param {{what: string, by?: string, preapproved?: boolean}} d
 * @param {object} s
 * @param {string} [sid] of the step that asks for it; without one it stands where the page says who takes it
 */
export function decision(app, d, s, sid) {
  const { words } = app;
  const was = s.decisions[d.what];
  const who = !sid ? "" : d.preapproved ? words["run.preapproved"] : d.by && words["run.decides"].replace("%s", () => d.by);
  const line = el("div.ob.ob-decide", {}, who && el("span.ob-who", {}, d.preapproved && icon("check"), " " + who));
  if (was) line.append(" ", el("strong", {}, said(d.what, was, words, app.zone)));
  if (s.finished) return line;
  for (const verdict of ["go", "stop"].filter((v) => v !== was?.verdict)) {
    const text = verdictOf(words, d.what, verdict);
    const label = was ? words["run.verdict.change"].replace("%s", () => text) : text;
    line.append(" ", el("button.ob-small", { "data-key": verdict, "aria-label": `${label}: ${d.what}`, click: () => app.decide(d, verdict, sid) }, label));
  }
  return line;
}

/** What was decided, by whom, when. */
const said = (what, was, words, zone) => `${verdictOf(words, what, was.verdict)} (${[was.by, clock(was.at, zone)].filter(Boolean).join(" ")})`;

/** @param {object} app */
export function verdicts(app) {
  const { words, sheet } = app;
  const all = [...(sheet.decisions ?? []), turning(sheet, words)].filter(Boolean);
  const places = [...document.querySelectorAll(".verdicts dl > div > dd")];
  const rows = all.length === places.length ? all.map((d, i) => ({ d, place: places[i], root: el("div.ob") })) : [];
  return {
    leave() {
      for (const row of rows) {
        row.root.remove();
        row.shown = undefined;
      }
    },
    show(s) {
      for (const row of rows) {
        if (!row.root.isConnected) row.place.append(row.root);
        const now = JSON.stringify([s.decisions[row.d.what], s.finished]);
        if (now === row.shown) continue;
        row.shown = now;
        refill(row.root, decision(app, row.d, s));
      }
    },
  };
}
