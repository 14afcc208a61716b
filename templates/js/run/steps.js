// What stands at each step while a page is run: the box to tick, when it was ticked, notes, decisions, what changed.
import { el, icon, refill } from "./dom.js";
import { key } from "./match.js";
import { lengths, progress, stepState } from "./model.js";
import { clock, minutes } from "./time.js";
import { decision } from "./verdicts.js";

const BLOCKS = "ol, ul, figure, div, table, pre, blockquote, dl, details";

/**
 * @param {import("./read.js").PageStep[]} page
 * @param {object} app
 */
export function stepViews(page, app) {
  const { words } = app;
  const views = page.map((step) => {
    const check = el("button.ob.ob-check", { click: () => tick(view) });
    const line = el("div.ob.ob-line");
    const view = { step, check, line, at: 0 };
    return view;
  });

  const tick = (view) => {
    const s = app.state();
    if (!s || s.finished || Date.now() - view.at < 500) return; // a second tap of one press
    view.at = Date.now();
    if (stepState(s, view.sid).state === "todo") app.check(view.sid);
    else app.uncheck(view.sid);
  };

  const place = (view) => {
    if (view.line.isConnected) return;
    const { element, head } = view.step;
    if (/^h[1-6]$/.test(element.localName)) {
      view.line.prepend(view.check);
      element.after(view.line);
    } else if (element.localName === "tr") {
      head.append(view.check);
      (element.cells[1] ?? head).append(view.line);
    } else {
      element.prepend(view.check);
      const paragraph = element.querySelector(":scope > p");
      const block = element.querySelector(`:scope > :is(${BLOCKS}):not(.ob)`);
      if (paragraph) paragraph.after(view.line);
      else if (block) block.before(view.line);
      else element.append(view.line);
    }
  };

  const leave = () => {
    for (const view of views) {
      view.check.remove();
      view.line.remove();
      view.shown = undefined;
      for (const name of ["data-run-state", "data-current"]) view.step.element.removeAttribute(name);
    }
  };

  const button = (name, label, act, more = {}) => el("button.ob-small", { "data-key": name, click: act, ...more }, label);

  const lineOf = (view, s, is, took) => {
    const { sid } = view;
    const known = s.sheet.find((x) => x.sid === sid);
    const open = !s.finished;
    const parts = [];
    const named = (label) => ({ "aria-label": label + ": " + view.step.number + " " + view.step.text });
    if (is.state === "done") {
      const text = [clock(is.at, app.zone), is.by, took !== undefined && !is.group && words["run.took"].replace("%s", () => minutes(took))].filter(Boolean).join(" · ");
      parts.push(el("span.ob-done", {}, text));
      if (s.two && !is.group) {
        parts.push(is.confirmed
          ? el("span.ob-done.ob-second", {}, icon("check"), " " + words["run.confirmed"].replace("%s", () => is.confirmer ?? "").replace("%t", () => clock(is.confirmed, app.zone)))
          : open && button("confirm", words["run.confirm"], () => app.confirm(sid), { class: "ob-small ob-second", ...named(words["run.confirm"]) }));
      }
    }
    if (is.state === "skipped" && !is.group) parts.push(el("span.ob-skipped", {}, words["run.skipped.why"].replace("%t", () => clock(is.at, app.zone)).replace("%s", () => is.reason ?? "")));
    if (is.group) parts.push(el("span.ob-count", {}, `${is.count}/${is.total}`));
    if (open) {
      if (is.state === "todo" && !is.group) parts.push(button("skip", words["run.skip"], () => app.skip(sid), named(words["run.skip"])));
      parts.push(button("note", words["run.note"], () => app.note(sid), named(words["run.note"])));
      if (is.state !== "todo") parts.push(button("undo", words["run.undo"], () => app.uncheck(sid), named(words["run.undo"])));
    }
    const row = el("div.ob-row", {}, ...parts);
    const out = [row];
    const asked = decisionOf(view.step);
    if (asked) out.unshift(decision(app, asked, s, sid));
    if (known?.was !== undefined) out.push(el("p.ob-changed", {}, words["run.changed"].replace("%s", () => known.was)));
    if (known?.added && s.changes.length) out.push(el("p.ob-changed", {}, words["run.added"]));
    for (const n of is.notes) out.push(noteOf(n));
    return out;
  };

  const noteOf = (n) => el("div.ob-note", {}, el("p.ob-when", {}, [clock(n.at, app.zone), n.by, n.masked ? words["run.masked"].replace("%s", () => n.masked) : ""].filter(Boolean).join(" · ")), el("pre", { tabindex: "0", "aria-label": words["run.note"] }, n.text));

  const decisionOf = (step) => {
    const text = key(step.text);
    return (app.sheet.decisions ?? []).find((d) => text.includes(key(d.what)));
  };

  return {
    leave,
    /** Gives the views the ids of the run: the page's steps come first in its sheet. */
    bind(s) {
      const present = s.sheet.filter((x) => !x.gone);
      views.forEach((view, i) => (view.sid = present[i]?.sid));
    },
    show(s) {
      const took = lengths(s);
      const current = progress(s).current?.sid;
      for (const view of views) {
        if (!view.sid) continue;
        place(view);
        const is = stepState(s, view.sid);
        const now = JSON.stringify([is, took[view.sid], s.finished, s.decisions, s.two, s.sheet.find((x) => x.sid === view.sid), view.sid === current]);
        if (now === view.shown) continue;
        view.shown = now;
        const { element, number, text } = view.step;
        element.dataset.runState = is.state;
        element.toggleAttribute("data-current", view.sid === current && !s.finished);
        const pressed = is.state !== "todo";
        refill(view.check, is.state === "done" ? icon("check") : document.createTextNode(is.state === "skipped" ? "–" : number));
        view.check.setAttribute("aria-pressed", String(pressed));
        view.check.setAttribute("aria-label", words[is.group ? "run.check.group" : "run.check"].replace("%s", () => number + " " + text));
        view.check.disabled = Boolean(s.finished);
        const inside = lineOf(view, s, is, took[view.sid]);
        if (/^h[1-6]$/.test(element.localName)) inside.unshift(view.check);
        const had = document.activeElement === view.check;
        refill(view.line, ...inside);
        if (had) view.check.focus({ preventScroll: true });
      }
    },
    noteOf,
    line: (sid) => views.find((v) => v.sid === sid)?.line,
  };
}
