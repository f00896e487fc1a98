"""Say what is wrong with a collector and what to do, from what was looked at. Pure; limits stand with their reason."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from enum import IntEnum

GB = 1_000_000_000
_MB = 1_000_000
_DAY_MS = 86_400_000
_HOUR_MS = 3_600_000
_LEAST_FREE = 2 * GB  # a packing step, a migration's copy of a table, an import beside each other
_FEW_FREE = 10 * GB
_MOST_WAL = 512_000_000  # its limit after a checkpoint is 64 MB: something reads for hours, or checkpoints fail
_WARN_DAYS, _BAD_DAYS = 21.0, 3.0  # servers' certificates are renewed by hand
_CLOCK_MS = 5_000
_LEAST_CLOCKS = 5  # agents whose clocks together outvote ours
SILENT_DAYS = 14
_BACKUP_HOURS, _BACKUP_BAD_HOURS = 26.0, 72.0  # nightly, and agents keep a day
_LAG_SECONDS = 900.0
_SILENT_SECONDS = 8.0  # of a member; then the others have its shards


_READY = {  # of the collector's own checks, whether they are well, in Vietnamese
    ("broker", True): "đã nối với broker",
    ("broker", False): "không nối được với broker",
    ("canary", True): "số liệu thử đi hết đường",
    ("canary", False): "số liệu thử không đi hết đường",
}


class Level(IntEnum):
    """Tell how bad something is."""

    OK = 0
    UNKNOWN = 1
    WARN = 2
    BAD = 3


@dataclass(frozen=True, slots=True)
class Finding:
    """Say one thing that was looked at, in Vietnamese and English: how it is, and what to do; "" when nothing."""

    name: str
    level: Level
    told: tuple[str, str]
    do: tuple[str, str] = ("", "")


@dataclass(frozen=True, slots=True, kw_only=True)
class Seen:
    """Hold what was looked at; None: it could not be told. Times are ms since 1970 UTC, ages and offsets ms."""

    now: int
    free_bytes: int | None = None
    store_bytes: int | None = None
    wal_bytes: int | None = None
    store_fault: str | None = None
    schema_known: bool | None = None
    answers: bool | None = None
    readiness: Mapping[str, tuple[bool, str]] | None = None
    certificates: Mapping[str, float | None] = field(default_factory=dict)  # days left by file; None: not readable
    clock_offsets: tuple[int, ...] | None = None  # centre minus agent, of the last day
    agents: int | None = None
    silent: int | None = None
    holes: int | None = None  # streams that lack numbers for an hour
    declared: int | None = None  # records that agents declared lost
    quarantined: Mapping[str, int] | None = None  # of the last day, by reason
    versions: Mapping[str, int] | None = None
    release: str = ""
    sinks: Mapping[str, float] | None = None  # seconds since a sink was last known to keep up
    members: Mapping[str, tuple[float, bool]] | None = None  # seconds since each last said it lives, and who leads
    backups: tuple[int, ...] | None = None  # when each was made; None: nobody said where they are


def judge(seen: Seen) -> tuple[Finding, ...]:
    """Return everything that was looked at, the worst first."""
    found = [one for rule in RULES for one in rule(seen)]
    return tuple(sorted(found, key=lambda one: -one.level))


def _disk(seen: Seen) -> Iterator[Finding]:
    if seen.free_bytes is None:
        yield Finding("disk", Level.UNKNOWN, ("không đọc được dung lượng đĩa", "the disk's room cannot be told"))
        return
    level = Level.BAD if seen.free_bytes < _LEAST_FREE else Level.WARN if seen.free_bytes < _FEW_FREE else Level.OK
    free = f"{seen.free_bytes / GB:.1f} GB"
    do = (
        "dọn đĩa hoặc chuyển thư mục dữ liệu; đĩa đầy thì máy trạm giữ số liệu và gửi lại sau",
        "make room or move the data folder; while it is full agents keep their records and send them later",
    )
    yield Finding("disk", level, (f"đĩa còn {free}", f"{free} free"), do if level else ("", ""))


def _store(seen: Seen) -> Iterator[Finding]:
    if seen.store_fault is not None:
        do = (
            "dừng máy thu thập, khôi phục bản sao gần nhất: machxa restore FILE --replace",
            "stop the collector and put the newest copy back: machxa restore FILE --replace",
        )
        yield Finding("store", Level.BAD, (f"kho hỏng: {seen.store_fault}", f"the store: {seen.store_fault}"), do)
        return
    if seen.schema_known is False:
        told = ("kho do bản mới hơn tạo ra", "a newer release made the store")
        yield Finding("store", Level.BAD, told, ("cài bản mới hơn", "install that release"))
    if seen.store_bytes is not None:
        size = f"{seen.store_bytes / GB:.2f} GB" if seen.store_bytes >= GB else f"{seen.store_bytes / _MB:.0f} MB"
        yield Finding("store", Level.OK, (f"kho {size}", f"store {size}"))
    if (seen.wal_bytes or 0) > _MOST_WAL:
        told = (f"nhật ký kho {seen.wal_bytes} byte", f"the store's log has {seen.wal_bytes} bytes")
        do = ("có chương trình đọc kho quá lâu; khởi động lại máy thu thập", "something reads for too long; restart it")
        yield Finding("store log", Level.WARN, told, do)


def _running(seen: Seen) -> Iterator[Finding]:
    if seen.answers is False:
        do = (
            "khởi động: systemctl start machxa-collector; xem: journalctl -u machxa-collector",
            "start it: systemctl start machxa-collector; look: journalctl -u machxa-collector",
        )
        yield Finding("collector", Level.BAD, ("máy thu thập không trả lời", "the collector does not answer"), do)
    for name, (is_well, detail) in (seen.readiness or {}).items():
        do = {
            "broker": (
                "kiểm tra mosquitto: systemctl status mosquitto, chứng thư, mật khẩu, cổng",
                "look at mosquitto: systemctl status mosquitto, certificates, password, port",
            ),
            "canary": (
                "số liệu không đi hết đường; xem broker và chỗ trống trên đĩa",
                "records do not get through; look at the broker and the disk",
            ),
        }.get(name, ("", ""))
        level = Level.OK if is_well else Level.BAD
        told = (_READY.get((name, is_well), detail), detail)
        yield Finding(name, level, told, ("", "") if is_well else do)


def _certificates(seen: Seen) -> Iterator[Finding]:
    for name, days in sorted(seen.certificates.items()):
        if days is None:
            told = (f"không đọc được chứng thư {name}", f"certificate {name} cannot be read")
            do = ("xem tệp có đó không, ai được đọc", "look whether it is there, and who may read it")
            yield Finding("certificate", Level.UNKNOWN, told, do)
            continue
        level = Level.BAD if days < _BAD_DAYS else Level.WARN if days < _WARN_DAYS else Level.OK
        do = ("cấp lại: machxa certificate server HOST ...", "renew it: machxa certificate server HOST ...")
        told = (f"{name}: còn {days:.0f} ngày", f"{name}: {days:.0f} days left")
        yield Finding("certificate", level, told, do if level else ("", ""))


def _clock(seen: Seen) -> Iterator[Finding]:
    offsets = seen.clock_offsets
    if offsets is None or len(offsets) < _LEAST_CLOCKS:
        told = ("chưa đủ máy trạm để so đồng hồ", "too few agents to compare the clock with")
        yield Finding("clock", Level.UNKNOWN, told)
        return
    middle = sorted(offsets)[len(offsets) // 2]
    is_off = abs(middle) > _CLOCK_MS
    told = (
        f"đồng hồ ở đây lệch {middle / 1000:+.1f} s so với {len(offsets)} máy trạm",
        f"our clock differs by {middle / 1000:+.1f} s from {len(offsets)} agents' (the middle one)",
    )
    do = ("bật đồng bộ giờ: timedatectl set-ntp true, hoặc chrony", "set the clock by NTP: timedatectl set-ntp true")
    yield Finding("clock", Level.BAD if is_off else Level.OK, told, do if is_off else ("", ""))


def _delivery(seen: Seen) -> Iterator[Finding]:
    if seen.agents is not None:
        silent = seen.silent or 0
        told = (
            f"{seen.agents} máy trạm, {silent} im lặng quá {SILENT_DAYS} ngày",
            f"{seen.agents} agents, {silent} silent for {SILENT_DAYS} days",
        )
        do = (
            "thu hồi máy không còn dùng: machxa agent revoke ID",
            "revoke those no longer used: machxa agent revoke ID",
        )
        yield Finding("agents", Level.WARN if silent else Level.OK, told, do if silent else ("", ""))
    if seen.holes:
        told = (f"{seen.holes} luồng thiếu số liệu quá 1 giờ", f"{seen.holes} streams lack records for an hour")
        do = ("xem /api/v1/agents/ID/ledger; máy trạm sẽ gửi lại", "see /api/v1/agents/ID/ledger; agents send again")
        yield Finding("delivery", Level.WARN, told, do)
    if seen.declared:
        told = (f"{seen.declared} bản ghi đã khai báo mất", f"{seen.declared} records were declared lost by agents")
        yield Finding("delivery", Level.OK, told)
    for reason, count in sorted((seen.quarantined or {}).items()):
        told = (f"24 giờ qua từ chối {count}: {reason}", f"{count} refused within a day: {reason}")
        do = ("xem /api/v1/refusals", "see /api/v1/refusals")
        yield Finding("refused", Level.WARN, told, do)


def _versions(seen: Seen) -> Iterator[Finding]:
    if not seen.versions:
        return
    said = ", ".join(f"{version}: {count}" for version, count in sorted(seen.versions.items()))
    yield Finding("versions", Level.OK, (f"máy trạm: {said}", f"agents: {said}; here {seen.release}"))


def _sinks(seen: Seen) -> Iterator[Finding]:
    for name, seconds in sorted((seen.sinks or {}).items()):
        is_late = seconds > _LAG_SECONDS
        told = (f"bản sao {name} chậm {seconds:.0f} s", f"sink {name} is {seconds:.0f} s behind")
        do = ("kiểm tra máy chủ nhận; số liệu chờ tối đa 7 ngày", "look at its server; records wait a week at most")
        yield Finding("sink", Level.WARN if is_late else Level.OK, told, do if is_late else ("", ""))


def _members(seen: Seen) -> Iterator[Finding]:
    for name, (seconds, is_leader) in sorted((seen.members or {}).items()):
        is_silent = seconds > _SILENT_SECONDS
        leads = (", chủ trì", ", leads") if is_leader else ("", "")
        told = (f"{name}: im lặng {seconds:.0f} s", f"{name}: silent for {seconds:.0f} s")
        if not is_silent:
            told = (f"{name}: đang chạy{leads[0]}", f"{name}: lives{leads[1]}")
        do = (
            "những máy còn lại đã nhận phần của nó; xem và khởi động lại máy đó",
            "the others have its shards; look at it and start it again",
        )
        yield Finding("member", Level.WARN if is_silent else Level.OK, told, do if is_silent else ("", ""))


def _backups(seen: Seen) -> Iterator[Finding]:
    do = (
        "đặt lịch: machxa-backup.timer, hoặc machxa backup",
        "have it made: machxa-backup.timer, or machxa backup",
    )
    if seen.backups is None:
        told = ("không biết bản sao ở đâu: --backups THƯ-MỤC", "where are the copies? --backups FOLDER")
        yield Finding("backup", Level.UNKNOWN, told, do)
        return
    if not seen.backups:
        yield Finding("backup", Level.BAD, ("chưa có bản sao nào", "there is no copy of the store"), do)
        return
    hours = (seen.now - max(seen.backups)) / _HOUR_MS
    level = Level.BAD if hours > _BACKUP_BAD_HOURS else Level.WARN if hours > _BACKUP_HOURS else Level.OK
    told = (f"bản sao mới nhất cách đây {hours:.0f} giờ", f"the newest copy is {hours:.0f} hours old")
    yield Finding("backup", level, told, do if level else ("", ""))


Rule = Callable[[Seen], Iterator[Finding]]
RULES: tuple[Rule, ...] = (
    _disk,
    _store,
    _running,
    _certificates,
    _clock,
    _delivery,
    _versions,
    _sinks,
    _members,
    _backups,
)
