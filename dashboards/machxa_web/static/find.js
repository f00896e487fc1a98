// "/" leads to the search box
addEventListener("keydown", (event) => {
  if (event.key !== "/" || event.ctrlKey || event.metaKey || event.target.closest("input, textarea, select")) return;
  try { if (localStorage.noslash) return; } catch { /* nothing is kept */ }
  event.preventDefault();
  document.querySelector("#find input").select();
});
