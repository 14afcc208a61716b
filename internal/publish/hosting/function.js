// Runs at the edge for every request. ALLOWED is filled in by the template: null for everyone, else networks as [bits, length] in hex digits.
var ALLOWED = __ALLOWED__;

// bitsOf turns an address into a string of bits, '' for what is none.
function bitsOf(ip) {
  if (ip.indexOf(':') < 0) {
    return ip.split('.').map(function (n) { return ('0000000' + Number(n).toString(2)).slice(-8); }).join('');
  }
  var halves = ip.split('::');
  var head = halves[0] ? halves[0].split(':') : [];
  var tail = halves.length > 1 && halves[1] ? halves[1].split(':') : [];
  while (halves.length > 1 && head.length + tail.length < 8) head.push('0');
  return head.concat(tail).map(function (n) { return ('000000000000000' + parseInt(n, 16).toString(2)).slice(-16); }).join('');
}

function allowed(ip) {
  if (ALLOWED === null) return true;
  var bits = bitsOf(ip);
  return ALLOWED.some(function (cidr) {
    var parts = cidr.split('/');
    var net = bitsOf(parts[0]);
    return net.length === bits.length && net.slice(0, Number(parts[1])) === bits.slice(0, Number(parts[1]));
  });
}

function answer(status, text) {
  return { statusCode: status, statusDescription: text, headers: { 'cache-control': { value: 'no-store' } } };
}

function handler(event) {
  var request = event.request;
  var uri = request.uri;
  if (!allowed(event.viewer.ip)) return answer(403, 'Forbidden');
  if (/(^|\/)(\.|%2e)opsbook(\/|%2f|$)/i.test(uri)) return answer(404, 'Not Found');
  if (uri.endsWith('/')) {
    request.uri = uri + 'index.html';
    return request;
  }
  if (uri.slice(uri.lastIndexOf('/') + 1).indexOf('.') >= 0) return request;
  var moved = answer(301, 'Moved Permanently');
  // A second slash at the start would lead to another host.
  moved.headers.location = { value: uri.replace(/^[\/\\]+/, '/') + '/' };
  return moved;
}
