import assert from "node:assert/strict";
import { test } from "node:test";
import { outlook } from "./card.js";
import { store } from "./db.js";
import { md } from "./format.js";
import { journal } from "./journal.js";
import { clean, mask } from "./mask.js";
import { match } from "./match.js";
import { fold, join, lengths, next, progress, stepState } from "./model.js";
import { accept, envelope, pack, unpack } from "./pack.js";
import { applying, business, countdown, escalation, iso, nextAt } from "./time.js";

let ids = 0;
const fresh = () => "step" + String(++ids).padStart(8, "0");
const page = (...texts) => texts.map((text, i) => ({ text, print: text, number: String(i + 1), minutes: 0, depth: 1, up: -1 }));

/** A run made of events, one a minute. */
function run(...whats) {
  const steps = match([], page("a", "b", "c"), fresh).steps;
  let events = [];
  for (const what of [{ kind: "start", page: "p/", title: "t", operator: "x", revision: "r", steps }, ...whats]) {
    const { step, ...rest } = what;
    events = join(events, [next(events, "runrunrun", events.length * 60000 + 1, step === undefined ? rest : { ...rest, sid: steps[step].sid })]);
  }
  return { events, steps, state: fold(events) };
}

test("what happened is folded into what is", () => {
  const { state, steps } = run({ kind: "check", step: 0 }, { kind: "check", step: 0 }, { kind: "check", step: 1 }, { kind: "uncheck", step: 1 }, { kind: "skip", step: 2, reason: "no" });
  assert.equal(state.steps[steps[0].sid].at, 60001, "the first of two checks counts");
  assert.equal(stepState(state, steps[1].sid).state, "todo");
  assert.equal(state.steps[steps[2].sid].reason, "no");
  assert.deepEqual([progress(state).done, progress(state).total, progress(state).current.text], [2, 3, "b"]);
  assert.equal(lengths(state)[steps[0].sid], 60000);
});

test("two tabs never lose what the other did, in whichever order they hear of it", () => {
  const base = run();
  const a = next(base.events, "runrunrun", 5, { kind: "check", sid: base.steps[0].sid });
  const b = next(base.events, "runrunrun", 4, { kind: "check", sid: base.steps[2].sid });
  const one = fold(join(join(base.events, [a]), [b]));
  const two = fold(join(join(base.events, [b]), [a]));
  assert.deepEqual(one, two);
  assert.equal(progress(one).done, 2);
});

test("a step with steps below is done when they are", () => {
  const now = page("a", "a1", "a2", "b");
  Object.assign(now[1], { depth: 2, up: 0, number: "1.1" });
  Object.assign(now[2], { depth: 2, up: 0, number: "1.2" });
  const { steps } = match([], now, fresh);
  let events = [next([], "runrunrun", 1, { kind: "start", page: "p/", title: "t", steps })];
  const check = (i) => (events = join(events, [next(events, "runrunrun", 2, { kind: "check", sid: steps[i].sid })]));
  check(1);
  assert.equal(stepState(fold(events), steps[0].sid).state, "todo");
  check(2);
  assert.equal(stepState(fold(events), steps[0].sid).state, "done");
  assert.equal(progress(fold(events)).total, 3);
});

test("steps are found again on a newer page", () => {
  const old = match([], page("ログを見る", "サービスを止める", "起動する", "片付ける"), fresh).steps;
  const m = match(old, page("新しい手順", "ログを見る", "対象のサービスを止める", "起動する"), fresh);
  assert.equal(m.changed, true);
  assert.deepEqual(m.steps.map((s) => [s.text, s.sid === old[0].sid, s.was, s.added, s.gone]), [
    ["新しい手順", false, undefined, true, undefined], ["ログを見る", true, undefined, undefined, undefined],
    ["対象のサービスを止める", false, "サービスを止める", undefined, undefined], ["起動する", false, undefined, undefined, undefined],
    ["片付ける", false, undefined, undefined, true],
  ]);
  assert.equal(match(old, page("ログを見る", "サービスを止める", "起動する", "片付ける"), fresh).changed, false);
});

test("secrets are masked, and what is none is kept", () => {
  const cases = [
    ["AKIAIOSFODNN7EXAMPLE", "●●●"], ["password: hunter22 ok", "password: ●●● ok"], ["Authorization: Bearer abcdefghijkl", "Authorization: Bearer ●●●"],
    ["postgres://app:example@db/x", "postgres://app:●●●@db/x"], ["パスワードは abc123 です", "パスワードは ●●● です"], ["the token bucket is full", "the token bucket is full"],
    ["-----BEGIN RSA PRIVATE KEY-----\nabc\n-----END RSA PRIVATE KEY-----", "●●●"], ["pin 9876", "pin ●●●"],
  ];
  for (const [text, want] of cases) assert.equal(mask(text, ["9876"]).text, want);
  assert.equal(clean("\u001B[31mred\u001B[0m\r\nx\u202E"), "red\nx\uFFFD");
});

