// Run mode on one page: joins what people do, what is kept and what is shown.
import { put } from "../commands.js";
import { read as recall, write as remember } from "../store.js";
import { bar } from "./bar.js";
import { card } from "./card.js";
import { store } from "./db.js";
import { el, save } from "./dom.js";
import { evidence } from "./evidence.js";
import { ask, confirmForm, exportForm, finishForm, handForm, noteForm, sinceForm, startForm, verdictForm } from "./forms.js";
import { inputs } from "./inputs.js";
import { clean, mask } from "./mask.js";
import { match } from "./match.js";
import { below, fold, join, newID, next } from "./model.js";
import { accept, envelope, unpack, valid } from "./pack.js";
import { readSteps } from "./read.js";
import { shelf } from "./shelf.js";
import { stepViews } from "./steps.js";
import { verdicts } from "./verdicts.js";

/**
 * @param {{root: string, site: string, zone: string, page: string}} here
 * @param {Record<string, string>} words
 */
export function app(here, words) {
  const place = document.querySelector("[data-run]");
  const sheet = JSON.parse(place?.querySelector("[data-sheet]").content.textContent ?? "{}");
  const steps = readSteps(document);
  const confirmed = new Set(); // destructive commands that were confirmed, with their values
  let run; // {id, events, state}
  let timer;
  let toast;
  let begun = false; // somebody chose what to do here before the page woke

  const a = {
    words, sheet, place, zone: here.zone, site: here.site, root: here.root,
    now: () => Date.now(),
    state: () => run?.state,
    remembered: () => (typeof recall("operator") === "string" ? recall("operator") : ""),
  };
  a.inputs = inputs(sheet, words, () => run && values());
  a.inputs.tell = tell;
  const views = { bar: bar(a), steps: stepViews(steps, a), verdicts: verdicts(a), card: card(a), evidence: evidence(a) };
  const db = store(here.site, { trouble: (error, aside) => views.bar.trouble(error, aside), ready: () => !run && !begun && find() });
  const shelves = place && shelf(a, db, { open: (id) => resume(id), start: (drill) => start(drill), take: (file) => takeFile(file) });

  const channel = typeof BroadcastChannel === "function" ? new BroadcastChannel("opsbook-runs-" + here.site) : undefined;
  channel?.addEventListener("message", ({ data }) => {
    if (!Array.isArray(data?.events) || !data.events.every(valid)) return;
    db.hear(data.events);
    if (run && data.events.some((e) => e.run === run.id)) {
      take(join(run.events, data.events));
      show();
    } else shelves?.show();
  });
  document.addEventListener("visibilitychange", async () => {
    if (document.visibilityState !== "visible" || !run) return;
    const { id } = run;
    await db.retry();
    const events = await db.events(id);
    if (run?.id !== id) return;
    take(events);
    show();
  });
  addEventListener("beforeunload", (event) => a.unkept && event.preventDefault());

  /** Takes the events of the run. */
  function take(events) {
    run = { id: events[0]?.run ?? run.id, events, state: fold(events) };
  }

  const head = () => {
    const s = run.state;
    return { id: run.id, page: s.page, title: s.title, started: s.started, finished: s.finished ?? 0, operator: s.operator, drill: s.drill, at: a.now() };
  };

  /** Adds what happened: to what is shown at once, then to what is kept. */
  async function add(...whats) {
    const added = [];
    for (const what of whats) {
      const e = next([...run.events, ...added], run.id, a.now(), what);
      added.push(e);
    }
    take(join(run.events, added));
    show();
    channel?.postMessage({ events: added });
    a.unkept = !(await db.add(added, head()));
    shelves?.note(here.page);
  }
  a.add = add;

  let held;
  /** Keeps the values of a run, when they have settled. */
  function values() {
    clearTimeout(held);
    held = setTimeout(() => {
      const kept = a.inputs.kept();
      if (run && !run.state.finished && JSON.stringify(kept) !== JSON.stringify(run.state.values)) add({ kind: "values", values: kept, preset: a.inputs.environment()?.name ?? "" });
    }, 600);
    show();
  }

  function show() {
    if (!run) return;
    const s = run.state;
    place.dataset.run = s.finished ? "finished" : "open";
    const view = views.card.show(s, a.now());
    views.bar.show(s, a.now(), view);
    views.steps.show(s);
    views.verdicts.show(s);
    views.evidence.show(s);
    shelves.running(s);
    mark(s.drill);
    if (!timer) timer = setInterval(() => run && tick(), 1000);
  }

  function tick() {
    const s = run.state;
    const view = views.card.show(s, a.now());
    views.bar.show(s, a.now(), view);
  }

  function mark(drill) {
    if (drill) document.body.dataset.drill = words["run.drill"];
    else delete document.body.dataset.drill;
  }

  const drilling = () => (run ? run.state.drill : new URLSearchParams(location.search).get("drill") === "1");

  /** Shows the form that starts a run. */
  function start(drill) {
    if (!place) return;
    begun = true;
    shelves.form(startForm(a, drill || drilling(), begin, () => shelves.show()));
  }

  function begin(given) {
    remember("operator", given.operator);
    const id = newID();
    const first = {
      kind: "start", page: here.page, title: sheet.title, revision: sheet.rev, ...given, values: a.inputs.kept(), preset: a.inputs.environment()?.name ?? "",
      steps: match([], plainSteps(), () => newID()).steps,
    };
    for (const s of first.steps) delete s.added;
    run = { id, events: [], state: fold([]) };
    begun = true;
    open([next([], id, a.now(), first)], true);
    document.querySelector(".ob-check")?.focus({ preventScroll: true });
    document.querySelector("[data-current]")?.scrollIntoView({ block: "center" });
  }

  const plainSteps = () => steps.map(({ text, print, number, minutes, depth, up }) => ({ text, print, number, minutes, depth, up }));

  /**
   * Makes a run the one that this tab shows. It is shown before it is kept, so that nobody waits for a disk, and nothing that is done
   * meanwhile is shown over.
   */
  async function open(events, fresh) {
    leave();
    take(events);
    sessionStorageSet(run.id);
    const added = fresh ? [...events] : [];
    const s = run.state;
    if (s.revision !== sheet.rev && !s.finished) {
      const m = match(s.sheet, plainSteps(), () => newID());
      if (m.changed) {
        added.push(next(run.events, run.id, a.now(), { kind: "page", revision: sheet.rev, steps: m.steps }));
        take(join(run.events, added));
      }
    }
    views.steps.bind(run.state);
    a.inputs.set(run.state.values);
    show();
    if (!run.state.finished) shelves.opened(here.page);
    if (added.length) {
      channel?.postMessage({ events: added });
      a.unkept = !(await db.add(added, head()));
    }
    shelves.note(here.page);
  }

  async function resume(id) {
    const events = await db.events(id);
    if (!run && events.some((e) => e.kind === "start")) await open(events);
  }

  /** Puts the page back as it was. */
  function leave() {
    clearInterval(timer);
    timer = undefined;
    run = undefined;
    for (const view of Object.values(views)) view.leave();
    if (place) place.dataset.run = "";
    mark(drilling());
  }

  function sessionStorageSet(id) {
    try {
      if (id) sessionStorage.setItem("opsbook.run." + here.site + "." + here.page, id);
      else sessionStorage.removeItem("opsbook.run." + here.site + "." + here.page);
    } catch {
      // the tab forgets which run it showed; the list still has it
    }
  }

  const mine = () => {
    try {
      return sessionStorage.getItem("opsbook.run." + here.site + "." + here.page);
    } catch {
      return null;
    }
  };

  // What people do.
  a.check = (sid) => add(...below(run.state.sheet, sid).filter((x) => (run.state.steps[x.sid]?.state ?? "todo") === "todo").map((x) => ({ kind: "check", sid: x.sid })));
  a.uncheck = (sid) => add(...below(run.state.sheet, sid).map((x) => ({ kind: "uncheck", sid: x.sid })));
  a.confirm = (sid) => add({ kind: "confirm", sid, by: run.state.confirmer });
  a.skip = async (sid) => {
    const step = run.state.sheet.find((x) => x.sid === sid);
    const reason = await ask(words, words["run.skip.title"].replace("%s", () => step.number + " " + step.text), words["run.skip.reason"], {}, words["run.skip"]);
    if (reason) add({ kind: "skip", sid, reason: mask(clean(reason), a.inputs.secrets()).text });
  };
  a.note = async (sid) => {
    const step = sid && run.state.sheet.find((x) => x.sid === sid);
    const id = run.id + (sid ?? "");
    const draft = (await db.drafts()).find((d) => d.id === id)?.text ?? "";
    const note = await noteForm(a, step && step.number + " " + step.text, draft, (text) => db.draft(id, text));
    if (note) await add({ kind: "note", text: note.text, masked: note.count, ...(sid ? { sid } : {}) });
    db.draft(id, "");
  };
  a.decide = async (d, verdict, sid) => {
    const given = await verdictForm(a, d, verdict);
    if (given) add({ kind: "decide", what: d.what, ...given, ...(sid ? { sid } : {}) });
  };
  a.since = async () => {
    const since = await sinceForm(a, run.state);
    if (since !== undefined && since !== run.state.since) add({ kind: "since", since });
  };
  a.acknowledge = async (call) => {
    const by = await ask(words, words["run.ack"], words["run.ack.by"].replace("%s", () => call.to), { list: sheet });
    if (by) add({ kind: "ack", to: call.to, by });
  };
  a.finish = async () => {
    const given = await finishForm(a, run.state);
    if (given) await add({ kind: "finish", ...given });
  };
  a.export = () => exportForm(a, run.state, run.events);
  a.hand = () => handForm(a, run.state, run.events);
  a.saveFile = () => save(`run-${run.id}.json`, JSON.stringify(envelope(here.site, run.events)), "application/json");
  a.print = () => setTimeout(() => print(), 50);
  a.close = () => {
    sessionStorageSet("");
    leave();
    shelves.show();
  };
  a.goto = (event, sid) => {
    event.preventDefault();
    const line = views.steps.line(sid);
    const step = line?.closest("[data-step]") ?? line?.previousElementSibling;
    step?.scrollIntoView({ block: "center" });
    step?.querySelector(".ob-check")?.focus({ preventScroll: true });
  };
  a.copyMessage = async (pre, button) => {
    const { text, why } = await copy(pre);
    const done = text !== undefined && (await put(text));
    tell(done ? words.copied : (why ?? words["copy.failed"]), button);
  };

  /** What to copy of a block of code, or why not. */
  async function copy(pre) {
    const destroys = Boolean(pre.closest("[data-destructive]"));
    if (destroys && drilling()) return { why: words["run.copy.drill"] };
    const got = a.inputs.resolve(pre);
    if (got.open.length) return { why: words["run.copy.open"].replace("%s", () => got.open.join(", ")) };
    if (got.why) return { why: words["run.copy.refused"].replace("%s", () => got.why.name) + " " + words["run.refused." + got.why.why] };
    if (destroys && !confirmed.has(got.text)) {
      if (!(await confirmForm(a, got.text, a.inputs.used(pre)))) return { why: words["run.copy.cancelled"] };
      confirmed.add(got.text);
    }
    return { text: got.text };
  }

  /** Says why a selection was not copied. */
  function refuse(pre) {
    const got = a.inputs.resolve(pre);
    if (got.open.length) tell(words["run.copy.open"].replace("%s", () => got.open.join(", ")));
    else if (got.why) tell(words["run.refused." + got.why.why]);
    else tell(words[drilling() ? "run.copy.drill" : "run.copy.button"]);
  }

  /** Says something in passing. */
  function tell(text) {
    toast ??= document.body.appendChild(el("div.ob.ob-toast", { role: "alert" }));
    toast.replaceChildren(el("p", {}, text));
    clearTimeout(toast.wait);
    toast.wait = setTimeout(() => toast.replaceChildren(), 7000);
  }

  /** A run out of a link or a file: shown first, taken over when somebody says so. */
  function offer(got) {
    const s = fold(got.events);
    if (got.page !== here.page) {
      tell(words["run.take.other"].replace("%s", () => s.title));
      return;
    }
    shelves.offer(s, async (who) => {
      remember("operator", who);
      const known = await db.events(got.run);
      run = { id: got.run, events: [], state: fold([]) };
      const events = join(known, got.events);
      const all = who && who !== s.operator ? [...events, next(events, got.run, a.now(), { kind: "hand", to: who })] : events;
      await open(all, true);
    });
  }

  async function takeLink() {
    if (!location.hash.startsWith("#run=")) return false;
    const packed = location.hash.slice(5);
    history.replaceState(history.state, "", location.pathname + location.search);
    try {
      offer(await unpack(packed));
      return true;
    } catch (error) {
      tell(words[error.message === "newer" ? "run.take.newer" : "run.take.bad"]);
      return false;
    }
  }

  async function takeFile(file) {
    try {
      if (file.size > 8 << 20) throw new Error("malformed");
      offer(accept(JSON.parse(await file.text())));
    } catch (error) {
      tell(words[error.message === "newer" ? "run.take.newer" : "run.take.bad"]);
    }
  }

  async function wake() {
    a.inputs.fromAddress();
    mark(drilling());
    if (!place) return;
    addEventListener("hashchange", takeLink);
    db.recover();
    await shelves.show();
    if (!(await takeLink())) await find();
  }

  /** Goes on with the run that is open here, if it is plain which. */
  async function find() {
    const runs = (await db.runs()).filter((r) => r.page === here.page && !r.finished);
    const asked = new URLSearchParams(location.search).get("run") ?? mine();
    const one = asked ? asked : runs.length === 1 && !location.search ? runs[0].id : undefined;
    if (one && !begun) await resume(one);
  }
  wake();

  return { start, copy, refuse, preset: (i) => a.inputs.preset(i) };
}

