// What a run asks people: who they are, why a step is skipped, how it ended, what to hand on.
import { put } from "../commands.js";
import { box, dialog, el, field, save } from "./dom.js";
import { handover, lesson, record, timeline, verdictOf } from "./format.js";
import { clean, mask } from "./mask.js";
import { envelope, pack } from "./pack.js";
import { progress } from "./model.js";

export const people = (sheet) => el("datalist", { id: "ob-people" }, ...(sheet.people ?? []).map((p) => el("option", { value: p.id }, p.name)));

const text = (value = "", more = {}) => el("input", { type: "text", value, maxlength: 200, autocomplete: "off", ...more });

const row = (...inside) => el("p.ob-acts", {}, ...inside);

/** Who runs the page, and how. Stands in the page itself, not in a dialog: the values above stay in sight. */
export function startForm(app, drill, started, cancel) {
  const { words, sheet } = app;
  const operator = text(app.remembered(), { list: "ob-people", required: true });
  const confirmer = text("", { list: "ob-people" });
  const two = el("input", { type: "checkbox", change: () => (second.hidden = !two.checked) });
  const second = field(words["run.confirmer"], confirmer);
  second.hidden = true;
  const ticket = text();
  const since = el("input", { type: "datetime-local", value: local(app.now()), step: 60 });
  const fault = el("p.ob-fault", { role: "alert" });
  const form = el("form.ob-form", { novalidate: true },
    people(sheet),
    drill && el("h3", {}, words["run.form.drill"]),
    el("div.ob-grid", {}, field(words["run.operator"], operator), field(words["run.ticket"], ticket), field(words["run.since"], since, words["run.since.hint"])),
    box(words["run.two"], two), second, fault,
    row(el("button.ob-button.ob-first", { type: "submit" }, words[drill ? "run.form.go.drill" : "run.form.go"]), el("button.ob-button", { click: cancel }, words["run.cancel"])));
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    const who = operator.value.trim();
    const other = two.checked ? confirmer.value.trim() : "";
    const wrong = !who ? "run.fault.operator" : two.checked && !other ? "run.fault.confirmer" : two.checked && other.toLowerCase() === who.toLowerCase() ? "run.fault.same" : "";
    if (wrong) {
      fault.textContent = words[wrong];
      (wrong === "run.fault.operator" ? operator : confirmer).focus();
      return;
    }
    const at = Date.parse(since.value);
    started({ operator: who, confirmer: other, two: two.checked, ticket: ticket.value.trim(), since: Number.isFinite(at) ? Math.min(at, app.now()) : app.now(), drill });
  });
  queueMicrotask(() => operator.focus());
  return form;
}

/** A time as a field of the browser's own zone wants it. */
function local(at) {
  const d = new Date(at);
  return new Date(at - d.getTimezoneOffset() * 60000).toISOString().slice(0, 16);
}

/** When the incident began, when it is known better than at the start. */
export function sinceForm(app, s) {
  const { words } = app;
  const input = el("input", { type: "datetime-local", value: local(s.since), max: local(app.now()), step: 60 });
  let given;
  return dialog(words["run.since"], (close) => {
    const fault = el("p.ob-fault", { role: "alert" });
    const form = el("form", { method: "dialog", novalidate: true }, field(words["run.since"], input, words["run.since.hint"]), fault,
      row(el("button.ob-button.ob-first", { type: "submit" }, words["run.since.fix"]), el("button.ob-button", { click: () => close() }, words["run.cancel"])));
    form.addEventListener("submit", (event) => {
      event.preventDefault();
      const at = Date.parse(input.value);
      if (!Number.isFinite(at) || at > app.now()) {
        fault.textContent = words["run.fault.since"];
        input.focus();
        return;
      }
      given = input.value === local(s.since) ? s.since : at;
      close("ok");
    });
    return [form];
  }).then(() => given);
}

