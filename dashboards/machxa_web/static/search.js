// Switches the key "/" off and on, for who speaks to the computer or types by a key's name alone.
"use strict";
(() => {
  const offer = document.querySelector("[data-slash]"), tick = offer.querySelector("input"), OFF = "noslash";
  try {
    tick.checked = !localStorage[OFF];
    tick.addEventListener("change", () => { localStorage[OFF] = tick.checked ? "" : "1"; });
    offer.hidden = false;
  } catch { /* a browser that keeps nothing leaves it on */ }
})();
