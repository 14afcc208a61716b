import assert from "node:assert/strict";
import { test } from "node:test";
import { addressOf } from "./place.js";

test("an address is that of a folder, but of its page on a disk", () => {
  for (const [url, served, disk] of [
    ["", "../", "../index.html"],
    ["notes/用語/", "../notes/%E7%94%A8%E8%AA%9E/", "../notes/%E7%94%A8%E8%AA%9E/index.html"],
    ["old.html", "../old.html", "../old.html"],
  ]) {
    assert.equal(addressOf("../", url, false), served);
    assert.equal(addressOf("../", url, true), disk);
  }
});
