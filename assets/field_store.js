/* What this device keeps for the work tab, in IndexedDB: the last picture and what waits to be sent. Nothing personal lies elsewhere. */
(function () {
  "use strict";
  const field = (window.citydeckField = window.citydeckField || {});
  const NAME = "citydeck-field", STORES = ["kept", "queue"];
  let opened = null;

  function open() {
    if (opened) return opened;
    opened = new Promise((resolve, reject) => {
      const asked = indexedDB.open(NAME, 1);
      asked.onupgradeneeded = () => {
        asked.result.createObjectStore("kept");
        asked.result.createObjectStore("queue", { keyPath: "seq", autoIncrement: true });
      };
      asked.onsuccess = () => resolve(asked.result);
      asked.onerror = () => reject(asked.error);
    });
    return opened;
  }

  /* One transaction; what is written is on the disk when the promise is kept. */
  async function within(stores, mode, deed) {
    const base = await open();
    return new Promise((resolve, reject) => {
      const transaction = base.transaction(stores, mode, { durability: "strict" });
      const asked = deed(transaction);
      transaction.oncomplete = () => resolve(asked && asked.result);
      transaction.onerror = transaction.onabort = () => reject(transaction.error);
    });
  }

  const one = (name, mode, deed) => within([name], mode, (transaction) => deed(transaction.objectStore(name)));

  field.store = {
    keep: (key, value) => one("kept", "readwrite", (store) => store.put(value, key)),
    kept: (key) => one("kept", "readonly", (store) => store.get(key)),
    add: (entry) => one("queue", "readwrite", (store) => store.add(entry)),
    put: (entry) => one("queue", "readwrite", (store) => store.put(entry)),
    drop: (seq) => one("queue", "readwrite", (store) => store.delete(seq)),
    all: () => one("queue", "readonly", (store) => store.getAll()),
    forget: () => one("kept", "readwrite", (store) => store.clear()),
    clear: () => within(STORES, "readwrite", (transaction) => STORES.forEach((name) => transaction.objectStore(name).clear())),
  };
})();
