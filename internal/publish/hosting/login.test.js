import test from 'node:test';
import assert from 'node:assert/strict';
import crypto from 'node:crypto';
import fs from 'node:fs';
import http from 'node:http';

const read = (name) => fs.readFileSync(new URL(name, import.meta.url), 'utf8');
const text = (o) => Buffer.from(typeof o === 'string' ? o : JSON.stringify(o)).toString('base64url');
const hash = (s) => crypto.createHash('sha256').update(s).digest('base64url');

// An identity provider that does what RFC 6749, RFC 7636 and OpenID Connect Core ask of one, over HTTP.
async function openProvider(t, { secret } = {}) {
  const rsa = crypto.generateKeyPairSync('rsa', { modulusLength: 2048 });
  const idp = { codes: new Map(), requests: [], keys: [{ ...rsa.publicKey.export({ format: 'jwk' }), kid: 'one', use: 'sig', alg: 'RS256' }], claims: {} };
  idp.sign = (claims, header = {}, key = rsa.privateKey, options = {}) => {
    const signed = text({ alg: 'RS256', kid: 'one', ...header }) + '.' + text(claims);
    return signed + '.' + crypto.sign('sha256', Buffer.from(signed), { key, ...options }).toString('base64url');
  };
  idp.good = (more = {}) => ({ iss: idp.issuer, aud: 'client', sub: 'u', exp: Math.floor(Date.now() / 1000) + 600, ...more });
  const server = http.createServer((request, response) => {
    idp.requests.push(request.url);
    const say = (status, body) => response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body));
    if (idp.down) return say(500, {});
    if (request.url === '/.well-known/openid-configuration') {
      return say(200, { issuer: idp.issuer, authorization_endpoint: idp.issuer + '/authorize?tenant=a', token_endpoint: idp.issuer + '/token', jwks_uri: idp.issuer + '/keys', end_session_endpoint: idp.issuer + '/logout' });
    }
    if (request.url === '/keys') return say(200, { keys: idp.keys });
    let body = '';
    request.on('data', (chunk) => { body += chunk; }).on('end', () => {
      const form = new URLSearchParams(body);
      const grant = idp.codes.get(form.get('code'));
      idp.codes.delete(form.get('code'));
      const right = grant && form.get('grant_type') === 'authorization_code' && form.get('redirect_uri') === grant.redirect_uri &&
        form.get('client_id') === 'client' && hash(form.get('code_verifier')) === grant.code_challenge && (form.get('client_secret') || undefined) === secret;
      say(right ? 200 : 400, right ? { id_token: idp.sign(idp.good({ nonce: grant.nonce, ...idp.claims })) } : { error: 'invalid_grant' });
    });
  });
  await new Promise((resolve) => server.listen(0, '127.0.0.1', resolve));
  t.after(() => server.close());
  idp.issuer = 'http://127.0.0.1:' + server.address().port;
  idp.secret = secret;
  // A reader signs in: the provider checks what it was asked, and sends them back with a code.
  idp.visit = (url) => {
    const asked = Object.fromEntries(new URL(url).searchParams);
    assert.equal(asked.tenant, 'a', 'what the endpoint carries is kept');
    assert.deepEqual([asked.response_type, asked.client_id, asked.scope, asked.code_challenge_method], ['code', 'client', 'openid', 'S256']);
    const code = crypto.randomUUID();
    idp.codes.set(code, asked);
    return new URLSearchParams({ code, state: asked.state }).toString();
  };
  return idp;
}

// load runs the function as the template puts it together, with the store of settings answering from here.
function load(idp, allowed = null) {
  const source = (read('function.js').replace('__ALLOWED__', JSON.stringify(allowed)) + read('login.js')).replaceAll('${AWS::StackName}', 'ops-site');
  const store = {
    SSMClient: class { async send({ Names, WithDecryption }) {
      assert.ok(WithDecryption);
      assert.deepEqual(Names, ['/ops-site/login', '/ops-site/login-secret']);
      const Parameters = [{ Name: Names[0], Value: JSON.stringify({ issuer: idp.issuer, clientId: 'client' }) }];
      if (idp.secret) Parameters.push({ Name: Names[1], Value: idp.secret });
      return { Parameters };
    } },
    GetParametersCommand: class { constructor(input) { Object.assign(this, input); } },
  };
  const module = {};
  new Function('exports', 'require', 'console', source)(module, (name) => (name === 'node:crypto' ? crypto : store), { error() {} });
  return module.handler;
}

