"""Sixty texts that somebody could put wherever a text comes from outside, and what they must never become."""

from __future__ import annotations

MARK = "hstl"  # in every one, so that what a page or an export made of it is found again

SCRIPTS = (
    "<script>window.hstl=1;alert(1)</script>",
    '<img src=x onerror="window.hstl=2;alert(2)">',
    '"><script>alert("hstl")</script>',
    "'><svg onload=alert('hstl')>",
    "<svg><script>window.hstl=3</script></svg>",
    '<a href="javascript:alert(1)" class="hstl">x</a>',
    "<iframe class=hstl srcdoc='<script>parent.hstl=4</script>'></iframe>",
    '<details open ontoggle="window.hstl=5" class=hstl>',
    "<body onload=window.hstl=6>",
    "<style class=hstl>*{display:none}</style>",
    "<base href='//evil.invalid/hstl/'>",
    "<meta http-equiv=refresh content='0;url=//evil.invalid/hstl'>",
    "<form action=//evil.invalid/hstl><button>x",
    "<math><mtext></mtext><mglyph><svg><mtext><img src onerror=window.hstl=7>",
    "</textarea><script>window.hstl=8</script>",
    "</title><script>window.hstl=9</script>",
    "--><script>window.hstl=10</script>",
    "]]><script>window.hstl=11</script>",
    "</script><script>window.hstl=12</script>",
    '" autofocus onfocus="window.hstl=13',
    "' onmouseover='window.hstl=14",
    "` onclick=window.hstl=15",
    "&lt;script&gt;window.hstl=16&lt;/script&gt;",
    "&#60;script&#62;window.hstl=17",
    "\\u003cscript\\u003ewindow.hstl=18",
    "%3Cscript%3Ewindow.hstl=19%3C/script%3E",
    "\uff1cscript\uff1ewindow.hstl=20",
)
TEMPLATES = (
    "{{ 7*7 }}hstl",
    "{% for x in range(9) %}hstl{% endfor %}",
    "{{ config.items() }}hstl",
    "${7*7}hstl",
    "#{7*7}hstl",
    "<%= 7*7 %>hstl",
    "{{''.__class__.__mro__}}hstl",
    "%(hstl)s %s %d %n",
    "{0} {hstl} {}",
)
LINKS = (
    "javascript:window.hstl=21",
    "JaVaScRiPt:alert('hstl')",
    "data:text/html,<script>window.hstl=22</script>",
    "vbscript:msgbox(hstl)",
    "https://evil.invalid/hstl",
    "//evil.invalid/hstl",
    "file:///etc/passwd?hstl",
)
SIGNS = (
    "hstl\u202etxt.exe",
    "\u2066hstl\u2069\u200f",
    "hstl\u200b\u200d\ufeff\u2060",
    "hstl\\ud800",
    "hstl\u0301\u0301\u0301\u0301\u0301\u0301\u0301\u0301",
    "\U000e0068\U000e0073hstl",
    "hstl\u00a0\u2028\u2029",
    "hstl" + "\u0e47" * 60,
    "hstl" + "W" * 190,
    "hstl " + "từ " * 60,
)
FORMULAS = (
    "=cmd|' /C calc'!A0 hstl",
    '=HYPERLINK("http://evil.invalid/hstl","x")',
    "+1+hstl",
    "-2-hstl",
    "@SUM(hstl)",
    "=1+1&hstl",
    '"=1+1";hstl',
)

STRINGS = (*SCRIPTS, *TEMPLATES, *LINKS, *SIGNS, *FORMULAS)
assert len(STRINGS) == 60
