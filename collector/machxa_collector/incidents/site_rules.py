"""Judge a site as a whole: dark, its line cut, on battery; its other lines, weak lines. Pure."""

from __future__ import annotations

from machxa_collector.incidents.context import Context
from machxa_collector.incidents.darkness import Dark
from machxa_collector.incidents.finding import Clear, Finding, Found, Key
from machxa_collector.incidents.incident import Evidence, Why
from machxa_collector.incidents.site import SiteWatch
from machxa_collector.incidents.words import Cause, Layer
from machxa_collector.watch.presence import State
from machxa_collector.watch.standing import Standing

LAYERS = {Cause.POWER: Layer.POWER, Cause.LINE: Layer.WAN, Cause.POWER_OR_LINE: Layer.WAN}
BLIP_MS = 300_000  # F5: a router's restart is no incident
_TOGETHER_MS = 100_000  # two wills of one moment lie within a keepalive and its half
_OTHERS_SILENT_MS = 390_000  # an ordinary PC sends every five minutes
_HEARD_AFTER_MS = 30_000
_LOSSY_MS = 180_000  # on a line that loses packets a connection breaks without an outage
CLOSING_BEFORE_MS, CLOSING_AFTER_MS = 900_000, 2_700_000
_OPENING_MS = 900_000
_RECOVERS_MS = 180_000
_HABIT = 2
WEAK = ("degraded", "saturated")


def key_of(site: SiteWatch) -> Key:
    """Return the key of what cuts a site off."""
    return ("site", site.site.code)


def follow_darkness(site: SiteWatch, ctx: Context) -> int | None:
    """Begin or end a spell of darkness; return when to look again if nothing is heard, None when no time is set."""
    dark = site.dark
    if dark is not None:
        back = [agent.since for agent in site.agents.values() if agent.linked and (agent.since or 0) > dark.guess]
        back += [agent.heard_at for agent in site.agents.values() if agent.heard_at > dark.guess + 2 * _HEARD_AFTER_MS]
        if back:
            dark.end = min(at for at in back if at is not None)
        return None
    gone, again_at = _silent_since(site, ctx.now)
    if gone is not None:
        excused = frozenset(
            name for name, one in site.agents.items() if one.state in (State.OFF, State.ASLEEP, State.UNKNOWN)
        )
        lost = sum(agent.state is State.LOST for agent in site.agents.values())
        dark = Dark(gone, presumed=_is_closing(site, gone, ctx), witnesses=lost, excused=excused)
        is_planned = _planned_cut(site, gone, ctx)
        on_battery = site.battery is not None and site.battery.state == "on"
        dark.battery = is_planned or on_battery
        site.begin_dark(dark)
    return again_at


def judge_site(site: SiteWatch, ctx: Context) -> Found:
    """Return what cuts the site off or nearly."""
    code, key = site.site.code, key_of(site)
    dark = site.dark
    if dark is not None:
        if dark.presumed and not should_be_open(site, dark, ctx):
            return Found(held=_all_keys(site))
        return Found(bad=(of_dark(site, dark),), held=_all_keys(site))
    if site.drains(ctx.now) or not site.linked:
        ended = _ended_dark(site)
        return Found(well=ended, held=_all_keys(site) - {clear.key for clear in ended})
    bad: list[Finding] = []
    well: list[Clear] = list(_ended_dark(site))
    if site.battery is not None and site.battery.state == "on":
        bad.append(_on_battery(site, site.battery))
    for line, standing in site.lines.items():
        if not _is_stale(site, standing, ctx.now):
            _judge_line(site, line, standing, bad, well)
    if not any(finding.key == key for finding in bad) and not well:
        well.append(Clear(key=("site", code), at=ctx.now))
    return Found(bad=tuple(bad), well=tuple(well))


def of_dark(site: SiteWatch, dark: Dark) -> Finding:
    """Return a spell of darkness as a finding, whatever is known of it by now."""
    cause, code = dark.cause, site.site.code
    evidence = [Evidence(kind="alive", source=agent, at=dark.start) for agent in sorted(dark.alive)]
    evidence += [
        Evidence(kind=f"boot_{ended or 'unknown'}", source=agent, at=dark.end or dark.start)
        for agent, ended in sorted(dark.rebooted.items())
    ]
    witnesses = max(dark.witnesses, len(dark.alive) + len(dark.rebooted))
    figures: dict[str, str | int | float] = {
        "silent": dark.witnesses,
        "alive": len(dark.alive),
        "rebooted": len(dark.rebooted),
    }
    return Finding(
        key=key_of(site),
        cause=cause,
        layer=LAYERS[cause],
        subject=code,
        state="dark" if cause is Cause.POWER_OR_LINE else "down",
        units=(code,),
        since=dark.start,
        confidence=dark.confidence,
        witnesses=witnesses,
        evidence=tuple(evidence[:50]),
        why=(Why(code=f"dark_{cause.value}", figures=figures),),
        children=len(site.assets),
        blip_ms=0 if cause is Cause.POWER else BLIP_MS,
    )


