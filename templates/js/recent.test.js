import assert from "node:assert/strict";
import { test } from "node:test";
import { add, recent } from "./recent.js";

test("the newest page is first, each once, eight at most", () => {
  let visits = [];
  for (let i = 0; i < 12; i++) visits = add(visits, { url: `p${i}/`, title: `P${i}` });
  visits = add(visits, { url: "p6/", title: "P6 again" });
  assert.deepEqual(visits.map((v) => v.url), ["p6/", "p11/", "p10/", "p9/", "p8/", "p7/", "p5/", "p4/"]);
  assert.equal(visits[0].title, "P6 again");
});

test("without storage there are none", () => assert.deepEqual(recent("site"), []));
