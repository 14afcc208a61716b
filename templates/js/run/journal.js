// What the database does not have yet. It is written before anything else happens, at once and without waiting, so that a check outlives a
// tab that dies, a page that is left too soon, and a database that is full, broken or absent (private windows, pages opened from a disk).

/**
 * One entry an event, so that tabs never write over each other.
 * @param {string} site
 * @param {() => Storage} storage asked each time: reading the property itself can throw
 */
export function journal(site, storage = () => globalThis.localStorage) {
  const prefix = "opsbook.journal." + site + ".";
  const attempt = (act, otherwise) => {
    try {
      return act(storage());
    } catch {
      return otherwise;
    }
  };
  const keys = (s) => Array.from({ length: s.length }, (_, i) => s.key(i)).filter((k) => k?.startsWith(prefix) && /^[0-9a-z]+$/.test(k.slice(prefix.length)));
  return {
    /**
     * @param {import("./model.js").Event[]} events
     * @param {object} head the line that stands for the run in lists
     * @returns {boolean} whether all of it is kept
     */
    keep: (events, head) => attempt((s) => {
      for (const event of events) s.setItem(prefix + event.id, JSON.stringify({ event, head }));
      return true;
    }, false),
    /** Forgets events that the database has. */
    drop: (ids) => attempt((s) => ids.forEach((id) => s.removeItem(prefix + id))),
    /** Everything that waits, of every tab. What somebody else wrote there is passed over. */
    all: () => attempt((s) => keys(s).map((k) => {
      try {
        return JSON.parse(s.getItem(k));
      } catch {
        return undefined;
      }
    }).filter((x) => typeof x?.event?.id === "string" && typeof x.event.run === "string" && typeof x.head?.id === "string"), []),
  };
}
