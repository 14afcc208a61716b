// The goldens are those of analyzer_test.go.

import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';

import { analyze, read, weak } from './analyzer.js';
import { edits, stem } from './words.js';

const goldens = JSON.parse(readFileSync(new URL('testdata/analyzer.json', import.meta.url), 'utf8'));

for (const { text, tokens } of goldens) {
  test(`analyze ${JSON.stringify(text)}`, () => {
    assert.deepEqual(analyze(text).map((t) => [t.term, t.kind, text.slice(t.start, t.end)]), tokens);
  });
}

test('a query folds what the index holds both ways', () => {
  assert.deepEqual(read('サーバー').units.map((u) => u.term), read('サーバ').units.map((u) => u.term));
  assert.equal(read('orders-5xx').key, '');
  assert.equal(read('Orders 5xx').key, '=orders_5xx');
});

test('bigrams with hiragana are weak', () => {
  assert.equal(weak('止め'), true);
  assert.equal(weak('停止'), false);
});

test('inflections share a stem', () => {
  for (const w of ['restart', 'restarts', 'restarted', 'restarting']) assert.equal(stem(w), 'restart');
  for (const w of ['retry', 'retries', 'retried']) assert.equal(stem(w), 'retry');
  assert.equal(stem('stopping'), stem('stop'));
});

test('a swap of neighbours is one edit', () => {
  assert.equal(edits('databsae', 'database', 2), 1);
  assert.equal(edits('databse', 'database', 2), 1);
  assert.equal(edits('pod', 'deployment', 2), 3);
});
