import test from 'node:test';
import assert from 'node:assert/strict';
import fs from 'node:fs';

const source = fs.readFileSync(new URL('function.js', import.meta.url), 'utf8');
const load = (allowed) => new Function(source.replace('__ALLOWED__', JSON.stringify(allowed)) + '\nreturn handler;')();
const ask = (uri, allowed = null, ip = '203.0.113.9') => load(allowed)({ viewer: { ip }, request: { uri } });

test('a folder is answered by its index', () => {
  assert.equal(ask('/').uri, '/index.html');
  assert.equal(ask('/%E9%9A%9C%E5%AE%B3/').uri, '/%E9%9A%9C%E5%AE%B3/index.html');
});

test('a folder without its slash is moved, and never to another host', () => {
  assert.equal(ask('/runbooks/x').headers.location.value, '/runbooks/x/');
  assert.equal(ask('//evil.example').uri, '//evil.example');
  assert.equal(ask('//evil').headers.location.value, '/evil/');
});

test('a file is left alone', () => assert.equal(ask('/search/index.js').uri, '/search/index.js'));

test('our own state is not served, however it is written', () => {
  for (const uri of ['/.opsbook/head.json', '/%2Eopsbook/head.json', '/.opsbook', '/preview/pr-1/.OPSBOOK/head.json', '/.opsbook%2fhead.json']) {
    assert.equal(ask(uri).statusCode, 404, uri);
  }
});

test('only allowed networks come in', () => {
  const nets = ['203.0.113.0/24', '2001:db8:1::/48'];
  for (const [ip, ok] of [['203.0.113.9', true], ['203.0.114.1', false], ['2001:db8:1::5', true], ['2001:db8:2::5', false]]) {
    assert.equal(ask('/', nets, ip).statusCode, ok ? undefined : 403, ip);
  }
  assert.equal(ask('/', [], '203.0.113.9').statusCode, 403);
});
