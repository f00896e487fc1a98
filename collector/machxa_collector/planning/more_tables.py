"""Lay out what stands beside a plan: five years, transfers, the communes' form, disposal, what all rests on. Pure."""

from __future__ import annotations

from collections.abc import Sequence

from machxa_collector.planning import spoken
from machxa_collector.planning.ceilings import Source
from machxa_collector.planning.fixed_forms import central, commune_form, disposals, with_basis
from machxa_collector.planning.needs import UnitNeeds
from machxa_collector.planning.outcome import Outcome, Settled, packages, settled, split_flags
from machxa_collector.planning.procurement import deadlines, method
from machxa_collector.planning.province import Needs
from machxa_collector.planning.rules import valid
from machxa_collector.planning.seal import sha256_of
from machxa_collector.planning.support import table_version
from machxa_collector.planning.tables import TOTAL, Row, Table, headings, line_tables, sum_row, summary
from machxa_collector.planning.years import five_years
from machxa_collector.registry.sheets.showing import Look, said_in
from machxa_collector.registry.speech import Language


def all_tables(outcome: Outcome, language: Language = Language.VIETNAMESE) -> tuple[Table, ...]:
    """Return every sheet of a plan: the summary, one for each source, and what stands beside them."""
    lines = tuple(settled(outcome))
    fixed = (
        with_basis(outcome, lines),
        central(lines),
        commune_form(outcome.needs),
        disposals(outcome.needs),
    )
    return (
        summary(outcome, lines, language),
        *line_tables(outcome, lines, language),
        *fixed[:2],
        five_years(outcome.needs, language),
        reallocation(outcome.needs, language),
        *fixed[2:],
        _packages(outcome, language),
        _basis(outcome, lines, [one.name for one in fixed], language),
    )


_REALLOCATION = headings(
    ("STT", Look.NUMBER, 6),
    ("Mã tài sản", Look.TEXT, 38),
    ("Loại", Look.TEXT, 28),
    ("Đơn vị thừa", Look.TEXT, 24),
    ("Đơn vị thiếu", Look.TEXT, 24),
    ("Khoảng cách (km)", Look.NUMBER, 12),
    ("Tiết kiệm", Look.MONEY, 16),
    ("Quy tắc", Look.TEXT, 36),
)


def reallocation(needs: Needs, language: Language = Language.VIETNAMESE) -> Table:
    """Return the transfers between communes, with what each saves."""
    names = {unit.commune.code: unit.commune.name or unit.commune.code for unit in needs.units}
    rows: list[Row] = [
        (
            at,
            one.asset,
            language.say(spoken.ITEMS[one.item]),
            names[one.giver],
            names[one.taker],
            None if one.km is None else round(one.km, 1),
            one.saves_vnd,
            spoken.rule(one.rule, language),
        )
        for at, one in enumerate(needs.transfers, 1)
    ]
    total = sum_row(rows, (6,), len(_REALLOCATION), language.say(TOTAL))
    return Table(name=language.say("Điều chuyển"), headings=said_in(_REALLOCATION, language), rows=(*rows, total))


_PACKAGES = headings(
    ("Chủ ngân sách", Look.TEXT, 24),
    ("Nhóm hàng", Look.TEXT, 36),
    ("Nguồn", Look.TEXT, 20),
    ("Giá trị", Look.MONEY, 18),
    ("Hình thức được phép", Look.TEXT, 28),
    ("Căn cứ", Look.TEXT, 36),
    ("Cảnh báo chia gói", Look.TEXT, 40),
)


def _packages(outcome: Outcome, language: Language) -> Table:
    basis = outcome.needs.basis
    flags = {(one.owner, one.commodity): one for one in split_flags(outcome)}
    rows: list[Row] = []
    for one in packages(outcome):
        way, flag = method(one.vnd, basis.rules, basis.today), flags.get((one.owner, one.commodity))
        split = language.say("{packages} gói, tổng {vnd} đồng: {way}")
        told = (
            None
            if flag is None
            else split.format(packages=flag.packages, vnd=flag.vnd, way=language.say(spoken.WAYS[flag.way]))
        )
        commodity, allowed = language.say(one.commodity), language.say(spoken.WAYS[way.way])
        rows.append((one.owner, commodity, one.source, one.vnd, allowed, way.source, told))
    total = sum_row(rows, (3,), len(_PACKAGES), language.say(TOTAL))
    return Table(name=language.say("Gói mua sắm"), headings=said_in(_PACKAGES, language), rows=(*rows, total))


