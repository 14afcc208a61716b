import assert from "node:assert/strict";
import { test } from "node:test";
import { countOn, nextOn, stateOn, today } from "./states.js";

test("a state follows the calendar", () => {
  const cases = [
    ["fresh", "2026-12-15", "2026-11-30", "fresh"],
    ["fresh", "2026-12-15", "2026-12-01", "due"], // 14 days before
    ["fresh", "2026-12-15", "2026-12-15", "due"], // on the day
    ["fresh", "2026-12-15", "2026-12-16", "stale"],
    ["due", "2026-12-15", "2026-12-02", "due"],
    ["due", "2026-12-15", "2026-12-16", "stale"],
    ["drifted", "2026-12-15", "2026-12-10", "drifted"], // a commit is graver than a coming date
    ["drifted", "2026-12-15", "2026-12-16", "stale"],
    ["outdated", "2026-12-15", "2026-12-16", "stale"],
    ["unreviewed", "2026-12-15", "2030-01-01", "unreviewed"],
    ["stale", "2026-12-15", "2026-11-01", "stale"],
    ["fresh", undefined, "2030-01-01", "fresh"],
  ];
  for (const [state, due, day, want] of cases) assert.equal(stateOn(state, due, day, 14), want, `${state}, due ${due}, on ${day}`);
});

test("counts follow with the states", () => {
  const built = { stale: 1, due: 1, drifted: 1, outdated: 0, unreviewed: 2, fresh: 5 };
  const dues = "2026-12-01*1*due 2026-12-10*1*drifted 2026-12-15*2*fresh 2027-06-01*3*fresh";
  assert.deepEqual(countOn(built, dues, "2026-11-20", 14), built);
  assert.deepEqual(countOn(built, dues, "2026-12-05", 14), { stale: 2, due: 2, drifted: 1, outdated: 0, unreviewed: 2, fresh: 3 });
  assert.deepEqual(countOn(built, dues, "2026-12-16", 14), { stale: 5, due: 0, drifted: 0, outdated: 0, unreviewed: 2, fresh: 3 });
});

test("today is that of the organisation", () => {
  const evening = new Date("2026-11-01T20:00:00Z");
  assert.equal(today(evening, "Asia/Tokyo"), "2026-11-02");
  assert.equal(today(evening, "UTC"), "2026-11-01");
  assert.match(today(evening, "No/Such_Zone"), /^2026-11-0\d$/);
});

test("work that comes again is named by its next day, however old the build is", () => {
  const then = "2026-12-08 2027-01-12";
  for (const [day, want] of [["2026-11-01", "2026-11-10"], ["2026-11-10", "2026-11-10"], ["2026-11-11", "2026-12-08"], ["2027-01-12", "2027-01-12"], ["2027-02-01", "2026-11-10"]]) {
    assert.equal(nextOn("2026-11-10", then, day), want, day);
  }
});