const ask = (handler, uri, { cookies = {}, query = '', ip = '203.0.113.9', dest } = {}) => {
  const headers = { host: [{ key: 'Host', value: 'ops.example.com' }] };
  const jar = Object.entries(cookies).map(([k, v]) => k + '=' + v).join('; ');
  if (jar) headers.cookie = [{ key: 'Cookie', value: jar }];
  if (dest) headers['sec-fetch-dest'] = [{ key: 'Sec-Fetch-Dest', value: dest }];
  return handler({ Records: [{ cf: { request: { uri, querystring: query, clientIp: ip, method: 'GET', headers } } }] });
};

const cookies = (response) => Object.fromEntries(response.headers['set-cookie'].map(({ value }) => value.split(';')[0].split(/=(.*)/s).slice(0, 2)));
const place = (response) => response.headers.location[0].value;

async function signIn(idp, handler, uri = '/runbooks/', query = '') {
  const sent = await ask(handler, uri, { query });
  assert.equal(sent.status, '302');
  return { sent, back: await ask(handler, '/-/login', { query: idp.visit(place(sent)), cookies: cookies(sent) }) };
}

test('a reader signs in and comes back to where they were going', async (t) => {
  for (const secret of [undefined, 'geheim']) {
    const idp = await openProvider(t, { secret });
    const handler = load(idp);
    const { sent, back } = await signIn(idp, handler, '/%E9%9A%9C%E5%AE%B3/', 'q=db&x=1');
    assert.ok(sent.headers['set-cookie'].every(({ value }) => /; Secure; HttpOnly; SameSite=Lax$/.test(value) && value.startsWith('__Host-') && value.includes('; Path=/;')));
    assert.equal(new URL(place(sent)).searchParams.get('redirect_uri'), 'https://ops.example.com/-/login');
    assert.equal(back.status, '302');
    assert.equal(place(back), '/%E9%9A%9C%E5%AE%B3/?q=db&x=1');
    const session = { '__Host-opsbook': cookies(back)['__Host-opsbook'] };
    assert.equal((await ask(handler, '/runbooks/', { cookies: session })).uri, '/runbooks/index.html');
    assert.equal(place(await ask(handler, '/runbooks', { cookies: session })), '/runbooks/');
    const asked = idp.requests.length;
    await ask(handler, '/search/index.js', { cookies: session, dest: 'script' });
    assert.equal(idp.requests.length, asked, 'the provider is not asked for every request');
  }
});

test('what is not a valid token of this site does not come in', async (t) => {
  const idp = await openProvider(t);
  const handler = load(idp);
  const other = crypto.generateKeyPairSync('rsa', { modulusLength: 2048 }).privateKey;
  const good = idp.sign(idp.good());
  const [head, body, signature] = good.split('.');
  const publicPem = crypto.createPublicKey({ key: idp.keys[0], format: 'jwk' }).export({ type: 'spki', format: 'pem' });
  const hs = text({ alg: 'HS256', kid: 'one' }) + '.' + body;
  const tokens = {
    'of another issuer': idp.sign(idp.good({ iss: 'https://evil.example' })), 'for another client': idp.sign(idp.good({ aud: 'other' })),
    'for several clients, by another': idp.sign(idp.good({ aud: ['client', 'other'], azp: 'other' })),
    'out of date': idp.sign(idp.good({ exp: Math.floor(Date.now() / 1000) - 1 })), 'without an end': idp.sign(idp.good({ exp: undefined })),
    'not valid yet': idp.sign(idp.good({ nbf: Math.floor(Date.now() / 1000) + 3600 })), 'an access token': idp.sign(idp.good({ token_use: 'access' })),
    'signed by somebody else': idp.sign(idp.good(), {}, other), 'with an unknown key': idp.sign(idp.good(), { kid: 'two' }),
    'changed': head + '.' + text(idp.good({ sub: 'root' })) + '.' + signature, 'unsigned': text({ alg: 'none', kid: 'one' }) + '.' + body + '.',
    'signed with the public key as a secret': hs + '.' + crypto.createHmac('sha256', publicPem).update(hs).digest('base64url'),
    'no token': 'x', 'not even that': '..', 'null': text('null') + '.' + text('null') + '.x', 'four parts': good + '.x',
  };
  assert.equal((await ask(handler, '/', { cookies: { '__Host-opsbook': good } })).uri, '/index.html');
  for (const [name, token] of Object.entries(tokens)) {
    assert.equal((await ask(handler, '/', { cookies: { '__Host-opsbook': token } })).status, '302', name);
  }
});

