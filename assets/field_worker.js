/* The service worker of /mobile. It keeps words, styles, scripts and the page for no network, none of which is about a person: never an
   answer of /api or /live. The server writes MARK and HELD before this text; a new MARK is a new worker with a new cache. */
"use strict";
const CACHE = "citydeck-mobile-" + MARK, PATIENCE_MS = 5000;

self.addEventListener("install", (event) => {
  event.waitUntil(caches.open(CACHE).then((cache) => cache.addAll(HELD.map((path) => new Request(path, { cache: "reload" })))).then(() => self.skipWaiting()));
});

self.addEventListener("activate", (event) => {
  const old = (names) => names.filter((name) => name.startsWith("citydeck-mobile-") && name !== CACHE);
  event.waitUntil(caches.keys().then((names) => Promise.all(old(names).map((name) => caches.delete(name)))).then(() => self.clients.claim()));
});

self.addEventListener("fetch", (event) => {
  const url = new URL(event.request.url);
  if (event.request.method !== "GET" || url.origin !== location.origin) return;
  if (event.request.mode === "navigate" && url.pathname.replace(/\/$/, "") === "/mobile") event.respondWith(page(event.request, url));
  else if (HELD.includes(url.pathname + url.search)) event.respondWith(kept(event.request, url));
});

/* The page itself while somebody answers in time; else the one for no network. */
async function page(request, url) {
  const late = new Promise((_, reject) => setTimeout(reject, PATIENCE_MS, new Error("late")));
  try {
    const answer = await Promise.race([fetch(request), late]);
    if (answer.status < 502) return answer;
  } catch (error) {
    /* nobody answered */
  }
  return caches.match(`/mobile/offline/${url.searchParams.get("lang") === "en" ? "en" : "zh"}`);
}

/* What changes with its address comes from the cache, words from the server as long as it answers. */
async function kept(request, url) {
  const held = await caches.match(url.pathname + url.search);
  if (held && url.search) return held;
  try {
    const answer = await fetch(request);
    if (answer.ok) return answer;
  } catch (error) {
    /* nobody answered */
  }
  return held || Response.error();
}