test("text means nothing to Markdown", () => {
  assert.equal(md("# a | <b> [x](y) `c` {{< x >}}"), "\\# a \\| \\<b\\> \\[x\\](y) \\`c\\` \\{\\{\\< x \\>\\}\\}");
  assert.equal(md("1. x"), "1\\. x".replace("1\\.", "\\1."), "a number");
});

test("a run goes into a link and comes out, and nothing else does", async () => {
  const { events } = run({ kind: "check", step: 0 }, { kind: "note", text: "メモ" });
  assert.deepEqual((await unpack(await pack("site", events))).events, events);
  const wrong = [{}, null, [], { ...envelope("s", []) }, { ...envelope("s", events), schema: 2 }, envelope("s", [{ ...events[0], run: "otherother" }, ...events]),
    envelope("s", [{ ...events[0], onclick: "x" }]), envelope("s", [{ ...events[0], at: NaN }]), envelope("s", events.slice(1)), envelope("s", [...events, { ...events[1], sid: "__proto__" }])];
  for (const value of wrong) assert.throws(() => accept(value), undefined, JSON.stringify(value));
  await assert.rejects(unpack("AAAA"), /malformed/);
  await assert.rejects(unpack("<script>"), /malformed/);
});

test("times", () => {
  const at = Date.UTC(2026, 10, 2, 0, 30); // Monday 09:30 in Tokyo
  assert.equal(iso(at, "Asia/Tokyo"), "2026-11-02T09:30:00+09:00");
  assert.equal(iso(at, "America/St_Johns"), "2026-11-01T21:00:00-03:30");
  assert.equal(countdown(-65000), "1:05");
  assert.equal(nextAt(at, "09:00", "Asia/Tokyo"), at + 23.5 * 3600000);
  assert.equal(business(at, "Asia/Tokyo", "平日 09:30〜18:30"), true);
  assert.equal(business(at - 1, "Asia/Tokyo", "平日 09:30-18:30"), false);
  assert.equal(business(at, "Asia/Tokyo", "", ["2026-11-02"]), false);
  const calls = [{ to: "a", after: 0, hours: "business" }, { to: "b", after: 0, hours: "off" }, { to: "c", after: 15 }];
  assert.deepEqual(applying(calls, at, "Asia/Tokyo").map((c) => c.to), ["a", "c"]);
  assert.deepEqual(escalation([{ after: 0 }, { after: 15 }], 0, 16 * 60000), { due: 1, next: -1, left: undefined });
  const view = outlook({ updates: [{ who: "x", every: 30 }] }, { since: 0, told: { x: 60000 } }, 2 * 60000, "UTC");
  assert.equal(view.updates[0].due, 31 * 60000);
});

/** What a browser's localStorage does, with room for so many entries. */
function shelfOf(room = Infinity) {
  const kept = new Map();
  return {
    get length() { return kept.size; },
    key: (i) => [...kept.keys()][i],
    getItem: (k) => kept.get(k) ?? null,
    removeItem: (k) => kept.delete(k),
    setItem(k, v) {
      if (kept.size >= room) throw new Error("QuotaExceededError");
      kept.set(k, v);
    },
  };
}

test("without a database runs live in the journal, and the next page finds them", async () => {
  const { events } = run({ kind: "check", step: 0 });
  const shelf = shelfOf();
  const told = [];
  const open = () => store("s", { factory: () => undefined, aside: journal("s", () => shelf), trouble: (error, aside) => told.push([Boolean(error), aside]) });
  const head = { id: "runrunrun", page: "p/", at: 1 };
  assert.equal(await open().add(events, head), true);
  shelf.setItem("opsbook.journal.s.other.aaaaaaaa", "{}"); // of a site whose name begins alike
  shelf.setItem("opsbook.journal.s.bbbbbbbb", "broken");
  const next = open();
  await next.recover();
  assert.deepEqual(await next.events("runrunrun"), events);
  assert.deepEqual(await next.runs(), [head]);
  assert.deepEqual(told.at(-1), [true, true]);
  await next.drop("runrunrun");
  assert.deepEqual(await open().runs(), []);
  const full = store("s", { factory: () => undefined, aside: journal("s", () => shelfOf(1)), trouble: (error, aside) => told.push([Boolean(error), aside]) });
  assert.equal(await full.add(events, head), false, "nothing is promised that nobody keeps");
  assert.deepEqual(told.at(-1), [true, false]);
});
