"""Write a document as one HTML file for A4: nothing is fetched, and the style is named by its hash. Pure."""

from __future__ import annotations

import base64
import hashlib
from collections.abc import Iterator
from html import escape

from machxa_collector.outputs.blocks import ONE_PAGE, Cell, Document, Facts, Table, Text, shown

_STYLE = """
@page{size:A4;margin:20mm 15mm 20mm 30mm}
body{font:13pt/1.35 "Times New Roman",Tinos,"Liberation Serif",serif;color:#000;background:#fff;
margin:0 auto;max-width:180mm;padding:8mm;overflow-wrap:break-word}
header{display:grid;grid-template-columns:5fr 8fr;gap:2mm;text-align:center;font-size:12pt}
.motto{white-space:nowrap;letter-spacing:-.02em}
header p{margin:0}.line{display:inline-block;border-bottom:1px solid #000;width:40%;height:1mm}
.date{font-style:italic;margin-top:2mm!important}
h1{font-size:14pt;text-align:center;margin:8mm 0 0;text-transform:uppercase}.sub{text-align:center;margin:1mm 0 5mm}
h2{font-size:13pt;margin:5mm 0 2mm}
table{border-collapse:collapse;width:100%;font-size:11pt;margin:2mm 0 4mm}
th,td{border:1px solid #000;padding:1mm 1.5mm;vertical-align:top;text-align:left;overflow-wrap:anywhere}
thead{display:table-header-group}tr{break-inside:avoid}
td.n{text-align:right;white-space:nowrap}
tr.red td{font-weight:bold;color:#a00000}tr.red td:first-child::before{content:"! "}
.facts th{width:42%;font-weight:normal}
.sign{display:grid;grid-auto-flow:column;grid-auto-columns:1fr;text-align:center;margin-top:8mm;break-inside:avoid}
.sign p{margin:0}.sign i{display:block;margin-bottom:22mm}
.small{font-size:10pt}.hash{font:9pt/1.3 monospace;overflow-wrap:anywhere;border-top:1px solid #000;padding-top:1mm}
.mark{float:right;width:22mm}.mark svg{width:22mm;height:22mm}
@page tight{margin:10mm 12mm 10mm 20mm}
.tight{page:tight;font-size:10pt}.tight header{font-size:9.5pt}.tight h1{font-size:12pt;margin-top:3mm}
.tight .sub{margin-bottom:2mm}.tight h2{font-size:10pt;margin:2mm 0 1mm}.tight p{margin:1mm 0}
.tight table{font-size:8.5pt;margin:1mm 0}.tight th,.tight td{padding:.3mm 1mm;overflow-wrap:break-word}
.tight .facts th{width:62%}
.tight .sign{margin-top:2mm}.tight .sign i{margin-bottom:11mm}.tight .small{font-size:8pt}.tight .hash{font-size:7pt}
@media print{body{padding:0;max-width:none}.bar{display:none}}
"""
STYLE_SOURCE = "'sha256-" + base64.b64encode(hashlib.sha256(_STYLE.encode()).digest()).decode() + "'"


def write_html(document: Document, sha256: str, mark: str = "") -> bytes:
    """Return a page to print; mark is an SVG that leads to where the hash is checked, from ourselves, or nothing."""
    parts = [
        f'<!doctype html><html lang="vi"><head><meta charset="utf-8"><title>{escape(document.title)}</title>',
        f'<meta name="viewport" content="width=device-width, initial-scale=1"><style>{_STYLE}</style></head>',
        f'<body class="{"tight" if document.kind in ONE_PAGE else "usual"}">',
        _head(document),
        f'<main><h1>{escape(document.title)}</h1><p class="sub">{escape(document.subtitle)}</p>',
        *(_block(block) for block in document.blocks),
        "</main>",
        _signatures(document),
        f'<footer><div class="mark">{mark}</div><p class="small">{escape(document.basis)}</p>',
        f'<p class="hash">SHA-256: {escape(sha256)}</p></footer></body></html>',
    ]
    return "\n".join(parts).encode()


def _head(document: Document) -> str:
    day = f"ngày {document.made_day:02} tháng {document.made_month:02} năm {document.made_year}"
    return (
        f'<header><div><p>{escape(document.over)}</p><p><b>{escape(document.office)}</b></p><span class="line"></span>'
        f"<p>Số: ......../{escape(document.symbol)}</p></div>"
        '<div><p class="motto"><b>CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM</b></p><p><b>Độc lập - Tự do - Hạnh phúc</b></p>'
        f'<span class="line"></span><p class="date">{escape(document.place)}, {day}</p></div></header>'
    )


def _block(block: Text | Facts | Table) -> str:
    if isinstance(block, Text):
        tag = "h2" if block.is_heading else "p"
        return f"<{tag}>{escape(block.text)}</{tag}>"
    if isinstance(block, Facts):
        rows = "".join(
            f'<tr><th scope="row">{escape(label)}</th><td>{escape(shown(value))}</td></tr>'
            for label, value in block.rows
        )
        return f'<table class="facts"><tbody>{rows}</tbody></table>'
    head = "".join(f'<th scope="col">{escape(text)}</th>' for text in block.headings)
    body = "".join(_rows(block))
    return f"<h2>{escape(block.name)}</h2><table><thead><tr>{head}</tr></thead><tbody>{body}</tbody></table>"


def _rows(table: Table) -> Iterator[str]:
    red = frozenset(table.red)
    for number, row in enumerate(table.rows):
        mark = ' class="red"' if number in red else ""
        yield f"<tr{mark}>{''.join(map(_cell, row))}</tr>"
    if not table.rows:
        yield f'<tr><td colspan="{len(table.headings)}">Không có</td></tr>'


def _cell(cell: Cell) -> str:
    kind = "" if cell is None or isinstance(cell, str) else ' class="n"'
    return f"<td{kind}>{escape(shown(cell))}</td>"


def _signatures(document: Document) -> str:
    signs = "".join(
        f"<div><p><b>{escape(one.role)}</b></p><i>{escape(one.how)}</i></div>" for one in document.signatures
    )
    to = "".join(f"- {escape(name)};<br>" for name in document.receivers)
    receivers = f'<p class="small"><b><i>Nơi nhận:</i></b><br>{to}</p>' if to else ""
    return f'<section class="sign">{signs}</section>{receivers}'