/** Records a decision: by whom, and, where it was not chosen yet, which. */
export function verdictForm(app, d, verdict) {
  const { words, sheet } = app;
  const s = app.state();
  const by = text(d.preapproved ? s.operator : (d.by ?? ""), { list: "ob-people" });
  let given;
  return dialog(d.what, (close) => {
    const fault = el("p.ob-fault", { role: "alert" });
    const choose = (v) => {
      if (!by.value.trim()) {
        fault.textContent = words["run.fault.needed"];
        by.focus();
        return;
      }
      given = { verdict: v, by: by.value.trim() };
      close("ok");
    };
    const chosen = verdict ? [verdict] : ["go", "stop"]; // Enter chooses nothing where there is a choice
    const buttons = chosen.map((v) => el("button.ob-button" + (verdict ? ".ob-first" : ""), { "data-verdict": v, click: () => choose(v) }, verdictOf(words, d.what, v)));
    const form = el("form", { method: "dialog", novalidate: true }, people(sheet), d.criterion && el("p", {}, d.criterion), field(words["run.decided.by"], by), fault,
      row(...buttons, el("button.ob-button", { click: () => close() }, words["run.cancel"])));
    form.addEventListener("submit", (event) => {
      event.preventDefault();
      if (verdict) choose(verdict);
      else buttons[0].focus();
    });
    return [form];
  }).then(() => given);
}

/** Asks for one line. */
export function ask(words, title, label, { value = "", required = true, list } = {}, go = words["run.ok"]) {
  const input = text(value, { list: list ? "ob-people" : undefined });
  let given;
  return dialog(title, (close) => {
    const fault = el("p.ob-fault", { role: "alert" });
    const form = el("form", { method: "dialog", novalidate: true }, list && people(list), field(label, input), fault,
      row(el("button.ob-button.ob-first", { type: "submit" }, go), el("button.ob-button", { click: () => close() }, words["run.cancel"])));
    form.addEventListener("submit", (event) => {
      event.preventDefault();
      if (required && !input.value.trim()) {
        fault.textContent = words["run.fault.needed"];
        input.focus();
        return;
      }
      given = input.value.trim();
      close("ok");
    });
    return [form];
  }).then(() => given);
}

/** A note: what was seen, pasted as it is. Secrets are masked before anything is kept, and what will be kept is shown. */
export function noteForm(app, step, draft, kept) {
  const { words } = app;
  const area = el("textarea", { rows: 8, maxlength: 60000, spellcheck: "false", value: draft });
  const told = el("p.ob-hint", { role: "status" });
  const look = () => {
    const m = mask(clean(area.value), app.inputs.secrets());
    told.textContent = m.count ? words["run.mask"].replace("%s", () => m.count) : "";
    return m;
  };
  let wait;
  area.addEventListener("input", () => {
    clearTimeout(wait);
    wait = setTimeout(() => kept(look().text), 300);
  });
  let given;
  return dialog(step ? words["run.note.of"].replace("%s", () => step) : words["run.note.run"], (close) => {
    const form = el("form", { method: "dialog" }, field(words["run.note.text"], area), told,
      row(el("button.ob-button.ob-first", { type: "submit" }, words["run.note.keep"]), el("button.ob-button", { click: () => close() }, words["run.cancel"])));
    form.addEventListener("submit", () => {
      clearTimeout(wait);
      given = look();
    });
    return [form];
  }).then(() => {
    clearTimeout(wait);
    return given?.text.trim() ? given : undefined;
  });
}

/** How it ended. */
export function finishForm(app, s) {
  const { words } = app;
  const p = progress(s);
  const back = s.decisions[words["run.turn"]]?.verdict === "go"; // it was decided to turn back
  const result = el("select", {}, ...["success", "partly", "back", "stopped"].map((r) => el("option", { value: words["run.result." + r], selected: back && r === "back" }, words["run.result." + r])));
  const impact = el("textarea", { rows: 3, maxlength: 4000 });
  let given;
  return dialog(words["run.finish"], (close) => {
    const form = el("form", { method: "dialog" },
      p.left > 0 && el("p.ob-warn", {}, words["run.finish.left"].replace("%s", () => p.left)),
      p.unconfirmed > 0 && el("p.ob-warn", {}, words["run.unconfirmed"].replace("%s", () => p.unconfirmed)),
      field(words["run.result"], result), field(words["run.impact"], impact, words["run.impact.hint"]),
      row(el("button.ob-button.ob-first", { type: "submit" }, words["run.finish"]), el("button.ob-button", { click: () => close() }, words["run.cancel"])));
    form.addEventListener("submit", () => (given = { result: result.value, impact: mask(clean(impact.value), app.inputs.secrets()).text.trim() }));
    return [form];
  }).then(() => given);
}

