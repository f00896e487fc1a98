"""Note everything wrong with a page while a real browser shows it."""

from __future__ import annotations

from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

if TYPE_CHECKING:
    from playwright.sync_api import ConsoleMessage, Page

_HEARD = "window.broken = []; addEventListener('securitypolicyviolation', (e) => broken.push(e.violatedDirective))"


class Watched:
    """Hold a page and what was wrong with it: errors, refused content, requests to elsewhere."""

    def __init__(self, page: Page, address: str) -> None:
        self.page = page
        self.errors: list[str] = []
        self.elsewhere: list[str] = []
        self._host = urlsplit(address).netloc
        page.add_init_script(_HEARD)
        page.on("console", self._console)
        page.on("pageerror", lambda error: self.errors.append(str(error)))
        page.on("dialog", lambda dialog: self.errors.append(f"a dialog opened: {dialog.message}"))
        page.on("request", lambda request: self._request(request.url))

    def refused(self) -> list[str]:
        """Return the content security policy's violations so far."""
        return [str(one) for one in self.page.evaluate("window.broken")]

    def overflow(self) -> int:
        """Return by how many pixels the page is wider than its window."""
        return int(self.page.evaluate("document.documentElement.scrollWidth - innerWidth"))

    def drawn_points(self) -> dict[str, int]:
        """Return how many points each chart drew, for charts whose canvas is not blank."""
        found = self.page.evaluate(_DRAWN)
        return {str(key): int(points) for key, points in found.items()}

    def shorten(self) -> None:
        """Leave the first and last few rows of tables and lists: those between are of one make, and cost minutes."""
        self.page.evaluate(_SHORTEN)

    def barriers(self, rule: str | None = None) -> list[str]:
        """Return axe's serious and critical findings: rule and place; of one rule alone, if it is named."""
        spec = find_spec("axe_playwright_python")
        assert spec is not None
        assert spec.origin is not None
        if not self.page.evaluate("'axe' in window"):
            self.page.evaluate(Path(spec.origin).with_name("axe.min.js").read_text(encoding="utf-8"))
        asked = {"resultTypes": ["violations"], **({} if rule is None else {"runOnly": [rule]})}
        findings = self.page.evaluate("(asked) => axe.run(document, asked).then((found) => found.violations)", asked)
        return [
            f"{one['id']}: {node['target']}"
            for one in findings
            if one["impact"] in {"serious", "critical"}
            for node in one["nodes"]
        ]

    def _console(self, message: ConsoleMessage) -> None:
        if message.type in {"error", "warning"}:
            self.errors.append(message.text)

    def _request(self, url: str) -> None:
        if urlsplit(url).netloc != self._host:
            self.elsewhere.append(url)


_SHORTEN = """() => {
  for (const box of document.querySelectorAll('tbody, ul, ol, datalist, select, dl'))
    for (const one of [...box.children].slice(8, -3))
      if (!one.querySelector(':focus')) one.remove();
}"""
_DRAWN = """() => Object.fromEntries([...document.querySelectorAll('[data-chart]')].filter((box) => {
  const canvas = box.querySelector('canvas');
  if (!canvas) return false;
  const colours = new Set(new Uint32Array(
    canvas.getContext('2d').getImageData(0, 0, canvas.width, canvas.height).data.buffer));
  return colours.size > 10;
}).map((box) => [box.dataset.chart, box.dataset.points]))"""
