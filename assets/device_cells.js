/* A device's name in the desk's list; beside a camera's stands its still (camera_stills.js). */
(function () {
  "use strict";
  if (!/\/desk\/?$/.test(location.pathname)) return;
  const cells = (window.dashAgGridComponentFunctions = window.dashAgGridComponentFunctions || {});
  const h = (...parts) => window.React.createElement(...parts);

  function still([id, online]) {
    const put = (box) => box && box.dataset.of !== id && (box.dataset.of = id, box.replaceChildren(window.citydeckStill(id, online)));
    return h("b", { key: id, ref: put });
  }

  cells.DeviceName = ({ data }) => data && h("div", { className: "cell-device" }, h("span", null, data.name), data.camera ? still(data.camera) : null);
})();
