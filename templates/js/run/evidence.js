// The work as evidence on paper (作業証跡): which document in which version, who did and who checked it, planned and actual times.
import { el } from "./dom.js";
import { leaves, lengths, progress, stepState } from "./model.js";
import { clock, minutes, stamp, zoneName } from "./time.js";

/** @param {object} app */
export function evidence(app) {
  const { words, sheet, zone } = app;
  const root = el("section.ob.ob-evidence", { "aria-hidden": "true" });
  const cell = (label, text) => [el("th", {}, label), el("td", {}, text)];
  const min = (n) => (n ? words["run.min"].replace("%s", () => n) : "");
  return {
    leave: () => root.remove(),
    show(s) {
      if (!root.isConnected) document.querySelector("main")?.append(root);
      const took = lengths(s);
      const at = (t) => (t ? `${stamp(t, zone)} ${zoneName(t, zone)}` : "");
      root.replaceChildren(
        el("h2", {}, words["run.evidence"] + (s.drill ? ` [${words["run.drill"]}]` : "")),
        el("table", {}, el("tbody", {},
          el("tr", {}, ...cell(words["run.ev.number"], sheet.number ?? ""), ...cell(words["run.ev.version"], s.revision)),
          el("tr", {}, ...cell(words["run.ev.approved"], sheet.approved ?? ""), ...cell(words["run.ticket"], s.ticket)),
          el("tr", {}, ...cell(words["run.operator"], s.operator), ...cell(words["run.confirmer"], s.two ? s.confirmer : "")),
          el("tr", {}, ...cell(words["run.ev.started"], at(s.started)), ...cell(words["run.ev.finished"], at(s.finished))),
          el("tr", {}, ...cell(words["run.md.planned"], min(progress(s).planned || sheet.minutes)), ...cell(words["run.md.actual"], s.finished ? min(minutes(s.finished - s.started)) : "")),
          el("tr", {}, ...cell(words["run.result"], s.result ?? ""), ...cell(words["run.preset"], s.preset)))),
        el("table", {},
          el("thead", {}, el("tr", {}, ...["No", words["run.md.step"], words["run.md.planned"], words["run.md.actual"], words["run.operator"], words["run.confirmer"], words["run.md.remark"]].map((h) => el("th", {}, h)))),
          el("tbody", {}, ...leaves(s.sheet).map((step) => {
            const is = stepState(s, step.sid);
            return el("tr", {}, el("td", {}, step.number), el("td", {}, step.text), el("td", {}, min(step.minutes)),
              el("td", {}, is.state === "done" ? [clock(is.at, zone), min(minutes(took[step.sid] ?? 0))].filter(Boolean).join(" / ") : ""),
              el("td", {}, is.state === "done" ? is.by : ""), el("td", {}, is.confirmed ? [is.confirmer, clock(is.confirmed, zone)].join(" ") : ""),
              el("td", {}, is.state === "skipped" ? words["run.skipped"] + ": " + (is.reason ?? "") : ""));
          }))),
        el("table.ob-signs", {}, el("tbody", {}, el("tr", {}, ...cell(words["run.operator"], ""), ...cell(words["run.confirmer"], ""), ...cell(words["run.ev.approved"], "")))));
    },
  };
}
