// What lies at sw.js where a site keeps no copies: it takes away what an earlier version of the site left in a reader's browser. Pages that
// are open stay as they are.
self.addEventListener("install", () => self.skipWaiting());
self.addEventListener("activate", (event) => event.waitUntil(leave()));

async function leave() {
  await caches.delete("opsbook " + new URL(self.registration.scope).pathname);
  await self.registration.unregister();
}
