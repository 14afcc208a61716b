import assert from "node:assert/strict";
import { test } from "node:test";
import { chosen, next } from "./scheme.js";

test("the switch shows the other scheme, and back on the system's own nothing is chosen", () => {
  assert.equal(next(undefined, false), "dark");
  assert.equal(next("dark", false), undefined);
  assert.equal(next(undefined, true), "light");
  assert.equal(next("light", true), undefined);
  assert.equal(next("dark", true), "light", "the system turned dark after dark was chosen");
});

test("without storage nothing is chosen", () => assert.equal(chosen(), undefined));
