/* Where this device is, for steps, pictures and calls for help (https only), and pictures made small enough for a bad network. */
(function () {
  "use strict";
  const field = (window.citydeckField = window.citydeckField || {});
  const FRESH_MS = 120000, WAIT_MS = 1500, LONGEST_SIDE = 2048, SMALL_BYTES = 600000;
  let last = null, watching = false;

  function watch() {
    if (watching || !navigator.geolocation) return;
    watching = true;
    navigator.geolocation.watchPosition(({ coords }) => (last = { lon: round(coords.longitude), lat: round(coords.latitude), at: Date.now() }), () => {}, { enableHighAccuracy: true, maximumAge: FRESH_MS });
  }

  const round = (degrees) => Math.round(degrees * 1e6) / 1e6;

  /* {lon, lat}, or {} when nobody knows soon enough: no deed waits for a satellite. */
  field.here = async function () {
    watch();
    const until = Date.now() + (navigator.geolocation ? WAIT_MS : 0);
    while (!(last && Date.now() - last.at < FRESH_MS) && Date.now() < until) await new Promise((done) => setTimeout(done, 100));
    return last && Date.now() - last.at < FRESH_MS ? { lon: last.lon, lat: last.lat } : {};
  };

  field.smaller = async function (file) {
    if (file.size <= SMALL_BYTES || !window.createImageBitmap) return file;
    try {
      const image = await createImageBitmap(file, { imageOrientation: "from-image" });
      const scale = Math.min(1, LONGEST_SIDE / Math.max(image.width, image.height));
      const canvas = Object.assign(document.createElement("canvas"), { width: Math.round(image.width * scale), height: Math.round(image.height * scale) });
      canvas.getContext("2d").drawImage(image, 0, 0, canvas.width, canvas.height);
      const made = await new Promise((done) => canvas.toBlob(done, "image/jpeg", 0.85));
      return made && made.size < file.size ? made : file;
    } catch (error) {
      return file; // not a picture that this browser reads: the server says what it takes
    }
  };

  /* Ask the camera for one picture; null when the person thought better of it. */
  field.shoot = () => new Promise((done) => {
    const input = field.h("input", { type: "file", accept: "image/*", capture: "environment", hidden: true, "data-field-name": "camera" });
    input.onchange = () => { done(input.files[0] || null); input.remove(); };
    input.oncancel = () => { done(null); input.remove(); };
    document.body.append(input);
    input.click();
  });
})();
