import assert from "node:assert/strict";
import { test } from "node:test";
import { matches } from "./filter.js";

test("every wanted value must be among a row's", () => {
  const row = { severity: "SEV1", state: "fresh", owner: "dba", service: "orders orders-db ", tag: "" };
  for (const [wanted, want] of [
    [{}, true],
    [{ severity: "SEV1" }, true],
    [{ service: "orders-db" }, true],
    [{ service: "orders", owner: "dba" }, true],
    [{ service: "order" }, false],
    [{ severity: "SEV1", owner: "sre" }, false],
    [{ tag: "database" }, false],
    [{ other: "x" }, false],
  ]) assert.equal(matches(row, new Map(Object.entries(wanted))), want, JSON.stringify(wanted));
});
