import assert from "node:assert/strict";
import test from "node:test";
import { choices } from "./narrow.js";

test("the most frequent values can be chosen, and those in use always", () => {
  assert.deepEqual(choices({ dba: 3, sre: 9 }, [], []).map((c) => c.value), ["sre", "dba"]);
  assert.deepEqual(choices({ SEV2: 9, SEV1: 1 }, ["sev2"], ["SEV1", "SEV2"]), [
    { value: "SEV1", count: 1, on: false },
    { value: "SEV2", count: 9, on: true },
  ]);
  assert.deepEqual(choices({}, ["dba"], []), [{ value: "dba", count: 0, on: true }]);
  const many = Object.fromEntries(Array.from({ length: 40 }, (_, i) => ["s" + i, 40 - i]));
  const shown = choices(many, ["S39"], []);
  assert.equal(shown.length, 12);
  assert.ok(shown.some((c) => c.value === "s39" && c.on));
});
