import assert from "node:assert/strict";
import { test } from "node:test";
import { address } from "./report.js";

test("a problem with a step names the step and leads to it", () => {
  const template = "https://git.example.com/new?title=a+%7B%7Bstep%7D%7D&body=https%3A%2F%2Fkb.example.com%2Fa%2F%23%7B%7Banchor%7D%7D";
  assert.equal(address(template, "手順 2.1 & 3", "step-2-1"), "https://git.example.com/new?title=a+%E6%89%8B%E9%A0%86%202.1%20%26%203&body=https%3A%2F%2Fkb.example.com%2Fa%2F%23step-2-1");
});
