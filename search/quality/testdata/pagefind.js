// Answers questions with Pagefind, outside of a browser: files are read where
// it would fetch them. Arguments: the site's folder and the language.

import { readFile } from 'node:fs/promises';
import { createInterface } from 'node:readline';
import { pathToFileURL } from 'node:url';

const [site, language] = process.argv.slice(2);
let bytes = 0;
globalThis.window = globalThis;
globalThis.location = new URL('file:///');
globalThis.document = { currentScript: null, querySelector: () => ({ getAttribute: () => language }) };
globalThis.fetch = async (url) => {
  const data = await readFile(String(url).replace(/^file:\/\//, '').replace(/\?.*/, ''));
  bytes += data.byteLength;
  return {
    ok: true, status: 200, json: async () => JSON.parse(data), text: async () => String(data),
    arrayBuffer: async () => data.buffer.slice(data.byteOffset, data.byteOffset + data.byteLength),
  };
};
const pagefind = await import(pathToFileURL(site + '/pagefind/pagefind.js'));

const start = async () => {
  await pagefind.options({ basePath: site + '/pagefind/', baseUrl: '/' });
  await pagefind.init(language);
};

await start();
for await (const line of createInterface({ input: process.stdin })) {
  const { query, cold, limit = 10 } = JSON.parse(line);
  if (cold) {
    await pagefind.destroy();
    bytes = 0;
    await start();
  }
  const { results } = await pagefind.search(query);
  const urls = [];
  for (const result of results.slice(0, limit)) urls.push((await result.data()).url.slice(1));
  process.stdout.write(JSON.stringify({ urls, bytes }) + '\n');
}
