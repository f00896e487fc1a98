from __future__ import annotations

from dataclasses import replace

from machxa_collector.impact.line_need import Sending, line_need

# impact.md F18: 25 dossiers an hour of 10 pages of 0.5 MB; one dossier of 5 MB in 10 s
CHECK = Sending(dossiers_per_hour=25, pages=10, page_mb=0.5, file_mb=5)


def test_the_worked_check_holds_to_the_digit() -> None:
    found = line_need(CHECK)

    inputs = {one.name: one.value for one in found.inputs}
    assert (f"{inputs['mean_mbps']:.2f}", found.figure) == ("0.28", 4.0)


def test_the_busier_of_mean_and_waiting_decides_and_the_rest_comes_besides() -> None:
    many = replace(CHECK, dossiers_per_hour=500, peak=2.0, video_mbps=2.0, updates_mbps=0.5)

    assert round(line_need(many).figure or 0, 2) == round(500 * 10 * 0.5 * 8 / 3600 * 2 + 2.5, 2)
    assert line_need(replace(CHECK, parallel=3)).figure == 12.0
