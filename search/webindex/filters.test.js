import assert from 'node:assert/strict';
import { test } from 'node:test';

import { parseFilters, switchFilter } from './filters.js';

const known = (facet) => ({ type: ['runbook', 'playbook'], owner: ['dba', 'Cloud Ops'], severity: ['SEV1', 'SEV2'] })[facet] ?? [];
const words = { 種別: 'type', 'type=手順書': 'runbook' };

test('a filter is a facet and values that the index knows', () => {
  assert.deepEqual(parseFilters('種別：手順書 owner:dba 再起動', {}, known, words), { text: '    再起動', filter: { type: ['runbook'], owner: ['dba'] } });
  assert.deepEqual(parseFilters('type:runbook,PLAYBOOK', {}, known, words), { text: '', filter: { type: ['runbook', 'PLAYBOOK'] } });
  assert.deepEqual(parseFilters('owner:cloud_ops x', {}, known, words).filter, { owner: ['cloud_ops'] });
  for (const text of ['error:42 owner:nobody', 'constructor:x', 'type:', ':dba', 'https://example.com/']) {
    assert.deepEqual(parseFilters(text, {}, known, words), { text, filter: {} });
  }
});

test('a value is switched on and off in the query itself', () => {
  const press = (query, facet, value) => switchFilter(query, facet, value, known, words);
  assert.equal(press('再起動', 'type', 'runbook'), 'type:runbook 再起動');
  assert.equal(press('種別:手順書 再起動', 'type', 'playbook'), 'type:runbook,playbook 再起動');
  assert.equal(press('type:runbook,playbook 再起動', 'type', 'runbook'), 'type:playbook 再起動');
  assert.equal(press('severity:sev1 再起動', 'severity', 'SEV1'), '再起動');
  assert.equal(press('type:runbook', 'owner', 'Cloud Ops'), 'type:runbook owner:Cloud_Ops');
  assert.equal(press('a:b c', 'owner', 'dba'), 'owner:dba a:b c');
});
