// Whom to call and whom to tell, counted down while a page is run.
import { el, icon, refill } from "./dom.js";
import { applying, clock, countdown, escalation, updateDue } from "./time.js";

/** What the card says now. A pure reading of the run and the clock. */
export function outlook(sheet, s, now, zone) {
  const calls = applying(sheet.calls ?? [], now, zone);
  const e = escalation(calls, s.since, now);
  const updates = (sheet.updates ?? []).map((u) => ({ ...u, last: s.told[u.who], due: updateDue(u, s.since, s.told[u.who]) }));
  return { calls, due: calls[e.due], next: calls[e.next], left: e.left, updates };
}

/**
 * @param {object} app
 */
export function card(app) {
  const { words, zone } = app;
  const ladder = document.querySelector(".ladder");
  const box = el("div.ob.ob-call");
  const list = el("section.ob.ob-updates", { "aria-labelledby": "ob-updates" });
  const alarm = el("p.vh", { role: "alert" });
  let said = "";
  let shown = "";

  const call = (s, view) => {
    if (s.ack) {
      return [
        el("p.ob-acked", {}, icon("check"), " " + words["run.acked"].replace("%s", () => s.ack.by ?? "").replace("%t", () => clock(s.ack.at, zone))),
        !s.finished && el("button.ob-small", { "data-key": "unack", click: () => app.add({ kind: "unack" }) }, words["run.undo"]),
      ];
    }
    const parts = [];
    if (view.due) {
      parts.push(el("p.ob-now", {}, icon("call"), " " + words["run.call.now"].replace("%s", () => view.due.to)));
      const ways = (view.due.ways ?? []).map((w) => el("li", {}, way(w)));
      if (ways.length) parts.push(el("ul.ways", {}, ...ways));
      parts.push(el("p", {}, el("button.ob-button", { "data-key": "ack", click: () => app.acknowledge(view.due) }, words["run.ack"])));
    }
    if (!s.finished) parts.push(began(s));
    if (view.next) parts.push(el("p.ob-next", {}, words["run.call.next"].replace("%s", () => view.next.to) + " ", el("time", { "data-clock": "call" })));
    return parts;
  };

  /** Since when the waiting counts; it is often known better later. */
  const began = (s) => el("p.ob-began", {}, `${words["run.since"]} ${clock(s.since, zone)} `, el("button.ob-link", { "data-key": "since", click: () => app.since() }, words["run.since.fix"]));

  const way = (w) => {
    const text = w.Text || words["run.way." + w.Kind] || w.Kind;
    const inside = [icon(w.Kind), el("span", {}, w.Kind === "email" ? words["run.way.email"] : text)];
    return /^(?:https?:|tel:|mailto:|slack:|msteams:)/i.test(w.URL) ? el("a.way", { href: w.URL }, ...inside) : el("span.way", {}, ...inside);
  };

  const updates = (s, view, now) => view.updates.map((u, i) => {
    const late = u.due <= now;
    const message = u.message && document.querySelector(`figure.message[data-audience="${CSS.escape(u.message)}"] pre`);
    return el("li", { class: late ? "ob-late" : undefined },
      el("p.ob-to", {}, el("strong", {}, u.who), u.where && " " + u.where),
      el("p.ob-when", {}, late ? words["run.update.late"] + " " : words["run.update.next"] + " ", el("time", { "data-clock": "update-" + i }), u.last ? " · " + words["run.update.last"].replace("%s", () => clock(u.last, zone)) : ""),
      el("p.ob-row", {},
        message && el("button.ob-small", { "data-key": "copy" + i, "aria-label": `${words["run.update.copy"]}: ${u.who}`, click: (e) => app.copyMessage(message, e.currentTarget) }, words["run.update.copy"]),
        el("button.ob-small", { "data-key": "told" + i, "aria-label": `${words["run.update.told"]}: ${u.who}`, click: () => app.add({ kind: "told", who: u.who }) }, words["run.update.told"])));
  });

  return {
    leave() {
      box.remove();
      list.remove();
      alarm.remove();
      for (const li of document.querySelectorAll(".ladder ol > li")) li.removeAttribute("data-aside");
      shown = said = "";
    },
    show(s, now) {
      const view = outlook(app.sheet, s, now, zone);
      if (ladder && (app.sheet.calls ?? []).length) {
        if (!box.isConnected) ladder.querySelector("h2").after(box);
        const rungs = [...ladder.querySelectorAll("ol > li")];
        rungs.forEach((li, i) => li.toggleAttribute("data-aside", !view.calls.includes(app.sheet.calls[i])));
      }
      const side = document.querySelector(".side");
      if (view.updates.length && !list.isConnected) (box.isConnected ? box : (side?.firstElementChild ?? app.place)).after(list);
      if (!alarm.isConnected) document.body.append(alarm);
      const state = JSON.stringify([s.ack, s.since, view.due?.to, view.next?.to, s.finished, view.updates.map((u) => [u.last, u.due <= now])]);
      if (state !== shown) {
        shown = state;
        box.hidden = Boolean(s.finished) && !s.ack;
        refill(box, ...call(s, view));
        list.hidden = Boolean(s.finished);
        refill(list, el("h2", { id: "ob-updates" }, words["run.updates"]), el("ul", {}, ...updates(s, view, now)));
      }
      const clocks = { call: view.left };
      view.updates.forEach((u, i) => (clocks["update-" + i] = u.due - now));
      for (const t of [...box.querySelectorAll("[data-clock]"), ...list.querySelectorAll("[data-clock]")]) {
        const left = clocks[t.dataset.clock];
        t.textContent = left === undefined ? "" : countdown(left);
      }
      this.announce(s, view, now);
      return view;
    },
    /** Says once that somebody must be called or told now. */
    announce(s, view, now) {
      const late = view.updates.filter((u) => u.due <= now).map((u) => words["run.update.now"].replace("%s", () => u.who));
      const text = s.finished ? "" : [!s.ack && view.due && view.due.after > 0 ? words["run.call.now"].replace("%s", () => view.due.to) : "", ...late].filter(Boolean).join(words["run.stop"]);
      if (text === said) return;
      said = text;
      alarm.textContent = text;
    },
  };
}
