import assert from "node:assert/strict";
import { test } from "node:test";
import { forward } from "./forward.js";

test("an old address carries query and fragment along", () => {
  const from = (href) => {
    const { search, hash } = new URL(href);
    return { href, search, hash };
  };
  assert.equal(forward("../../runbooks/a/", from("https://x.example/kb/old/a/?cluster=db#手順")), "https://x.example/kb/runbooks/a/?cluster=db#%E6%89%8B%E9%A0%86");
  assert.equal(forward("../b/#steps", from("https://x.example/a/")), "https://x.example/b/#steps");
  assert.equal(forward("../b/#steps", from("https://x.example/a/#other")), "https://x.example/b/#other");
});
