import assert from "node:assert/strict";
import { test } from "node:test";
import { commands } from "./commands.js";

test("plain code is copied as it is", () => {
  assert.equal(commands("kubectl get pods\nkubectl get nodes\n"), "kubectl get pods\nkubectl get nodes");
  assert.equal(commands("cost=$5\necho done\n"), "cost=$5\necho done");
});

test("prompts and output stay behind", () => {
  assert.equal(commands("$ ls -1\na.txt\nb.txt\n$ cat a.txt\nhello\n"), "ls -1\ncat a.txt");
  assert.equal(commands("ops@bastion $ uptime\n 10:00 up 1 day\n"), "uptime");
  assert.equal(commands("[root@db ~]$ psql\npsql (16)\n"), "psql");
});

test("a command goes on after a backslash", () => {
  assert.equal(commands("$ aws rds describe \\\n    --output table\n| x |\n"), "aws rds describe \\\n    --output table");
  assert.equal(commands("$ for i in 1 2; do \\\n> echo $i; \\\n> done\n1\n2\n"), "for i in 1 2; do \\\necho $i; \\\ndone");
});
