/* How often the desk's components hear of Dash's store. Dash tells each of some two thousand listeners of each change: forty for one move of
   the cursor, and one more for each component that comes new, most of them of the callbacks' own book-keeping. Here they are told once
   for all the changes of a task, never of what no component reads, and late of what only says that something loads. Dash's own observers
   subscribe before the store is put into window.dash_stores, and go on being told of everything at once. */
(function () {
  "use strict";
  const UNREAD = new Set(["callbacks", "callbackJobs", "paths", "profile", "changed"]), LOADS = new Set(["loading", "isLoading"]), LOADS_MS = 300;

  const changed = (was, is) => Object.keys(is).filter((name) => was[name] !== is[name] && !UNREAD.has(name));

  function seldom(store) {
    const subscribe = store.subscribe;
    store.subscribe = (listener) => {
      let told = store.getState(), soon = false, late = null;
      const tell = () => {
        clearTimeout(late);
        soon = late = null;
        if (told === store.getState() || !listener) return;
        told = store.getState();
        listener();
      };
      const unsubscribe = subscribe(() => {
        const names = soon ? [] : changed(told, store.getState());
        if (!names.length) return;
        if (names.every((name) => LOADS.has(name))) return void (late = late || setTimeout(tell, LOADS_MS));
        soon = true;
        queueMicrotask(tell);
      });
      return () => { listener = null; unsubscribe(); };
    };
    return store;
  }

  const stores = (window.dash_stores = window.dash_stores || []), push = stores.push;
  stores.push = (...made) => push.apply(stores, made.map(seldom));
})();