def of_later_cut(site: SiteWatch, dark: Dark) -> Finding:
    """Return a power cut that came while the site was dark for another reason."""
    code, moments = site.site.code, sorted(ended for ended, _ in dark.later.values())
    return Finding(
        key=("power", code),
        cause=Cause.POWER,
        layer=Layer.POWER,
        subject=code,
        state="down",
        units=(code,),
        since=moments[len(moments) // 2],
        confidence=0.8,
        witnesses=len(moments),
        evidence=tuple(
            Evidence(kind="boot_unexpected", source=agent, at=ended) for agent, (ended, _) in sorted(dark.later.items())
        ),
        why=(Why(code="power_behind_a_cut_line", figures={"rebooted": len(moments)}),),
        children=len(site.assets),
    )


def _silent_since(site: SiteWatch, now: int) -> tuple[int | None, int | None]:
    edges = list(site.edges())
    if not edges or any(agent.linked for agent in edges):
        return None, None
    lost = [agent.gone_at for agent in edges if agent.state is State.LOST and agent.gone_at is not None]
    if not lost:
        return None, None
    gone = max(lost)
    others = [agent for agent in site.agents.values() if agent not in edges]
    if any(agent.alive_at > gone + _HEARD_AFTER_MS and agent.state is State.UP for agent in others):
        return None, None
    if any(line.state in WEAK for line in site.lines.values()) and now < gone + _LOSSY_MS:
        return None, gone + _LOSSY_MS
    together = sum(gone - one <= _TOGETHER_MS for one in lost)
    if together < 2 and any(agent.state is State.UP for agent in others) and now < gone + _OTHERS_SILENT_MS:  # noqa: PLR2004
        return None, gone + _OTHERS_SILENT_MS
    return gone, None


def _is_closing(site: SiteWatch, at: int, ctx: Context) -> bool:
    code = site.site.code
    since_end = ctx.work.since_end(code, at)
    if since_end is not None and (since_end <= CLOSING_AFTER_MS or site.habit >= _HABIT):
        return True
    soon = at + CLOSING_BEFORE_MS
    return ctx.work.working(code, at) and not ctx.work.working(code, soon)


def should_be_open(site: SiteWatch, dark: Dark, ctx: Context) -> bool:
    """Tell whether a session that began after the closing has run long enough for somebody to be there."""
    began = ctx.work.session_start(site.site.code, ctx.now)
    return began is not None and began > dark.guess and ctx.now - began >= _OPENING_MS


def _planned_cut(site: SiteWatch, at: int, ctx: Context) -> bool:
    plan = ctx.plans.at("unit", site.site.code, at, slack_ms=_OPENING_MS)
    return plan is not None and plan.power


def _ended_dark(site: SiteWatch) -> tuple[Clear, ...]:
    if site.darks and site.darks[-1].over is not None:
        return (Clear(key=key_of(site), at=site.darks[-1].over),)
    return ()


def _is_stale(site: SiteWatch, standing: Standing, now: int) -> bool:
    """Tell whether a line went down with the site, and nobody has had the time to see it up again."""
    ends = [
        dark for dark in site.darks if dark.end is not None and dark.guess - _TOGETHER_MS <= standing.since <= dark.end
    ]
    return standing.state == "down" and any(now - (dark.end or now) < _RECOVERS_MS for dark in ends)


def _all_keys(site: SiteWatch) -> frozenset[Key]:
    code = site.site.code
    lines = {("line", code, line, word) for line in site.lines for word in ("down", "weak")}
    return frozenset({key_of(site), *lines})


def _on_battery(site: SiteWatch, battery: Standing) -> Finding:
    code = site.site.code
    return Finding(
        key=key_of(site),
        cause=Cause.POWER,
        layer=Layer.POWER,
        subject=code,
        state="on_battery",
        units=(code,),
        since=battery.since,
        confidence=0.9,
        evidence=(Evidence(kind="on_battery", source=code, at=battery.since),),
        why=(Why(code="on_battery"),),
    )


def _judge_line(site: SiteWatch, line: str, standing: Standing, bad: list[Finding], well: list[Clear]) -> None:
    code = site.site.code
    down: Key = key_of(site) if line == site.internet else ("line", code, line, "down")
    weak: Key = ("line", code, line, "weak")
    if standing.state == "down":
        word = "down" if line == site.internet else f"{line}_down"
        if not any(finding.key == down for finding in bad):
            bad.append(_line(site, line, down, word, standing.since))
    elif standing.state in WEAK:
        bad.append(_line(site, line, weak, standing.state, standing.since))
        well.append(Clear(key=down, at=standing.since))
    elif standing.state == "up":
        well += [Clear(key=weak, at=standing.since)]
        if line != site.internet or not site.darks or (site.darks[-1].end or 0) < standing.since:
            well.append(Clear(key=down, at=standing.since))


def _line(site: SiteWatch, line: str, key: Key, state: str, since: int) -> Finding:
    code = site.site.code
    loss, rtt = site.figures.get(line, (None, None))
    figures: dict[str, str | int | float] = {"line": line}
    figures.update({name: value for name, value in (("loss_percent", loss), ("rtt_ms", rtt)) if value is not None})
    return Finding(
        key=key,
        cause=Cause.LINE,
        layer=Layer.WAN,
        subject=code,
        state=state,
        units=(code,),
        since=since,
        confidence=0.9,
        evidence=(Evidence(kind=f"line_{state}", source=code, at=since),),
        why=(Why(code=f"line_{state}", figures=figures),),
        children=len(site.assets) if state == "down" else 0,
        blip_ms=BLIP_MS,
    )
