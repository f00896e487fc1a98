"""Judge the computers and devices of one site: the LAN, one that is lost, blocked, slow or about to fail. Pure."""

from __future__ import annotations

from collections.abc import Iterator

from machxa_collector.incidents.context import Context
from machxa_collector.incidents.finding import Clear, Finding, Found, Key
from machxa_collector.incidents.incident import Evidence, Why
from machxa_collector.incidents.site import SiteWatch
from machxa_collector.incidents.words import Cause, Layer, Role
from machxa_collector.watch.presence import State
from machxa_collector.watch.signs import Lasting, Signs
from machxa_collector.watch.standing import Standing

SILENT_MS = 1_800_000  # one computer that is silent may have been closed; for so long it is only shown
_BLOCKED_MS = 600_000  # impact.md section 3, 2
_BLIP_MS = 300_000
_WIFI_MS = 600_000
_DAY_MS = 86_400_000
_UNSURE_MS = 400_000  # a computer's last sign is up to a batch of five minutes old
_FEWEST, _SUDDEN_MS = 2, 60_000  # so many within a minute are no chance, whatever share they are
_SUPPLY = frozenset({"toner_low", "toner_empty", "supply_low", "service"})
_UNREACHABLE = ("unreachable", "offline")


def judge_computers(site: SiteWatch, ctx: Context) -> Found:
    """Return which computers are lost, and whether the LAN took them; nothing while the site itself is cut."""
    code = site.site.code
    if site.dark is not None or _is_undecided(site, ctx):
        return Found(held=frozenset({("lan", code), *(("asset", asset, "presence") for asset in site.assets)}))
    gone = dict(_gone(site, ctx))
    _follow_lan(site, gone, ctx)
    bad: list[Finding] = []
    well: list[Clear] = []
    lan = {name: at for name, at in site.lan.items() if site.agents[name].state is State.LOST}
    if site.lan and len(lan) * 2 >= len(site.lan):
        bad.append(_lan(site, lan, len(gone)))
    elif site.lan:
        back = sorted(site.agents[name].since or ctx.now for name in site.lan if name not in lan)
        well.append(Clear(key=("lan", code), at=back[len(back) // 2]))
        site.lan = {}
    for name, agent in site.agents.items():
        asset = site.by_agent[name].id
        if name in gone and name not in site.lan:
            bad.append(_lost(site, name, gone[name], ctx))
        elif agent.state is not State.LOST and agent.since is not None:
            well.append(Clear(key=("asset", asset, "presence"), at=agent.since))
    return Found(bad=tuple(bad), well=tuple(well))


def judge_devices(site: SiteWatch, ctx: Context) -> Found:
    """Return which devices are blocked or want something."""
    if site.dark is not None or site.drains(ctx.now) or not site.linked or site.lan:
        return Found(held=frozenset(("asset", asset, "state") for asset in site.devices))
    bad: list[Finding] = []
    well: list[Clear] = []
    for asset, standing in site.devices.items():
        finding = _device(site, asset, standing, ctx)
        if finding is not None:
            bad.append(finding)
        elif standing.state == "ok":
            well.append(Clear(key=("asset", asset, "state"), at=standing.since))
    return Found(bad=tuple(bad), well=tuple(well))


def judge_signs(site: SiteWatch, ctx: Context) -> Found:
    """Return which computers are slow, have a failing disk or a wrong clock, and whether the Wi-Fi is weak."""
    bad: list[Finding] = []
    well: list[Clear] = []
    for name, signs in site.signs.items():
        asset = site.by_agent[name].id
        slow_since = signs.slow_since()
        if slow_since is not None and ctx.work.worked(site.site.code, slow_since, signs.seen_at) > 0:
            bad.append(_sign(site, asset, "slow", slow_since))
        else:
            well.append(Clear(key=("asset", asset, "slow"), at=signs.slow_ended() or ctx.now))
        for word, lasting in (("disk_failing", signs.disk), ("clock_wrong", signs.clock)):
            if lasting.since is not None:
                bad.append(_sign(site, asset, word, lasting.since))
            else:
                well.append(Clear(key=("asset", asset, word), at=lasting.ended_at or ctx.now))
    _judge_wifi(site, bad, well)
    return Found(bad=tuple(bad), well=tuple(well))


def _is_undecided(site: SiteWatch, ctx: Context) -> bool:
    """Tell whether those who would tell fell silent just now, and the whole site may be cut."""
    lost = [agent.gone_at for agent in site.edges() if agent.gone_at is not None]
    return not site.linked and any(ctx.now - at < _UNSURE_MS for at in lost)


def _gone(site: SiteWatch, ctx: Context) -> Iterator[tuple[str, int]]:
    """Yield agents that fell silent without a good-bye while they were expected and others are heard."""
    code = site.site.code
    for name, agent in site.agents.items():
        at = agent.gone_at
        if agent.state is not State.LOST or at is None or ctx.now - at > _DAY_MS:
            continue
        if any(dark.guess - _UNSURE_MS <= at <= (dark.end or at) + _UNSURE_MS for dark in site.darks):
            continue
        if not ctx.work.working(code, at) or ctx.work.near_edge(code, at, ctx.rules.edge_s * 1000):
            continue
        if any(one is not agent and (one.linked or one.alive_at > at) for one in site.agents.values()):
            yield name, at


def _follow_lan(site: SiteWatch, gone: dict[str, int], ctx: Context) -> None:
    """Note which agents went within two minutes of each other, when they are so many that the LAN took them."""
    within = ctx.rules.lan_within_s * 1000
    times = sorted((at, name) for name, at in gone.items())
    here = sum(agent.state is State.UP for agent in site.agents.values())
    for first, _ in times:
        group = {name: at for at, name in times if 0 <= at - first <= within}
        earlier = sum(at < first for at, _ in times)
        sudden = sum(at - first <= _SUDDEN_MS for at in group.values())
        share = ctx.rules.lan_share * (here + len(times) - earlier)
        if len(group) >= max(_FEWEST, share) or sudden >= _FEWEST:
            site.lan = {**site.lan, **group}
            return


def _lan(site: SiteWatch, lan: dict[str, int], gone: int) -> Finding:
    code = site.site.code
    names = sorted(site.by_agent[name].id for name in lan)
    return Finding(
        key=("lan", code),
        cause=Cause.LAN,
        layer=Layer.LAN,
        subject=code,
        state="down" if len(lan) * 2 >= len(site.agents) else "partial",
        units=(code,),
        since=min(site.lan.values()),
        confidence=len(site.lan) / max(gone, len(site.lan)) * (0.9 if len(lan) * 2 >= len(site.agents) else 0.6),
        witnesses=len(lan),
        evidence=tuple(Evidence(kind="vanished", source=name, at=min(lan.values())) for name in names[:50]),
        why=(Why(code="lan_down", figures={"lost": len(lan), "of": len(site.agents)}),),
        children=len(lan),
        blip_ms=_BLIP_MS,
    )


def _lost(site: SiteWatch, name: str, at: int, ctx: Context) -> Finding:
    asset = site.by_agent[name]
    worked = ctx.work.worked(site.site.code, at, ctx.now)
    return Finding(
        key=("asset", asset.id, "presence"),
        cause=Cause.DEVICE,
        layer=Layer.EQUIPMENT,
        subject=asset.id,
        state="lost" if worked >= SILENT_MS else "silent",
        units=(site.site.code,),
        since=at,
        confidence=0.7,
        evidence=(Evidence(kind="vanished", source=asset.id, at=at),),
        why=(Why(code="computer_lost", figures={"minutes": worked // 60_000}),),
        hold_ms=SILENT_MS,
        blip_ms=SILENT_MS,
    )


def _device(site: SiteWatch, asset: str, standing: Standing, ctx: Context) -> Finding | None:
    code, reasons = site.site.code, standing.reasons
    worked_then = ctx.work.working(code, standing.since)
    if standing.state in _UNREACHABLE:
        known = site.assets.get(asset)
        if known is None or known.role is not Role.PRINTER or not worked_then or _was_cut(site, standing.since):
            return None
        if ctx.work.near_edge(code, standing.since, ctx.rules.edge_s * 1000):
            return None
        state, hold = "offline", _BLOCKED_MS
    elif standing.state == "blocked":
        state, hold = "blocked", _BLOCKED_MS
    elif standing.state == "warning" and "on_battery" not in reasons:
        state, hold = ("toner_low" if _SUPPLY.intersection(reasons) else "warning"), ctx.rules.hold_down_s * 1000
    else:
        return None
    return Finding(
        key=("asset", asset, "state"),
        cause=Cause.DEVICE,
        layer=Layer.EQUIPMENT,
        subject=asset,
        state=state,
        units=(code,),
        since=standing.since,
        confidence=0.95,
        evidence=tuple(Evidence(kind=reason, source=asset, at=standing.since) for reason in reasons[:50]),
        why=(Why(code=f"device_{state}", figures={"reasons": ",".join(reasons)}),),
        hold_ms=hold,
        blip_ms=_BLIP_MS,
    )


def _was_cut(site: SiteWatch, at: int) -> bool:
    return any(dark.guess - 600_000 <= at <= (dark.end or at) + 600_000 for dark in site.darks)


def _sign(site: SiteWatch, asset: str, word: str, since: int) -> Finding:
    return Finding(
        key=("asset", asset, word),
        cause=Cause.DEVICE,
        layer=Layer.EQUIPMENT,
        subject=asset,
        state="slow_pc" if word == "slow" else word,
        units=(site.site.code,),
        since=since,
        confidence=0.9,
        evidence=(Evidence(kind=word, source=asset, at=since),),
        why=(Why(code=word),),
        blip_ms=_BLIP_MS,
    )


def _judge_wifi(site: SiteWatch, bad: list[Finding], well: list[Clear]) -> None:
    code = site.site.code
    key: Key = ("wifi", code)
    wireless = [site.signs[name] for name, asset in site.by_agent.items() if asset.wifi and name in site.signs]
    weak = [one.wifi for one in wireless if _is_weak(one.wifi, one)]
    if weak and len(weak) * 2 >= len([one for one in wireless if one.signal is not None or one.loss is not None]):
        since = min(one.since for one in weak if one.since is not None)
        bad.append(
            Finding(
                key=key,
                cause=Cause.LAN,
                layer=Layer.LAN,
                subject=code,
                state="weak",
                units=(code,),
                since=since,
                confidence=len(weak) / len(wireless) * 0.9,
                witnesses=len(weak),
                why=(Why(code="wifi_weak", figures={"weak": len(weak), "of": len(wireless)}),),
                children=len(weak),
                blip_ms=_WIFI_MS,
            )
        )
    else:
        ended = [one.wifi.ended_at for one in wireless if one.wifi.ended_at is not None]
        if ended:
            well.append(Clear(key=key, at=max(ended)))


def _is_weak(lasting: Lasting, signs: Signs) -> bool:
    return lasting.since is not None and signs.seen_at - lasting.since >= _WIFI_MS
