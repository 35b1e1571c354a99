/* Who appeals, in clear: asked for by whoever calls back, and written into the audit log by the server. */
(function () {
  "use strict";
  document.addEventListener("click", async (event) => {
    const button = event.target.closest("[data-appellant]");
    if (!button) return;
    button.disabled = true;
    try {
      const answer = await fetch(`/api/v1/incidents/${button.dataset.appellant}/appellant`, {
        method: "POST", headers: { "Content-Type": "application/json" }, body: "{}", signal: AbortSignal.timeout(15000),
      });
      const document = await answer.json();
      button.previousElementSibling.textContent = answer.ok ? Object.values(document.person).join(" ") : document.detail || document.title;
    } finally {
      button.disabled = false;
    }
  });
})();
