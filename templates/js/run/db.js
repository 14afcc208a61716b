// Where runs are kept: one IndexedDB a site. When it is full, forbidden or absent, runs live on in the journal; when that is full too they
// live in memory alone, and whoever runs one is told.
import { journal } from "./journal.js";
import { join } from "./model.js";

/**
 * Each brings the database from the version of its place to the next. Only ever add to the list: browsers hold every version that a site
 * ever had. Newer versions only add stores, so a page of an older copy can read them.
 * @type {((db: IDBDatabase, change: IDBTransaction) => void)[]}
 */
export const migrations = [
  (db) => {
    const events = db.createObjectStore("events", { keyPath: ["run", "id"] });
    events.createIndex("run", "run");
    const runs = db.createObjectStore("runs", { keyPath: "id" });
    runs.createIndex("page", "page");
  },
  (db) => {
    db.createObjectStore("drafts", { keyPath: "id" }); // notes that are being written
  },
];

/** Opens a site's database, whatever version it has. Blocked is called when it waits for a tab that holds an older one. */
function open(factory, name, version, blocked) {
  return new Promise((resolve, reject) => {
    const asking = version ? factory.open(name, version) : factory.open(name);
    asking.onupgradeneeded = (event) => {
      for (let v = event.oldVersion; v < (version ?? 1); v++) migrations[v](asking.result, asking.transaction);
    };
    asking.onsuccess = () => resolve(asking.result);
    asking.onerror = () => {
      if (asking.error?.name === "VersionError") open(factory, name, undefined, blocked).then(resolve, reject);
      else reject(asking.error ?? new Error("the database cannot be opened"));
    };
    asking.onblocked = blocked;
  });
}

/** How long a database may take to open, in milliseconds, before we go on without it. */
const PATIENCE = 3000;

const done = (change) => new Promise((resolve, reject) => {
  change.oncomplete = () => resolve();
  change.onabort = change.onerror = () => reject(change.error ?? new Error("nothing was written"));
});

const result = (request) => new Promise((resolve, reject) => {
  request.onsuccess = () => resolve(request.result);
  request.onerror = () => reject(request.error);
});

/**
 * @param {string} site
 * @param {{factory?: () => IDBFactory, aside?: object, trouble: (error: Error|undefined, aside: boolean) => void, ready?: () => void}} around
 *   trouble is told when writing fails and whether the journal holds everything, and when all is written again; ready is called when the
 *   database opens after those who asked were sent away
 */
export function store(site, { factory = () => globalThis.indexedDB, aside = journal(site), trouble, ready = () => {} }) {
  /** What this tab knows; it is all there is when nothing can be written. */
  const memory = new Map();
  let waiting = []; // writes that did not succeed yet
  let lost = false; // the journal did not take something either
  let opening;
  let stuck; // fails when the database lets us wait, so that nobody here does
  const connect = () => {
    if (!opening) {
      let late = false;
      let wait;
      stuck = new Promise((_, reject) => (wait = () => {
        late = true;
        reject(new Error("the database lets us wait"));
      }));
      stuck.catch(() => {});
      const timer = setTimeout(() => wait(), PATIENCE); // not every browser says that it is blocked
      opening = Promise.resolve().then(() => open(factory(), "opsbook-runs-" + site, migrations.length, wait)).then((db) => {
        db.onversionchange = () => {
          db.close();
          opening = undefined;
        };
        db.onclose = () => (opening = undefined);
        return db;
      }).finally(() => clearTimeout(timer));
      opening.then(() => late && write([]).then(ready), () => (opening = undefined));
    }
    return Promise.race([opening, stuck]);
  };
  const remember = (events) => {
    for (const e of events) memory.set(e.run, join(memory.get(e.run) ?? [], [e]));
  };
  const write = async (puts) => {
    waiting = [...waiting, ...puts];
    const mine = waiting;
    if (!mine.length) {
      trouble(undefined, false);
      return true;
    }
    try {
      const db = await connect();
      const change = db.transaction([...new Set(mine.map((p) => p.store))], "readwrite", { durability: "strict" });
      const finished = done(change);
      for (const p of mine) {
        const into = change.objectStore(p.store);
        if (p.drop !== undefined) into.delete(p.drop);
        else into.put(p.value);
      }
      change.commit?.(); // else it would end only when this page has heard of every put
      await finished;
      waiting = waiting.filter((p) => !mine.includes(p));
      aside.drop(mine.filter((p) => p.store === "events" && p.value).map((p) => p.value.id));
      lost &&= waiting.length > 0;
      trouble(undefined, false);
      return true;
    } catch (error) {
      trouble(error, !lost);
      return !lost;
    }
  };
  const puts = (events, head) => [...events.map((value) => ({ store: "events", value })), { store: "runs", value: head }];
  const all = async (name, index, key) => {
    try {
      const db = await connect();
      const from = db.transaction(name).objectStore(name);
      return await result(index ? from.index(index).getAll(key) : from.getAll());
    } catch {
      return [];
    }
  };
  return {
    /** Takes up what an earlier page could not write, or had no time to. */
    recover() {
      const left = aside.all();
      if (!left.length) return;
      remember(left.map((x) => x.event));
      const heads = new Map(left.sort((a, b) => a.event.n - b.event.n).map((x) => [x.head.id, x.head]));
      return write([...heads.values()].flatMap((head) => puts(left.filter((x) => x.event.run === head.id).map((x) => x.event), head)));
    },
    /**
     * Adds events to a run, with the line that stands for it in lists.
     * @returns {Promise<boolean>} whether they outlive this tab
     */
    async add(events, head) {
      remember(events);
      if (!aside.keep(events, head)) lost = true;
      return write(puts(events, head));
    },
    /** Every event of a run that this browser knows. */
    async events(run) {
      const kept = await all("events", "run", run);
      const known = join(memory.get(run) ?? [], kept); // what happened while the disk was read counts too
      memory.set(run, known);
      return known;
    },
    /** What another tab told. */
    hear: remember,
    async runs() {
      const heads = new Map((await all("runs")).map((r) => [r.id, r]));
      for (const { head } of aside.all()) if (!(heads.get(head.id)?.at > head.at)) heads.set(head.id, head);
      return [...heads.values()];
    },
    async drop(run) {
      const events = await this.events(run);
      memory.delete(run);
      waiting = waiting.filter((p) => p.value?.run !== run && p.value?.id !== run);
      aside.drop(events.map((e) => e.id));
      return write([...events.map((e) => ({ store: "events", drop: [e.run, e.id] })), { store: "runs", drop: run }]);
    },
    draft: (id, text) => write([text ? { store: "drafts", value: { id, text } } : { store: "drafts", drop: id }]),
    drafts: () => all("drafts"),
    /** Tries again to write what could not be written. */
    retry: () => (waiting.length ? write([]) : Promise.resolve(true)),
  };
}
