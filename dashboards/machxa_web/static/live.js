/* Keep the page young: tick the age, take new values when there are any, say when the centre is silent. */
"use strict";
(() => {
  const main = document.getElementById("main");
  const cut = document.getElementById("cut");
  const ahead = Number(main.dataset.now) - Date.now();
  const words = new Intl.RelativeTimeFormat(document.documentElement.lang);
  const UNITS = [["day", 86400], ["hour", 3600], ["minute", 60], ["second", 1]];
  const CLOCK = {hour: "2-digit", minute: "2-digit", timeZone: "Asia/Ho_Chi_Minh"};
  const MOST_WAITS = 8; // of half a minute, while somebody picks or types
  let held = null, waits = 0;

  function tick() {
    for (const one of document.querySelectorAll("time[data-age]")) {
      const passed = Math.max(1, Math.round((Date.now() + ahead - Date.parse(one.dateTime)) / 1000));
      const [unit, length] = UNITS.find(([, seconds]) => passed >= seconds * 1.5) || UNITS[3];
      const text = words.format(-Math.round(passed / length), unit);
      if (one.textContent !== text) one.textContent = text;
    }
  }

  /* What somebody picked or is typing into would be lost with what is shown. */
  function isBusy() {
    const typing = document.activeElement.matches("input, select, textarea") && main.contains(document.activeElement);
    const busy = typing || main.querySelector("td input:checked") !== null;
    waits = busy ? waits + 1 : 0;
    return busy && waits <= MOST_WAITS;
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
    if ((etag && etag === held) || isBusy()) event.detail.shouldSwap = false;
    else held = etag;
    const at = Number(xhr.getResponseHeader("Machxa-At"));
    const mark = document.getElementById("asof");
    if (at && mark) mark.textContent = new Date(at).toLocaleTimeString("en-GB", CLOCK);
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
