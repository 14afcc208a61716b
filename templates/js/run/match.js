// Finds the steps of a run on a newer version of its page. Nothing that was ticked gets lost: a step that is gone stays in the run.

/** Text by which a step is known: letters and digits alone. */
export const key = (text) => text.normalize("NFKC").toLowerCase().replace(/[^\p{L}\p{N}]+/gu, "");

/** How alike two texts are, 0 to 1: the share of pairs of letters that they have in common. */
export function likeness(a, b) {
  const pairs = (t) => {
    const all = new Map();
    for (let i = 0; i + 1 < t.length; i++) all.set(t.slice(i, i + 2), (all.get(t.slice(i, i + 2)) ?? 0) + 1);
    return all;
  };
  if (a === b) return 1;
  const [x, y] = [pairs(a), pairs(b)];
  let common = 0;
  for (const [pair, n] of x) common += Math.min(n, y.get(pair) ?? 0);
  const total = Math.max(1, a.length - 1) + Math.max(1, b.length - 1);
  return (2 * common) / total;
}

/** Whether one of two texts is the other with more words. */
const holds = (a, b) => Math.min(a.length, b.length) >= 3 && (a.includes(b) || b.includes(a));

/**
 * Gives the steps of a page the ids that they have in a run.
 * @param {import("./model.js").Step[]} old of the run
 * @param {{text: string, print: string, number: string, minutes: number, depth: number, up: number}[]} now of the page; up is the index of the
 *   step above, -1 for none
 * @param {(i: number) => string} fresh an id for a new step
 * @returns {{steps: import("./model.js").Step[], changed: boolean}} was is the text of a step whose text or content changed, gone marks one
 *   that is no longer on the page, added one that is new
 */
export function match(old, now, fresh) {
  const free = new Set(old);
  const found = new Array(now.length);
  const take = (i, test) => {
    if (found[i]) return;
    let best;
    let most = 0;
    for (const step of free) {
      const score = test(step, now[i]);
      if (score > most) [best, most] = [step, score];
    }
    if (!best) return;
    free.delete(best);
    found[i] = best;
  };
  const same = (a, b) => key(a.text) === key(b.text);
  const rounds = [
    (a, b) => same(a, b) && a.print === b.print && a.number === b.number ? 1 : 0,
    (a, b) => same(a, b) && a.print === b.print ? 1 : 0,
    (a, b) => same(a, b) && a.number === b.number ? 1 : 0,
    (a, b) => same(a, b) ? 1 : 0,
    (a, b) => (a.depth === b.depth && likeness(key(a.text), key(b.text)) >= 0.6 ? likeness(key(a.text), key(b.text)) : 0),
    (a, b) => (a.depth === b.depth && a.number === b.number && holds(key(a.text), key(b.text)) ? 1 : 0),
    (a, b) => (a.print === b.print && a.print !== key(a.text) ? 1 : 0),
  ];
  for (const test of rounds) now.forEach((_, i) => take(i, test));
  const sids = now.map((_, i) => found[i]?.sid ?? fresh(i));
  const steps = now.map((step, i) => {
    const was = found[i];
    const out = { sid: sids[i], text: step.text, print: step.print, number: step.number, minutes: step.minutes, depth: step.depth };
    if (step.up >= 0) out.parent = sids[step.up];
    if (!was) out.added = true;
    else if (was.print !== step.print || !same(was, step)) out.was = was.text;
    return out;
  });
  const gone = [...free].map(({ was, added, ...step }) => ({ ...step, gone: true }));
  const moved = now.some((step, i) => found[i] && found[i].number !== step.number);
  return { steps: [...steps, ...gone], changed: gone.some((g) => !old.find((o) => o.sid === g.sid).gone) || moved || steps.some((s) => s.added || s.was !== undefined) };
}
