/* Keep the page young: tick the age, take new values when there are any, say when the centre is silent. */
"use strict";
(() => {
  const main = document.getElementById("main");
  const cut = document.getElementById("cut");
  const ahead = Number(main.dataset.now) - Date.now();
  const words = new Intl.RelativeTimeFormat(document.documentElement.lang);
  const UNITS = [["day", 86400], ["hour", 3600], ["minute", 60], ["second", 1]];
  let held = null;

  function tick() {
    for (const one of document.querySelectorAll("time[data-age]")) {
      const passed = Math.max(1, Math.round((Date.now() + ahead - Date.parse(one.dateTime)) / 1000));
      const [unit, length] = UNITS.find(([, seconds]) => passed >= seconds * 1.5) || UNITS[3];
      const text = words.format(-Math.round(passed / length), unit);
      if (one.textContent !== text) one.textContent = text;
    }
  }

  function say(text) {
    cut.textContent = text;
    cut.hidden = !text;
  }

  document.addEventListener("htmx:beforeSwap", (event) => {
    const {xhr} = event.detail;
    if (xhr.status >= 400) return;
    say("");
    const etag = xhr.getResponseHeader("ETag");
    if (etag && etag === held) event.detail.shouldSwap = false;
    held = etag;
    main.dataset.open = [...main.querySelectorAll("details[open]")].map((one) => one.id).join(" ");
  });
  document.addEventListener("htmx:afterSwap", () => {
    for (const id of (main.dataset.open || "").split(" ")) {
      const details = id && document.getElementById(id);
      if (details) details.open = true;
    }
    document.dispatchEvent(new Event("machxa:values"));
    tick();
  });
  for (const name of ["htmx:sendError", "htmx:responseError", "htmx:timeout"]) {
    document.addEventListener(name, () => say(cut.dataset.text));
  }
  setInterval(tick, 1000);
  tick();
})();
