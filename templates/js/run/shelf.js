// The part of the page where runs begin: what is open here, what else runs on this device, what somebody handed over.
import { addressOf } from "../place.js";
import { read as recall, write as remember } from "../store.js";
import { el, field } from "./dom.js";
import { people } from "./forms.js";
import { progress } from "./model.js";
import { clock, day } from "./time.js";

/**
 * @param {object} app
 * @param {object} db
 * @param {{open: (id: string) => void, start: (drill: boolean) => void, take: (file: File) => void}} does
 */
export function shelf(app, db, does) {
  const { words, zone, place } = app;
  const lead = place.querySelector(".run-lead");
  const go = place.querySelector(".run-go");
  const slot = el("div.ob.ob-shelf");
  const listed = el("div.ob.ob-runs");
  place.append(slot, listed);

  const when = (at) => `${day(at, zone)} ${clock(at, zone)}`;

  const rows = (runs) => runs.sort((a, b) => b.started - a.started).map((r) => {
    const here = r.page === app.sheet.page;
    const drop = el("button.ob-small", { "aria-label": `${words["run.drop"]}: ${r.title}`, click: async () => {
      if (drop.dataset.sure === undefined) {
        drop.dataset.sure = "";
        drop.textContent = words["run.drop.sure"];
        return;
      }
      await db.drop(r.id);
      show();
    } }, words["run.drop"]);
    return el("li", {},
      el("span.ob-mode", { "data-open": !r.finished }, r.finished ? words["run.finished"] : words[r.drill ? "run.running.drill" : "run.running"]), " ",
      here
        ? el("button.ob-link", { click: () => does.open(r.id) }, `${when(r.started)} ${r.operator}`)
        : el("a", { href: addressOf(app.root, r.page) + "?run=" + encodeURIComponent(r.id) }, `${r.title} ${when(r.started)}`),
      " ", r.finished || !here ? drop : "");
  });

  let turn = 0; // of what is shown last: an answer that comes late shows nothing
  async function show() {
    const mine = ++turn;
    slot.replaceChildren();
    lead.hidden = go.hidden = false;
    const runs = await db.runs();
    if (mine !== turn) return;
    remember("runs." + app.site, [...new Set(runs.filter((r) => !r.finished).map((r) => r.page))]);
    const own = runs.filter((r) => r.page === app.sheet.page && !r.finished);
    const rest = runs.filter((r) => !own.includes(r));
    const file = el("input.vh", { type: "file", accept: "application/json,.json", id: "ob-file", "aria-label": words["run.take.file"], change: () => file.files[0] && does.take(file.files[0]) });
    listed.replaceChildren(
      ...(own.length ? [el("h3", {}, words["run.open.here"]), el("ul", {}, ...rows(own))] : []),
      el("details", {}, el("summary", {}, words["run.device"].replace("%s", () => rest.length)),
        ...(rest.length ? [el("ul", {}, ...rows(rest))] : []),
        el("p", {}, file, el("button.ob-small", { click: () => file.click() }, words["run.take.file"]))));
  }

  return {
    show,
    /** A run is shown: the place for starting one makes room. */
    running(s) {
      turn++;
      lead.hidden = go.hidden = true;
      slot.replaceChildren();
      const p = progress(s);
      listed.replaceChildren(el("p.ob-hint", {}, words["run.shown"].replace("%s", () => `${p.done}/${p.total}`).replace("%t", () => when(s.started)).replace("%o", () => s.operator), " ",
        !s.finished && !(app.sheet.calls ?? []).length && el("button.ob-link", { "data-key": "since", click: () => app.since() }, words["run.since.fix"])), ...gone(s), ...s.notes.map((n) => noteOf(n)));
    },
    form(form) {
      turn++;
      lead.hidden = go.hidden = true;
      slot.replaceChildren(form);
    },
    /** A run that somebody handed over: nothing of it is kept before somebody says so. */
    offer(s, yes) {
      turn++;
      lead.hidden = go.hidden = true;
      const p = progress(s);
      const who = el("input", { type: "text", value: app.remembered(), maxlength: 200, autocomplete: "off", list: "ob-people" });
      const fault = el("p.ob-fault", { role: "alert" });
      const form = el("form.ob-form", { novalidate: true },
        people(app.sheet),
        el("h3", { tabindex: "-1" }, words["run.take.title"]),
        el("p", {}, words["run.take.text"].replace("%o", () => s.operator || "?").replace("%t", () => when(s.started)).replace("%s", () => `${p.done}/${p.total}`)),
        Object.keys(s.values).length > 0 && el("dl.ob-target", {}, ...Object.entries(s.values).flatMap(([k, v]) => [el("dt", {}, k), el("dd", {}, v)])),
        field(words["run.take.name"], who), fault,
        el("p.ob-acts", {}, el("button.ob-button.ob-first", { type: "submit" }, words["run.take.go"]), el("button.ob-button", { click: show }, words["run.take.no"])));
      form.addEventListener("submit", (event) => {
        event.preventDefault();
        const name = who.value.trim();
        const wrong = !name ? "run.fault.operator" : s.two && name.toLowerCase() === s.confirmer.toLowerCase() ? "run.fault.same" : "";
        if (wrong) {
          fault.textContent = words[wrong];
          who.focus();
          return;
        }
        yes(name);
      });
      slot.replaceChildren(form);
      place.scrollIntoView({ block: "center" });
      form.querySelector("h3").focus({ preventScroll: true });
    },
    /** Remembers at once that a page has an open run: the page may be gone before the database has answered. */
    opened(page) {
      const before = recall("runs." + app.site);
      remember("runs." + app.site, [...new Set([...(Array.isArray(before) ? before : []), page])]);
    },
    /** Remembers which pages have open runs, so that they wake by themselves. */
    async note() {
      const runs = await db.runs();
      remember("runs." + app.site, [...new Set(runs.filter((r) => !r.finished).map((r) => r.page))]);
    },
  };

  /** Steps of the run that the page no longer has: what was done stays done. */
  function gone(s) {
    const steps = s.sheet.filter((x) => x.gone);
    if (!steps.length) return [];
    const said = { done: "run.log.check", skipped: "run.skipped", todo: "run.todo" };
    return [el("h3", {}, words["run.gone.title"]), el("ul.ob-gone", {}, ...steps.map((x) => {
      const is = s.steps[x.sid];
      return el("li", {}, `${x.number} ${x.text} · ${words[said[is?.state ?? "todo"]]}${is?.at ? " " + clock(is.at, zone) : ""}`);
    }))];
  }

  function noteOf(n) {
    return el("div.ob-note", {}, el("p.ob-when", {}, [clock(n.at, zone), n.by].filter(Boolean).join(" · ")), el("pre", { tabindex: "0", "aria-label": words["run.note"] }, n.text));
  }
}
