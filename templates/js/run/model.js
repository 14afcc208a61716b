// A run is what happened, in order. Events are only ever added, so two tabs or two people never overwrite each other; what stands on the
// page is folded from them anew each time.

/** The form of events. Written into everything that leaves this browser. */
export const SCHEMA = 1;

/**
 * @typedef {{id: string, run: string, n: number, at: number, kind: string, [key: string]: unknown}} Event
 *   n orders events however clocks differ: it is one more than the largest that its writer had seen
 * @typedef {{sid: string, text: string, print: string, number: string, minutes: number, depth: number, parent?: string}} Step
 */

/** Orders events. */
export const before = (a, b) => a.n - b.n || (a.id < b.id ? -1 : a.id > b.id ? 1 : 0);

/** An id that no other browser gives: getRandomValues works on pages without TLS, randomUUID does not. */
export function newID(random = crypto) {
  return [...random.getRandomValues(new Uint8Array(12))].map((b) => b.toString(16).padStart(2, "0")).join("");
}

/**
 * The next event of a run.
 * @param {Event[]} events of the run so far
 * @param {object} what
 * @returns {Event}
 */
export function next(events, run, at, what, id = newID()) {
  return { ...what, id, run, at, n: events.reduce((most, e) => Math.max(most, e.n), 0) + 1 };
}

/** Joins two lists of events of one run: each event once. */
export function join(a, b) {
  const known = new Map(a.map((e) => [e.id, e]));
  for (const e of b) if (!known.has(e.id)) known.set(e.id, e);
  return [...known.values()].sort(before);
}

const blank = () => ({ state: "todo", notes: [] });

const folds = {
  start(s, e) {
    if (s.started) return;
    Object.assign(s, {
      started: e.at, since: e.since ?? e.at, page: e.page, title: e.title, operator: e.operator ?? "", confirmer: e.confirmer ?? "", two: Boolean(e.two),
      drill: Boolean(e.drill), ticket: e.ticket ?? "", revision: e.revision, values: e.values ?? {}, preset: e.preset ?? "",
      sheet: e.steps, changes: [],
    });
  },
  page(s, e) {
    s.changes.push({ at: e.at, from: s.revision, to: e.revision });
    Object.assign(s, { revision: e.revision, sheet: e.steps });
    for (const step of e.steps) if (step.was) s.was[step.sid] = { text: step.was, at: e.at };
  },
  check(s, e) {
    const step = at(s, e.sid);
    if (step.state === "done") return;
    Object.assign(step, { state: "done", at: e.at, by: e.by ?? s.operator, reason: undefined });
  },
  uncheck(s, e) {
    s.steps[e.sid] = { ...blank(), notes: at(s, e.sid).notes, undone: true };
  },
  confirm(s, e) {
    const step = at(s, e.sid);
    if (step.state === "done" && !step.confirmed) Object.assign(step, { confirmed: e.at, confirmer: e.by ?? s.confirmer });
  },
  skip(s, e) {
    Object.assign(at(s, e.sid), { state: "skipped", at: e.at, by: e.by ?? s.operator, reason: e.reason });
  },
  note(s, e) {
    const note = { at: e.at, by: e.by ?? s.operator, text: e.text, masked: e.masked ?? 0 };
    if (e.sid) at(s, e.sid).notes.push(note);
    else s.notes.push(note);
  },
  decide(s, e) {
    s.decisions[e.what] = { at: e.at, by: e.by, verdict: e.verdict, sid: e.sid };
  },
  ack(s, e) {
    s.ack = { at: e.at, to: e.to, by: e.by };
  },
  unack(s) {
    s.ack = undefined;
  },
  told(s, e) {
    s.told[e.who] = e.at;
  },
  since(s, e) {
    s.since = e.since;
  },
  values(s, e) {
    Object.assign(s, { values: e.values, preset: e.preset ?? "" });
  },
  hand(s, e) {
    s.hands.push({ at: e.at, from: s.operator, to: e.to });
    s.operator = e.to;
  },
  finish(s, e) {
    Object.assign(s, { finished: e.at, result: e.result, impact: e.impact ?? "" });
  },
  reopen(s) {
    Object.assign(s, { finished: undefined, result: undefined });
  },
};

const at = (s, sid) => (s.steps[sid] ??= blank());

export const kinds = Object.keys(folds);

/**
 * What has become of a run.
 * @param {Event[]} events
 */
export function fold(events) {
  const s = { steps: Object.create(null), notes: [], decisions: Object.create(null), told: Object.create(null), hands: [], changes: [], was: Object.create(null), sheet: [], values: {}, log: [] };
  for (const e of [...events].sort(before)) {
    if (e.kind !== "start" && !s.started) continue;
    folds[e.kind]?.(s, e);
    s.id = e.run;
    s.log.push(e);
  }
  return s;
}

/** The steps that can be ticked: those without steps of their own. The others are done when all below them are. */
export const leaves = (sheet) => sheet.filter((step) => !step.gone && !sheet.some((other) => other.parent === step.sid && !other.gone));

/** The steps that can be ticked at or below a step. */
export function below(sheet, sid) {
  const children = sheet.filter((s) => s.parent === sid && !s.gone);
  return children.length ? children.flatMap((c) => below(sheet, c.sid)) : sheet.filter((s) => s.sid === sid);
}

/** The state of a step that may have steps of its own. */
export function stepState(s, sid) {
  const all = below(s.sheet, sid).map((step) => s.steps[step.sid] ?? blank());
  const own = s.steps[sid] ?? blank();
  if (all.length === 1 && below(s.sheet, sid)[0].sid === sid) return own;
  const open = all.filter((x) => x.state === "todo").length;
  const done = all.some((x) => x.state === "done") ? "done" : "skipped";
  return {
    ...own, group: true, total: all.length, count: all.length - open, state: open ? "todo" : done,
    at: open ? undefined : Math.max(...all.map((x) => x.at)), confirmed: all.every((x) => x.confirmed || x.state === "skipped"),
  };
}

/** How far a run is. */
export function progress(s) {
  const all = leaves(s.sheet);
  const open = all.filter((step) => (s.steps[step.sid]?.state ?? "todo") === "todo");
  return {
    total: all.length, left: open.length, done: all.length - open.length, current: open[0],
    unconfirmed: s.two ? all.filter((step) => s.steps[step.sid]?.state === "done" && !s.steps[step.sid].confirmed).length : 0,
    planned: all.reduce((sum, step) => sum + step.minutes, 0),
  };
}

/** How long each ticked step took: since the one before it was ticked, or since the start. */
export function lengths(s) {
  const out = {};
  let from = s.started;
  const ticked = leaves(s.sheet).filter((step) => s.steps[step.sid]?.at).sort((a, b) => s.steps[a.sid].at - s.steps[b.sid].at);
  for (const step of ticked) {
    out[step.sid] = s.steps[step.sid].at - from;
    from = s.steps[step.sid].at;
  }
  return out;
}