/** Before a destructive command is copied: what it is and what it hits. */
export function confirmForm(app, command, used) {
  const { words } = app;
  const preset = app.inputs.environment();
  let yes = false;
  return dialog(words["run.destroy.title"], (close) => [
    preset && el("p.ob-env", { "data-production": Boolean(preset.production) }, preset.name),
    el("p", {}, words["run.destroy.text"]),
    used.length > 0 && el("dl.ob-target", {}, ...used.flatMap(([k, v]) => [el("dt", {}, k), el("dd", {}, v ?? "")])),
    el("pre", { tabindex: "0", "aria-label": words["run.destroy.command"] }, command),
    row(el("button.ob-button.ob-danger", { click: () => ((yes = true), close("ok")) }, words["run.destroy.go"]), el("button.ob-button", { autofocus: true, click: () => close() }, words["run.cancel"])),
  ]).then(() => yes);
}

/** What a run leaves behind, to copy or to save. */
export function exportForm(app, s, events) {
  const { words, sheet, zone, site } = app;
  const makes = {
    record: () => record(s, sheet, words, zone),
    lesson: () => lesson(s, sheet, words, zone),
    timeline: () => timeline(s, words, zone),
    json: () => ({ name: `run-${s.id}.json`, text: JSON.stringify(envelope(site, events), null, 2) + "\n", type: "application/json" }),
  };
  return dialog(words["run.export"], (close) => {
    let made;
    const area = el("textarea", { rows: 14, readonly: true, spellcheck: "false" });
    const name = el("p.ob-hint");
    const told = el("span", { role: "status" });
    const tabs = Object.keys(makes).map((kind) => el("button.ob-tab", { "data-kind": kind, "aria-pressed": "false", click: () => show(kind) }, words["run.export." + kind]));
    const show = (kind) => {
      made = makes[kind]();
      area.value = made.text;
      name.textContent = words["run.export.file"].replace("%s", () => made.name);
      tabs.forEach((t) => t.setAttribute("aria-pressed", String(t.dataset.kind === kind)));
    };
    show("record");
    return [
      el("p.ob-tabs", { role: "group", "aria-label": words["run.export.kind"] }, ...tabs), field(words["run.export.text"], area), name,
      row(el("button.ob-button.ob-first", { click: async () => (told.textContent = words[(await put(made.text)) ? "copied" : "copy.failed"]) }, words["run.export.copy"]),
        el("button.ob-button", { click: () => save(made.name, made.text, made.type) }, words["run.export.save"]),
        el("button.ob-button", { click: () => { close(); app.print(); } }, words["run.export.print"]),
        el("button.ob-button", { click: () => close() }, words["run.close"]), told),
    ];
  });
}

/** The longest link that chats and mail take without cutting it. */
const LONG = 8000;

/** Hands a run on: a message with all that the next person must know, with a link that carries the run. */
export async function handForm(app, s, events) {
  const { words, sheet, zone, site } = app;
  const url = new URL(location.href);
  url.hash = "";
  url.search = s.drill ? "?drill=1" : "";
  const link = url.href + "#run=" + (await pack(site, events));
  return dialog(words["run.hand"], (close) => {
    const impact = text(s.impact ?? "", { maxlength: 500 });
    const asks = text(words["run.hand.ask.text"], { maxlength: 500 });
    const area = el("textarea", { rows: 12, readonly: true, spellcheck: "false" });
    const told = el("span", { role: "status" });
    const masked = (field) => mask(clean(field.value), app.inputs.secrets()).text.trim();
    const show = () => (area.value = handover(s, sheet, { impact: masked(impact), ask: masked(asks), link: link.length <= LONG ? link : "" }, words, zone));
    impact.addEventListener("input", show);
    asks.addEventListener("input", show);
    show();
    const copy = (what) => async () => (told.textContent = words[(await put(what())) ? "copied" : "copy.failed"]);
    return [
      el("p", {}, words["run.hand.lead"]), field(words["run.hand.impact"], impact), field(words["run.hand.ask"], asks), field(words["run.hand.message"], area),
      link.length > LONG && el("p.ob-warn", {}, words["run.hand.long"]),
      row(el("button.ob-button.ob-first", { "data-copy": "message", click: copy(() => area.value) }, words["run.hand.copy"]),
        el("button.ob-button", { "data-copy": "link", "data-link": link, click: copy(() => link) }, words["run.hand.link"]),
        el("button.ob-button", { click: app.saveFile }, words["run.save.file"]), el("button.ob-button", { click: () => close() }, words["run.close"]), told),
    ];
  });
}
