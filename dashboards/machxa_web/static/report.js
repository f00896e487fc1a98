// Keeps a report on the phone until the centre has said that it has it. Without this file the form works by itself.
"use strict";
(() => {
  const STORE = "machxa-reports", MOST = 20, WEEK = 7 * 864e5, told = document.getElementById("kept");
  const isOld = (one) => Date.now() - one.at >= WEEK;
  const read = (old = false) => {
    try {
      return JSON.parse(localStorage.getItem(STORE) || "[]").filter((one) => isOld(one) === old);
    } catch {
      return [];
    }
  };
  const write = (all) => localStorage.setItem(STORE, JSON.stringify(all.slice(-MOST)));
  const drop = (key) => write(read().filter((one) => one.key !== key));
  const photos = new Map(); // by their reports' keys; too large for the store, so only while the page is open
  const WHY = { 409: "other", 413: "large", 415: "type", 503: "busy" };
  let wait = 1000, timer = 0, busy = false;

  async function smaller(photo) {
    if (photo.size < 4e5) return photo;
    try {
      const picture = await createImageBitmap(photo), by = Math.min(1, 1600 / Math.max(picture.width, picture.height));
      const canvas = document.createElement("canvas");
      canvas.width = Math.round(picture.width * by);
      canvas.height = Math.round(picture.height * by);
      canvas.getContext("2d").drawImage(picture, 0, 0, canvas.width, canvas.height);
      const made = await new Promise((done) => canvas.toBlob(done, "image/jpeg", 0.8));
      return made && made.size < photo.size ? made : photo;
    } catch {
      return photo; // the centre says what is wrong with it
    }
  }

  async function arrived(status, photo) {
    if (photo) {
      const box = document.getElementById("sending"), form = new FormData();
      if (told) told.hidden = true;
      if (box) {
        box.querySelector("a").href = status;
        box.hidden = false;
        box.scrollIntoView();
      }
      let why = "cut";
      try {
        form.append("photo", await smaller(photo), "photo");
        const answer = await fetch(status.split("?")[0] + "/photo", { method: "POST", body: form, redirect: "manual" });
        why = answer.type === "opaqueredirect" ? "" : WHY[answer.status] || "cut";
      } catch {
        // the report is there; its page offers to send the photograph again
      }
      if (why) status += (status.includes("?") ? "&" : "?") + "photo=" + why;
    }
    location.assign(status);
  }

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
        await arrived(status, photos.get(one.key));
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
    const filled = new FormData(form, event.submitter), key = filled.get("key"), photo = filled.get("photo");
    filled.delete("photo");
    const body = new URLSearchParams(filled);
    if (photo && photo.size) photos.set(key, photo);
    else photos.delete(key);
    const kept = document.getElementById("kept-photo");
    if (kept) kept.hidden = !photos.size;
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
  const past = document.getElementById("kept-old");
  if (past && read(true).length) { past.hidden = false; write(read()); }
  if (read().length) { if (told) told.hidden = false; send(); }
})();
