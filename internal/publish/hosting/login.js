// Runs at the edge for every request, after what decides about networks and folders: lets in whoever carries a valid ID token of the site's
// identity provider, and sends everyone else there to sign in (authorization code with PKCE). It keeps nothing: the token is the session.
// The template fills in the name of its stack; nothing else here may look like a place to fill in.
const crypto = require('node:crypto');

const SETTINGS = '/${AWS::StackName}/login'; // {"issuer", "clientId"}, of the template
const SECRET = '/${AWS::StackName}/login-secret'; // of the client, where the provider wants one
const SESSION = '__Host-opsbook';
const PENDING = '__Host-opsbook-login';
const HOUR = 3600;

const now = () => Math.floor(Date.now() / 1000);
const random = () => crypto.randomBytes(24).toString('base64url');
const cookie = (name, value, seconds) => name + '=' + value + '; Path=/; Max-Age=' + seconds + '; Secure; HttpOnly; SameSite=Lax';

function reply(status, text, more) {
  const headers = { 'cache-control': [{ key: 'Cache-Control', value: 'no-store' }], 'content-type': [{ key: 'Content-Type', value: 'text/plain; charset=utf-8' }] };
  return { status: String(status), statusDescription: text, headers: Object.assign(headers, more), body: text + '\n' };
}

function moved(to, cookies) {
  return reply(302, 'Found', { location: [{ key: 'Location', value: to }], 'set-cookie': cookies.map((value) => ({ key: 'Set-Cookie', value })) });
}

function cookiesOf(request) {
  const found = new Map();
  for (const header of request.headers.cookie || []) {
    for (const part of header.value.split(';')) {
      const at = part.indexOf('=');
      if (at > 0) found.set(part.slice(0, at).trim(), part.slice(at + 1).trim());
    }
  }
  return found;
}

async function json(url, options) {
  const response = await fetch(url, Object.assign({ signal: AbortSignal.timeout(3000), redirect: 'error' }, options));
  if (!response.ok) throw new Error(new URL(url).host + ' answered ' + response.status);
  return response.json();
}

// The provider, read once in a while and kept between requests.
let known = null;

async function load() {
  const { SSMClient, GetParametersCommand } = require('@aws-sdk/client-ssm');
  const answer = await new SSMClient({ region: 'us-east-1' }).send(new GetParametersCommand({ Names: [SETTINGS, SECRET], WithDecryption: true }));
  const value = (name) => (answer.Parameters.find((p) => p.Name === name) || {}).Value;
  const settings = JSON.parse(value(SETTINGS));
  const about = await json(settings.issuer.replace(/\/$/, '') + '/.well-known/openid-configuration');
  if (about.issuer !== settings.issuer) throw new Error('the provider calls itself ' + about.issuer);
  return { clientId: settings.clientId, secret: value(SECRET), about, keys: (await json(about.jwks_uri)).keys, until: now() + HOUR, asked: now() };
}

async function provider() {
  if (!known || known.until < now()) known = await load();
  return known;
}

// A key that is not known yet may be new; the provider is asked once a minute at most.
async function keyOf(p, header) {
  const kty = { RS256: 'RSA', ES256: 'EC' }[header.alg];
  const find = () => p.keys.find((k) => k.kid === header.kid && k.kty === kty && (!k.use || k.use === 'sig'));
  if (kty && !find() && p.asked + 60 < now()) {
    p.asked = now();
    p.keys = (await json(p.about.jwks_uri)).keys;
  }
  return kty && find();
}

// The claims of a token that is the provider's, for this site and of now; else null.
async function claimsOf(p, token) {
  const [head, body, signature, more] = token.split('.');
  if (!signature || more !== undefined) return null;
  let header, claims;
  try {
    header = JSON.parse(Buffer.from(head, 'base64url'));
    claims = JSON.parse(Buffer.from(body, 'base64url'));
  } catch {
    return null;
  }
  const jwk = header && claims && (await keyOf(p, header));
  if (!jwk) return null;
  const key = { key: crypto.createPublicKey({ key: jwk, format: 'jwk' }), dsaEncoding: 'ieee-p1363' };
  if (!crypto.verify('sha256', Buffer.from(head + '.' + body), key, Buffer.from(signature, 'base64url'))) return null;
  const audience = [].concat(claims.aud);
  const ours = claims.iss === p.about.issuer && audience.includes(p.clientId) && (audience.length === 1 || claims.azp === p.clientId);
  const current = Number(claims.exp) > now() && !(Number(claims.nbf) > now() + 60);
  return ours && current && (!claims.token_use || claims.token_use === 'id') ? claims : null;
}