_BASIS = headings(("Nội dung", Look.TEXT, 36), ("Giá trị", Look.TEXT, 60), ("Căn cứ", Look.TEXT, 60))


def _basis(outcome: Outcome, lines: Sequence[Settled], fixed: Sequence[str], language: Language) -> Table:
    say = language.say
    basis, plan = outcome.needs.basis, outcome.plan
    province = next((unit.commune.province for unit in outcome.needs.units), "")
    rows: list[Row] = [
        (say("Phương án"), outcome.name, outcome.stamp),
        (say("Mã băm của kế hoạch (SHA-256)"), sha256_of(outcome, tuple(lines)), None),
        (say("Ngày số liệu"), basis.today, None),
        (say("Quy tắc"), basis.rules.version, basis.rules.source),
        (say("Hết hỗ trợ hệ điều hành"), table_version(), "endoflife.date, Microsoft Learn"),
        (say("Bảng giá"), basis.prices.version or say("chưa có"), None),
        *(
            (say("Hạn mức {name}").format(name=one.name), one.vnd, spoken.allowed(one, language))
            for one in (*outcome.ceilings.shared(), _own(outcome))
        ),
        *(
            ((say("Tối thiểu cho mỗi 1.000 hồ sơ một năm (đồng)"), outcome.ceilings.minimum_per_1000, None),)
            if outcome.ceilings.minimum_per_1000 is not None
            else ()
        ),
        (say("Mức tối thiểu đạt"), say("{count}/{of} đơn vị").format(count=plan.floor, of=plan.floor_of), None),
        (say("Giờ-hồ sơ giảm mỗi năm"), round(plan.hours), basis.rules.value.source),
        (say("Giờ-hồ sơ còn mất mỗi năm"), round(plan.still_lost), None),
        (
            say("Cách phương án tốt nhất có thể"),
            None if plan.gap is None else round(plan.gap, 4),
            say("cận trên nới lỏng tuyến tính"),
        ),
    ]
    rows += [
        (say("Định mức {name}").format(name=row.id), _norm(row.titles, row.per_staff, language), row.source)
        for row in valid(basis.rules.norm, basis.today)
    ]
    rows += [
        (
            say("Thời gian sử dụng {name}").format(name=row.id),
            say("{years} năm, {rate}").format(years=f"{row.years:g}", rate=f"{row.rate:.2%}"),
            row.source,
        )
        for row in valid(basis.rules.life, basis.today)
    ]
    rows += [
        (
            say("Đơn giá {item} ({action})").format(
                item=say(spoken.ITEMS[row.item]), action=say(spoken.ACTIONS[row.action])
            ),
            row.vnd,
            "; ".join((row.source, *row.quotations)),
        )
        for row in basis.prices.rows
    ]
    rows += [
        (say("Mốc: {what}").format(what=due.what), due.on, due.source)
        for due in deadlines(province, basis.today.year + 1, basis.rules)
    ]
    rows += [
        (say("Khóa {line}").format(line=lock.line), say("đưa vào" if lock.way == "in" else "loại ra"), lock.reason)
        for lock in outcome.locks.values()
    ]
    rows += [
        (say("Điều chỉnh {line}").format(line=one.override.line), one.override.on, spoken.decision(one, language))
        for one in outcome.overrides
    ]
    if language is not Language.VIETNAMESE:
        rows.append((say("Trang giữ tiếng Việt"), ", ".join(fixed), say("mẫu biểu do văn bản quy định")))
    return Table(name=say("Căn cứ"), headings=said_in(_BASIS, language), rows=tuple(rows))


def _own(outcome: Outcome) -> Source:
    money = outcome.ceilings
    return Source(name=money.own_source, vnd=sum(money.own_vnd.values()), items=money.own_items)


def _norm(titles: Sequence[object], per_staff: int, language: Language) -> str:
    if not titles:
        return language.say("theo đơn vị, quầy")
    return language.say("{count} nhóm chức danh, 1 cho {staff} người").format(count=len(titles), staff=per_staff)


def coverage(units: Sequence[UnitNeeds]) -> dict[str, float | None]:
    """Return the shares of assets with a known score, purchase day and cost, None without any asset."""
    judged = [one for unit in units for one in unit.judged]
    if not judged:
        return {"scored": None, "dated": None, "priced": None}
    total = len(judged)
    return {
        "scored": sum(one.scored.completeness >= 0.6 for one in judged) / total,  # noqa: PLR2004 - as the advice asks
        "dated": sum(one.asset.acquired_on is not None for one in judged) / total,
        "priced": sum(one.asset.cost_vnd is not None for one in judged) / total,
    }
