import assert from "node:assert/strict";
import { test } from "node:test";
import { addressOf, excuse, fileOf, fitting, readList } from "./list.js";

const scope = "https://ops.example.com/kb/";

test("an address names a file whatever it is asked for", () => {
  for (const [address, want] of [
    ["https://ops.example.com/kb/", "index.html"],
    ["https://ops.example.com/kb/alerts/RDS/?cluster=a#step-1", "alerts/RDS/index.html"],
    ["https://ops.example.com/kb/%E9%9A%9C%E5%AE%B3/", "障害/index.html"],
    ["https://ops.example.com/kb/assets/a.1.js", "assets/a.1.js"],
    ["https://ops.example.com/kb/%E9", undefined],
    ["https://ops.example.com/", undefined],
    ["https://other.example.com/kb/", undefined],
  ]) assert.equal(fileOf(scope, address), want, address);
});

test("a file is asked for at the address that readers use, and found again", () => {
  assert.equal(addressOf(scope, "障害/index.html"), scope + "%E9%9A%9C%E5%AE%B3/");
  assert.equal(addressOf(scope, "index.html"), scope);
  assert.equal(addressOf(scope, "a/my index.html"), scope + "a/my%20index.html");
  for (const path of ["index.html", "a/b/index.html", "images/図 1.png", "a/myindex.html"]) assert.equal(fileOf(scope, addressOf(scope, path)), path);
});

const list = readList({
  schema: 1, generation: "g", core: 1, left: 3, languages: ["", "en/"],
  files: [["a.js", "1", 10, 1], ["worst/index.html", "2", 50], ["twin/index.html", "2", 50], ["big.png", "3", 100], ["small/index.html", "4", 5]],
});

test("what matters most is kept first, and equal bytes take room once", () => {
  assert.deepEqual([...fitting(list, 1000).files.keys()], ["a.js", "worst/index.html", "twin/index.html", "big.png", "small/index.html"]);
  const some = fitting(list, 70);
  assert.deepEqual([...some.files.keys()], ["a.js", "worst/index.html", "twin/index.html", "small/index.html"]);
  assert.deepEqual([some.left, some.bytes], [4, 65]);
});

test("a copy in which no page works is none", () => assert.equal(fitting(list, 9), undefined));

test("another version of the list is no list", () => {
  for (const json of [null, {}, { schema: 2, generation: "g", files: [] }, { schema: 1, files: [] }, "x"]) assert.equal(readList(json), undefined);
});

test("who asks for a page that is not there is told in the language of the address", () => {
  assert.equal(excuse(["en/", ""], "en/a/index.html"), "en/offline/");
  assert.equal(excuse(["en/", ""], "a/index.html"), "offline/");
});
