/* Sign-in: posts to the API, says what went wrong, goes on to the page that was asked for. */
(function () {
  "use strict";

  function target() {
    const query = new URLSearchParams(location.search);
    const next = new URL(query.get("next") || "/", location.origin);
    const lang = query.get("lang") || next.searchParams.get("lang");
    const path = ["/big", "/mid", "/mobile", "/desk", "/admin", "/account"].includes(next.pathname) ? next.pathname : "/";
    return lang === "en" || lang === "zh" ? path + "?lang=" + lang : path;
  }

  async function send(form) {
    const value = (name) => form.querySelector("#login-" + name).value;
    const options = { method: "POST", headers: { "Content-Type": "application/json" } };
    options.body = JSON.stringify({ username: value("username").trim(), password: value("password") });
    const answer = await fetch("/api/v1/session", options).catch(() => ({ status: 0 }));
    if (answer.status === 204) {
      localStorage.setItem("citydeck:user", value("username").trim()); // whose choices this browser keeps (theme.js)
      return location.assign(target());
    }
    const reason = { 401: "wrong", 422: "wrong", 429: "wait" }[answer.status] || "failed";
    form.querySelector('[data-login="error"]').textContent = form.getAttribute("data-text-" + reason);
  }

  document.addEventListener("click", (event) => {
    const button = event.target.closest('[data-login="submit"]');
    if (button) send(button.closest('[data-login="form"]'));
  });
  document.addEventListener("keydown", (event) => {
    const form = event.key === "Enter" && event.target.closest('[data-login="form"]');
    if (form) send(form);
  });
})();
