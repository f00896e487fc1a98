// Keeps a report on the phone until the centre has said that it has it. Without this file the form works by itself.
"use strict";
(() => {
  const STORE = "machxa-reports", MOST = 20, WEEK = 7 * 864e5, told = document.getElementById("kept");
  const read = () => {
    try {
      return JSON.parse(localStorage.getItem(STORE) || "[]").filter((one) => Date.now() - one.at < WEEK);
    } catch {
      return [];
    }
  };
  const write = (all) => localStorage.setItem(STORE, JSON.stringify(all.slice(-MOST)));
  const drop = (key) => write(read().filter((one) => one.key !== key));
  let wait = 1000, timer = 0, busy = false;

  async function send() {
    clearTimeout(timer);
    const one = read()[0];
    if (!one || busy) return;
    busy = true;
    try {
      const cut = new AbortController();
      const late = setTimeout(() => cut.abort(), 60000);
      const answer = await fetch(one.url, {
        method: "POST", body: one.body, signal: cut.signal, headers: {
          "Content-Type": "application/x-www-form-urlencoded", "Accept": "application/json", "Idempotency-Key": one.key,
        },
      });
      clearTimeout(late);
      if (answer.ok) {
        const status = (await answer.json()).status;
        drop(one.key);
        location.assign(status);
        return;
      }
      if (answer.status < 500 && answer.status !== 408 && answer.status !== 429) {
        drop(one.key); // it will never be taken: the browser's own way shows why
        const form = [...document.querySelectorAll("form[data-keep]")].find((form) => form.elements.key.value === one.key);
        if (form) form.submit();
        else location.assign(one.url);
        return;
      }
    } catch {
      // no line, or cut off: the same key goes again
    } finally {
      busy = false;
    }
    if (!read().length) return;
    if (told) told.hidden = false;
    timer = setTimeout(send, wait * (0.75 + Math.random() / 2));
    wait = Math.min(wait * 2, 60000);
  }

  addEventListener("submit", (event) => {
    const form = event.target;
    if (!form.matches("form[data-keep]")) return;
    const body = new URLSearchParams(new FormData(form, event.submitter)), key = body.get("key");
    try {
      write([...read().filter((one) => one.key !== key), { key, url: form.action, body: body.toString(), at: Date.now() }]);
    } catch {
      return; // nothing can be kept here: the browser sends it
    }
    event.preventDefault();
    wait = 1000;
    send();
  });
  addEventListener("online", () => { wait = 1000; send(); });
  if (read().length) { if (told) told.hidden = false; send(); }
})();
