import assert from "node:assert/strict";
import { test } from "node:test";
import { address, moved, ours, pieces } from "./panel.js";

test("a snippet is cut at its marks", () => {
  assert.deepEqual(pieces("注文を再起動する", [[3, 6]]), [
    { text: "注文を", marked: false },
    { text: "再起動", marked: true },
    { text: "する", marked: false },
  ]);
  assert.deepEqual(pieces("abc", [[0, 1], [1, 3]]), [{ text: "a", marked: true }, { text: "bc", marked: true }]);
  assert.deepEqual(pieces("abc", []), [{ text: "abc", marked: false }]);
  assert.deepEqual(pieces("", []), []);
});

test("a hit's address is escaped and keeps its anchor", () => {
  assert.equal(address("../", { url: "notes/用語集/", anchor: "冗長化" }), "../notes/%E7%94%A8%E8%AA%9E%E9%9B%86/#%E5%86%97%E9%95%B7%E5%8C%96");
  assert.equal(address("./", { url: "a b/c?d/" }), "./a%20b/c%3Fd/");
});

test("arrows go round", () => {
  assert.equal(moved("ArrowDown", -1, 3), 0);
  assert.equal(moved("ArrowDown", 2, 3), 0);
  assert.equal(moved("ArrowUp", 0, 3), 2);
  assert.equal(moved("ArrowUp", -1, 3), 2);
  assert.equal(moved("Home", 1, 3), 1);
  assert.equal(moved("ArrowDown", 0, 0), -1);
});

test("keys of an input method are its own", () => {
  assert.ok(ours({ isComposing: false, keyCode: 13 }));
  assert.ok(!ours({ isComposing: true, keyCode: 13 }));
  assert.ok(!ours({ isComposing: false, keyCode: 229 }), "Safari ends composition before the key that ended it");
});
