"""Name what a column of a dossier file may hold, in our words and those of exports.

The English aliases are the names of opencps-v2: of its dossiers, and of its statistics by domain.
"""

from __future__ import annotations

from collections.abc import Mapping

from machxa_collector.registry.records import Field, Form, RecordKind, Told
from machxa_collector.store.dossiers.words import Kind

_UNIT = Field(
    name="unit",
    told=Told(vi="Đơn vị", en="Unit"),
    form=Form.UNIT,
    required=True,
    aliases=(
        "mã đơn vị", "tên đơn vị", "đơn vị xử lý", "đơn vị thụ lý", "đơn vị tiếp nhận", "cơ quan", "cơ quan xử lý",
        "cơ quan giải quyết", "cơ quan thực hiện", "mã cơ quan", "xã", "phường", "xã phường",
        "ủy ban nhân dân", "unit code", "govagencycode", "gov agency code", "govagencyname",
    ),
)  # fmt: skip
_FIELD = Field(
    name="field",
    told=Told(vi="Lĩnh vực", en="Field of procedures"),
    longest=60,
    aliases=("tên lĩnh vực", "mã lĩnh vực", "nhóm thủ tục", "domaincode", "domain code", "domainname", "domain name"),
)


def _moment(name: str, vi: str, en: str, *aliases: str, required: bool = False) -> Field:
    return Field(name=name, told=Told(vi=vi, en=en), form=Form.MOMENT, required=required, aliases=aliases)


def _number(name: str, vi: str, en: str, *aliases: str, required: bool = False) -> Field:
    return Field(name=name, told=Told(vi=vi, en=en), form=Form.DECIMAL, required=required, aliases=aliases)


ROWS = RecordKind(
    name="dossier_rows",
    told=Told(vi="Hồ sơ", en="Dossiers"),
    fields=(
        Field(
            name="number",
            told=Told(vi="Số hồ sơ", en="Dossier number"),
            form=Form.CODE,
            required=True,
            longest=64,
            aliases=("mã hồ sơ", "số biên nhận", "mã số hồ sơ", "số hs", "mã hs", "dossierno", "dossier no"),
        ),
        _UNIT,
        _FIELD,
        Field(
            name="service",
            told=Told(vi="Thủ tục", en="Procedure"),
            longest=500,
            aliases=("tên thủ tục", "mã thủ tục", "thủ tục hành chính", "tên tthc", "mã tthc", "dịch vụ công",
                     "servicecode", "service code", "servicename", "service name"),
        ),
        _moment("received", "Ngày tiếp nhận", "Received", "thời gian tiếp nhận", "ngày nhận", "ngày nhận hồ sơ",
                "tiếp nhận", "thời điểm tiếp nhận", "receivedate", "receive date", required=True),
        _moment("due", "Ngày hẹn trả", "Due", "hẹn trả", "ngày hẹn", "hạn xử lý", "ngày hẹn trả kết quả", "thời hạn",
                "hạn giải quyết", "duedate", "due date"),
        _moment("extended", "Ngày gia hạn", "Extended to", "gia hạn đến", "ngày hẹn lại", "hẹn lại ngày trả",
                "extenddate", "extend date"),
        _moment("released", "Ngày có kết quả", "Released", "ngày xử lý xong", "ngày kết thúc xử lý", "ngày hoàn thành",
                "thời gian hoàn thành", "ngày giải quyết xong", "releasedate", "release date"),
        _moment("finished", "Ngày trả kết quả", "Handed over", "ngày trả", "thời gian trả kết quả", "ngày đã trả",
                "ngày kết thúc", "finishdate", "finish date"),
        _moment("done", "Ngày làm xong thực tế", "Truly done", "thời điểm làm xong", "ngày xong thực tế",
                "true finish"),
        Field(
            name="online",
            told=Told(vi="Trực tuyến", en="Online"),
            aliases=("hình thức nộp", "hình thức tiếp nhận", "kênh thực hiện", "kênh tiếp nhận", "nguồn tiếp nhận",
                     "online", "kenhthuchien"),
        ),
        Field(
            name="status",
            told=Told(vi="Trạng thái", en="Status"),
            aliases=("tình trạng", "trạng thái hồ sơ", "tình trạng xử lý", "dossierstatus", "dossier status"),
        ),
    ),
    keys=(("number",),),
    place="unit",
    title=("number",),
)  # fmt: skip
COUNTS = RecordKind(
    name="dossier_counts",
    told=Told(vi="Số lượng hồ sơ", en="Dossier counts"),
    fields=(
        _UNIT,
        _FIELD,
        Field(
            name="day",
            told=Told(vi="Ngày", en="Day"),
            form=Form.DATE,
            required=True,
            aliases=("ngày thống kê", "ngày tiếp nhận", "date", "statistic date"),
        ),
        _number("received", "Tiếp nhận", "Received", "số tiếp nhận", "hồ sơ tiếp nhận", "tiếp nhận mới", "số hồ sơ",
                "receivedcount", "received count", required=True),
        _number("online", "Trực tuyến", "Online", "nộp trực tuyến", "tiếp nhận trực tuyến", "onlinecount",
                "online count", "onlinereceivedcount"),
        _number("released", "Đã giải quyết", "Released", "đã có kết quả", "số đã giải quyết", "đã xử lý",
                "releasecount", "release count"),
        _number("early", "Trước hạn", "Early", "giải quyết trước hạn", "betimescount", "betimes count"),
        _number("on_time", "Đúng hạn", "On time", "giải quyết đúng hạn", "ontimecount", "ontime count"),
        _number("late", "Quá hạn (đã giải quyết)", "Late", "trễ hạn", "quá hạn", "giải quyết quá hạn", "overtimecount",
                "overtime count"),
        _number("open_in_time", "Đang xử lý trong hạn", "Open in time", "trong hạn", "chưa đến hạn", "unduecount",
                "undue count"),
        _number("open_late", "Đang xử lý quá hạn", "Open late", "đang quá hạn", "overduecount", "overdue count"),
        _number("paused", "Tạm dừng", "Paused", "pausingcount", "pausing count"),
        _number("waiting", "Chờ bổ sung", "Waiting", "bổ sung", "waitingcount", "waiting count"),
        _number("saturday", "Tiếp nhận thứ Bảy", "On Saturday", "thứ bảy", "saturdaycount", "saturday count"),
    ),
    keys=(("unit", "field", "day"),),
    place="unit",
    title=("unit", "field", "day"),
)  # fmt: skip
KINDS: Mapping[Kind, RecordKind] = {Kind.ROWS: ROWS, Kind.COUNTS: COUNTS}