// Where a reader was going, never another host.
const local = (to) => (/^\/(?![\/\\])/.test(to) ? to : '/');

function signIn(p, request, host) {
  const pending = { state: random(), nonce: random(), verifier: random() + random(), to: request.uri + (request.querystring ? '?' + request.querystring : '') };
  const url = new URL(p.about.authorization_endpoint);
  for (const [name, value] of Object.entries({
    response_type: 'code', client_id: p.clientId, redirect_uri: 'https://' + host + '/-/login', scope: 'openid', state: pending.state, nonce: pending.nonce,
    code_challenge_method: 'S256', code_challenge: crypto.createHash('sha256').update(pending.verifier).digest('base64url'),
  })) url.searchParams.set(name, value);
  return moved(url.href, [cookie(PENDING, Buffer.from(JSON.stringify(pending)).toString('base64url'), 600)]);
}

async function signedIn(p, request, host) {
  const asked = new URLSearchParams(request.querystring);
  let pending = {};
  try {
    pending = JSON.parse(Buffer.from(cookiesOf(request).get(PENDING) || '', 'base64url'));
  } catch { /* answered below */ }
  const failed = reply(400, 'Signing in did not work. Open the site again.', { 'set-cookie': [{ key: 'Set-Cookie', value: cookie(PENDING, '', 0) }] });
  if (!asked.get('code') || !pending.state || asked.get('state') !== pending.state) return failed;
  const form = new URLSearchParams({
    grant_type: 'authorization_code', code: asked.get('code'), redirect_uri: 'https://' + host + '/-/login', client_id: p.clientId, code_verifier: pending.verifier,
  });
  if (p.secret) form.set('client_secret', p.secret);
  const answer = await json(p.about.token_endpoint, { method: 'POST', body: form });
  const claims = answer.id_token && (await claimsOf(p, answer.id_token));
  if (!claims || claims.nonce !== pending.nonce) return failed;
  return moved(local(String(pending.to)), [cookie(SESSION, answer.id_token, Number(claims.exp) - now()), cookie(PENDING, '', 0)]);
}

function signOut(p, host) {
  const home = 'https://' + host + '/';
  const url = new URL(p.about.end_session_endpoint || home);
  if (p.about.end_session_endpoint) {
    for (const [name, value] of Object.entries({ client_id: p.clientId, post_logout_redirect_uri: home, logout_uri: home })) url.searchParams.set(name, value);
  }
  return moved(url.href, [cookie(SESSION, '', 0)]);
}

// What the function for networks and folders answered, in this place's words.
function translated(answer) {
  const headers = {};
  for (const [name, { value }] of Object.entries(answer.headers)) headers[name] = [{ key: name, value }];
  return { status: String(answer.statusCode), statusDescription: answer.statusDescription, headers };
}

async function gate(request, routed) {
  const host = request.headers.host[0].value;
  const p = await provider();
  if (request.uri === '/-/login') return signedIn(p, request, host);
  if (request.uri === '/-/logout') return signOut(p, host);
  const token = cookiesOf(request).get(SESSION);
  if (!token || !(await claimsOf(p, token))) {
    // A script that asks for data must not be sent through a page for people.
    const dest = (request.headers['sec-fetch-dest'] || [{ value: 'document' }])[0].value;
    return dest === 'document' ? signIn(p, request, host) : reply(401, 'Unauthorized');
  }
  if (routed.statusCode) return translated(routed);
  request.uri = routed.uri;
  return request;
}

exports.handler = async (event) => {
  const request = event.Records[0].cf.request;
  const routed = handler({ viewer: { ip: request.clientIp }, request: { uri: request.uri } });
  if (routed.statusCode && routed.statusCode !== 301) return translated(routed);
  try {
    return await gate(request, routed);
  } catch (error) {
    console.error(error); // closed, whatever went wrong
    return reply(503, 'Signing in is not possible at the moment. Try again in a minute.');
  }
};
