import assert from "node:assert/strict";
import { test } from "node:test";
import { asked, canonical, fault, fillLink, hole, places, write } from "./slots.js";

/** Fills ◆ in a command with a value. */
function fill(code, value, lang = "sh") {
  const parts = code.split("◆");
  const text = parts.reduce((all, part, i) => all + hole(i - 1) + part);
  const found = places(text, lang);
  let why;
  const out = parts.reduce((all, part, i) => {
    const w = write(value, found.get(i - 1));
    why ??= w.why;
    return all + w.text + part;
  });
  return why ? "refused: " + why : out;
}

test("values stay one word of a shell command", () => {
  const cases = [
    ["aws --id ◆", "orders-db", "aws --id orders-db"],
    ["aws --id ◆", "a b", "aws --id 'a b'"],
    ["aws --id ◆", "it's", "aws --id 'it'\\''s'"],
    ["aws --id ◆", "x; rm -rf /", "aws --id 'x; rm -rf /'"],
    ["aws --id ◆", "$(id)", "aws --id '$(id)'"],
    ["aws Name=x,Value=◆ \\\n --y", "a b", "aws Name=x,Value='a b' \\\n --y"],
    ["aws --id ◆", "-rf", "refused: option"],
    ["aws --id=◆", "-1", "aws --id=-1"],
    ["aws --id '◆'", "a b", "aws --id 'a b'"],
    ["aws --id '◆'", "a'b", "refused: unsafe"],
    ["aws --id '◆'", "x;y", "refused: unsafe"],
    ["aws --id \"◆\"", "-rf", "refused: option"],
    ["aws --id \"◆\"", "$(id)", "refused: unsafe"],
    ["aws --id \"$(get ◆)\"", "a b", "aws --id \"$(get 'a b')\""],
    ["aws --id `get ◆`", "a b", "refused: unsafe"],
    ["aws --id `get ◆`", "a-b", "aws --id `get a-b`"],
    ["aws --id ${x:-◆}", "a b", "refused: unsafe"],
    ["aws $'◆'", "a\\", "refused: unsafe"],
    ["aws \\◆", "a b", "refused: unsafe"],
    ["ssh host \"df ◆\"", "/ x", "refused: unsafe"],
    ["ssh host df ◆", "/ x", "refused: unsafe"],
    ["ssh host df ◆", "/data", "ssh host df /data"],
    ["psql -c 'select ◆'", "1--", "refused: unsafe"],
    ["psql -c 'select ◆'", "42", "psql -c 'select 42'"],
    ["echo don't ◆", "a b", "refused: unsafe"],
    ["cat <<EOF\n◆\nEOF\nls ◆", "a b", "refused: unsafe"],
    ["cat <<EOF\n◆\nEOF\nls ◆", "ab", "cat <<EOF\nab\nEOF\nls ab"],
    ["ls # it's\nls ◆", "a b", "ls # it's\nls 'a b'"],
    ["ls ◆", "a\nb", "refused: hidden"],
    ["ls ◆", "a\u202Eb", "refused: hidden"],
    ["ls ◆", "a\u200Bb", "refused: hidden"],
    ["ls ◆", "本番", "ls '本番'"],
    ["ls ~◆", "x", "ls ~x"],
    ["cat <<'EOF'\n◆\nEOF", "$(id)", "refused: unsafe"],
    ["curl https://◆/x", "web-1:9200", "curl https://web-1:9200/x"],
    ["curl https://◆/x", "a@evil.example", "refused: unsafe"],
    ["curl https://◆.example.com/", "evil.example/", "refused: unsafe"],
    ["curl https://g/d/◆", "orders-db", "curl https://g/d/orders-db"],
    ["curl 'https://g/d?c=◆&x=1'", "orders-db", "curl 'https://g/d?c=orders-db&x=1'"],
    ["curl https://g/d?c=◆", "a&b=c", "refused: unsafe"],
    ["curl https://g/d/◆", "a/../admin", "refused: unsafe"],
    ["curl https://g/d/◆", "a b", "refused: unsafe"],
    ["curl \"https://g/◆\"", "a%2fb", "refused: unsafe"],
    ["curl -o ◆ https://g/", "a b", "curl -o 'a b' https://g/"],
    ["aws s3 cp s3://b/◆ .", "a b", "aws s3 cp s3://b/'a b' ."],
    ["ls ◆", "~root", "ls '~root'"],
  ];
  for (const [code, value, want] of cases) assert.equal(fill(code, value), want, code + " with " + value);
});

test("values in other languages are tame or refused", () => {
  assert.equal(fill("select '◆'", "a b", "sql"), "select 'a b'");
  assert.equal(fill("select '◆'", "a' or '1", "sql"), "refused: unsafe");
  assert.equal(fill("select ◆", "1 -- x", "sql"), "refused: unsafe");
  assert.equal(fill("Get-X ◆", "$(x)", "powershell"), "refused: unsafe");
  assert.equal(fill("Get-X ◆", "web-1", "powershell"), "Get-X web-1");
  assert.equal(fill("開始 ◆ 頃", "21:40 (JST)", "message"), "開始 21:40 (JST) 頃");
  assert.equal(fill("x ◆", "a\u0007", "message"), "refused: hidden");
});

test("a value must match the whole pattern", () => {
  assert.equal(fault({ pattern: "^[a-z-]+$" }, "orders-db"), undefined);
  assert.equal(fault({ pattern: "[a-z]+" }, "orders; rm"), "pattern");
  assert.equal(fault({ pattern: "^a|b$" }, "ax"), "pattern");
  assert.equal(fault({ pattern: "(?i)[a-z]+" }, "ABC"), undefined);
  assert.equal(fault({ pattern: "(?P<x>a)" }, "a"), "broken");
  assert.equal(fault({}, "x".repeat(513)), "long");
  assert.equal(fault({}, "a\u0000"), "hidden");
});

test("an address keeps its host and its scheme", () => {
  const declared = new Set(["cluster", "host"]);
  const values = (v) => new Map([["cluster", v], ["host", v]]);
  assert.deepEqual(fillLink("https://g/d?c=%7B%7Bcluster%7D%7D", values("a&b=c"), declared), { href: "https://g/d?c=a%26b%3Dc" });
  assert.deepEqual(fillLink("https://g/${CLUSTER}/x", values("../admin"), declared), { href: "https://g/..%2Fadmin/x" });
  assert.deepEqual(fillLink("https://{{host}}/x", values("evil.example/"), declared), { open: ["host"] });
  assert.deepEqual(fillLink("https://{{host}}.example.com/", values("web-1"), declared), { href: "https://web-1.example.com/" });
  assert.deepEqual(fillLink("https://g/{{other}}", values("x"), declared), { href: "https://g/{{other}}" });
  assert.deepEqual(fillLink("https://g/{{cluster}}", new Map(), declared), { open: ["cluster"] });
  assert.deepEqual(asked("https://g/%3Corder-db%3E"), ["order_db"]);
  assert.equal(canonical(" ORDER-db "), "order_db");
});
