import assert from "node:assert/strict";
import { test } from "node:test";
import { asks } from "./opener.js";

const press = (key, more = {}) => ({ key, ctrlKey: false, metaKey: false, altKey: false, isComposing: false, ...more });

test("search opens by /, Ctrl-K and Cmd-K", () => {
  assert.ok(asks(press("/"), false));
  assert.ok(asks(press("k", { ctrlKey: true }), false));
  assert.ok(asks(press("K", { metaKey: true }), true));
});

test("and by nothing else", () => {
  assert.ok(!asks(press("/"), true), "while somebody types");
  assert.ok(!asks(press("/", { isComposing: true }), false), "while an input method composes");
  assert.ok(!asks(press("k"), false));
  assert.ok(!asks(press("/", { ctrlKey: true }), false));
  assert.ok(!asks(press("k", { ctrlKey: true, altKey: true }), false));
});