test('a sign-in that somebody else began, or that was answered for another, ends nowhere', async (t) => {
  const idp = await openProvider(t);
  const handler = load(idp);
  const sent = await ask(handler, '/');
  const query = idp.visit(place(sent));
  for (const wrong of [{}, { '__Host-opsbook-login': 'x' }, cookies(await ask(handler, '/'))]) {
    assert.equal((await ask(handler, '/-/login', { query, cookies: wrong })).status, '400');
  }
  idp.claims = { nonce: 'of another' };
  assert.equal((await ask(handler, '/-/login', { query, cookies: cookies(sent) })).status, '400');
  const error = new URLSearchParams({ error: 'access_denied', state: new URL(place(sent)).searchParams.get('state') }).toString();
  assert.equal((await ask(handler, '/-/login', { query: error, cookies: cookies(sent) })).status, '400');
});

test('nobody is led to another host', async (t) => {
  const idp = await openProvider(t);
  const handler = load(idp);
  for (const uri of ['//evil.example/', '/\\evil.example/']) assert.equal(place((await signIn(idp, handler, uri)).back), '/');
});

test('a new key of the provider is found, and an unknown one does not wake it each time', async (t) => {
  const idp = await openProvider(t);
  const handler = load(idp);
  await ask(handler, '/');
  const ec = crypto.generateKeyPairSync('ec', { namedCurve: 'P-256' });
  const token = idp.sign(idp.good(), { alg: 'ES256', kid: 'new' }, ec.privateKey, { dsaEncoding: 'ieee-p1363' });
  idp.keys.push({ ...ec.publicKey.export({ format: 'jwk' }), kid: 'new' });
  const asked = idp.requests.length;
  for (let i = 0; i < 5; i++) assert.equal((await ask(handler, '/', { cookies: { '__Host-opsbook': token } })).status, '302');
  assert.equal(idp.requests.length, asked);
  t.mock.timers.enable({ apis: ['Date'], now: Date.now() + 61_000 });
  assert.equal((await ask(handler, '/', { cookies: { '__Host-opsbook': token } })).uri, '/index.html');
  assert.equal(idp.requests.length, asked + 1);
});

test('data is refused, not led to a page for people; our own state and other networks are refused before that', async (t) => {
  const idp = await openProvider(t);
  const handler = load(idp, ['203.0.113.0/24']);
  assert.equal((await ask(handler, '/search/index.js', { dest: 'script' })).status, '401');
  assert.equal((await ask(handler, '/.opsbook/head.json')).status, '404');
  assert.equal((await ask(handler, '/', { ip: '198.51.100.1' })).status, '403');
  assert.equal((await ask(handler, '/', { dest: 'document' })).status, '302');
});

test('without the provider the site stays closed', async (t) => {
  const idp = await openProvider(t);
  idp.down = true;
  const handler = load(idp);
  const answer = await ask(handler, '/', { cookies: { '__Host-opsbook': idp.sign(idp.good()) } });
  assert.equal(answer.status, '503');
  assert.equal(answer.headers['cache-control'][0].value, 'no-store');
  idp.down = false;
  assert.equal((await ask(handler, '/')).status, '302');
});

test('signing out forgets the session and tells the provider', async (t) => {
  const idp = await openProvider(t);
  const answer = await ask(load(idp), '/-/logout');
  assert.equal(cookies(answer)['__Host-opsbook'], '');
  assert.equal(new URL(place(answer)).searchParams.get('post_logout_redirect_uri'), 'https://ops.example.com/');
});

test('the template can fill it in', () => {
  const places = read('login.js').match(/\$\{[^}]*\}/g);
  assert.deepEqual(new Set(places), new Set(['${AWS::StackName}']));
  assert.ok(!read('function.js').includes('${'));
});
