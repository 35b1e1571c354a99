/* The own account: changing the password and signing out everywhere go to the API, which sets and clears the cookie. */
(function () {
  "use strict";

  const json = { "Content-Type": "application/json" };

  async function change(form) {
    const value = (name) => form.querySelector("#password-" + name).value;
    const tell = (reason) => (form.querySelector('[data-password="error"]').textContent = form.getAttribute("data-text-" + reason) || form.getAttribute("data-text-failed"));
    if (value("new") !== value("again")) return tell("repeat");
    const body = JSON.stringify({ old: value("old"), new: value("new") });
    const answer = await fetch("/api/v1/session/password", { method: "PUT", headers: json, body }).catch(() => ({ status: 0 }));
    if (answer.status === 204) {
      tell("done");
      const first = form.querySelector(".account-must");
      return first ? location.assign("/" + location.search) : setTimeout(() => location.reload(), 1200);
    }
    const told = answer.json ? await answer.json().catch(() => ({})) : {};
    tell(answer.status === 429 ? "wait" : told.code || "failed");
  }

  document.addEventListener("click", (event) => {
    const submit = event.target.closest('[data-password="submit"]');
    if (submit) change(submit.closest('[data-password="form"]'));
    const everywhere = event.target.closest("[data-sign-out-everywhere]");
    if (everywhere) fetch("/api/v1/sessions", { method: "DELETE" }).finally(() => location.assign(everywhere.dataset.signOutEverywhere));
  });
  document.addEventListener("keydown", (event) => {
    const form = event.key === "Enter" && event.target.closest('[data-password="form"]');
    if (form && event.target.tagName === "INPUT") change(form);
  });
})();
