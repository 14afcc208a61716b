// Answers what a Go test asks, one JSON line each, with the scripts that ship.
// The index lies in the folder of the first argument.

import { readFileSync } from 'node:fs';
import { createInterface } from 'node:readline';
import { runInThisContext } from 'node:vm';

import { analyze, classify } from '../analyzer.js';
import { createSearch } from '../reader.js';

const root = process.argv[2] + '/';
let loads = [];
const fresh = () => createSearch({
  root,
  loadScript: async (url) => {
    loads.push(url.slice(root.length));
    runInThisContext(readFileSync(url.replace(/\?.*/, ''), 'utf8'));
  },
});
let search = fresh();

const operations = {
  analyze: ({ text }) => analyze(text).map((t) => [t.term, t.kind, text.slice(t.start, t.end)]),
  classes: ({ from, to }) => {
    let classes = '';
    for (let r = from; r < to; r++) classes += classify(r);
    return classes;
  },
  search: async ({ query, options, cold, told }) => {
    if (cold) search = fresh();
    loads = [];
    const started = process.cpuUsage();
    const answer = await search.search(query, options);
    for (const hit of [...answer.hits, ...answer.nearest]) {
      if (told) Object.assign(hit, answer.tell(await search.page(hit)));
      delete hit.page;
    }
    return { ...answer, loads, milliseconds: (({ user, system }) => (user + system) / 1000)(process.cpuUsage(started)) };
  },
};

for await (const line of createInterface({ input: process.stdin })) {
  const request = JSON.parse(line);
  process.stdout.write(JSON.stringify(await operations[request.op](request)) + '\n');
}
