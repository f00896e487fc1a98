"""List the kinds of record that the registry keeps, each with its fields. A kind has a table of the same name."""

from __future__ import annotations

from collections.abc import Mapping

from machxa_collector.registry.records.asset_kind import ASSETS
from machxa_collector.registry.records.fields import Choice, Field, Form, RecordKind, Told
from machxa_collector.registry.records.repair_kind import REPAIRS
from machxa_collector.registry.records.unit_kinds import CALENDARS, DAYS, UNITS

_MOST_MBPS = 400_000.0
_MOST_DONG = 10**13
_UNIT = Field(
    name="unit",
    told=Told(vi="Mã đơn vị", en="Unit code"),
    form=Form.UNIT,
    required=True,
    aliases=("mã xã", "mã phường", "xã", "phường", "xã phường", "đơn vị", "tên đơn vị", "ward", "commune"),
)
_NOTE = Field(name="note", told=Told(vi="Ghi chú", en="Note"), longest=1000)

LINES = RecordKind(
    name="lines",
    told=Told(vi="Đường truyền", en="Lines"),
    fields=(
        _UNIT,
        Field(name="name", told=Told(vi="Tên đường truyền", en="Line"), required=True, aliases=("đường truyền", "tên")),
        Field(
            name="kind",
            told=Told(vi="Loại", en="Kind"),
            form=Form.CHOICE,
            required=True,
            choices=(
                Choice(value="internet", told=Told(vi="Internet", en="Internet")),
                Choice(value="tslcd", told=Told(vi="Mạng TSLCD", en="State data network (TSLCD)")),
                Choice(value="mobile", told=Told(vi="Di động 4G/5G", en="Mobile 4G/5G")),
                Choice(value="satellite", told=Told(vi="Vệ tinh", en="Satellite")),
            ),
            aliases=("loại đường truyền",),
        ),
        Field(
            name="provider", told=Told(vi="Nhà mạng", en="Provider"), required=True, aliases=("nhà cung cấp", "carrier")
        ),
        Field(name="contract", told=Told(vi="Số hợp đồng", en="Contract number"), form=Form.CODE, longest=100),
        Field(
            name="down_mbps",
            told=Told(vi="Tốc độ xuống (Mbps)", en="Download speed (Mbps)"),
            form=Form.DECIMAL,
            least=0.0,
            most=_MOST_MBPS,
            aliases=("tốc độ", "băng thông", "tốc độ tải xuống", "speed", "bandwidth"),
        ),
        Field(
            name="up_mbps",
            told=Told(vi="Tốc độ lên (Mbps)", en="Upload speed (Mbps)"),
            form=Form.DECIMAL,
            least=0.0,
            most=_MOST_MBPS,
            aliases=("tốc độ tải lên",),
        ),
        Field(
            name="price_vnd_per_month",
            told=Told(vi="Giá thuê (đồng/tháng)", en="Price (đồng a month)"),
            form=Form.MONEY,
            least=0,
            most=_MOST_DONG,
            aliases=("đơn giá", "cước", "cước tháng", "giá"),
        ),
        Field(name="valid_from", told=Told(vi="Từ ngày", en="From"), form=Form.DATE, aliases=("ngày bắt đầu",)),
        Field(
            name="expires_on",
            told=Told(vi="Hết hạn ngày", en="Expires on"),
            form=Form.DATE,
            aliases=("ngày hết hạn", "hết hạn", "đến ngày"),
        ),
        Field(
            name="ticket_desk",
            told=Told(vi="Nơi báo hỏng", en="Ticket desk"),
            longest=500,
            aliases=("đầu mối", "tổng đài", "hotline", "điện thoại báo hỏng"),
        ),
        _NOTE,
    ),
    keys=(("unit", "kind", "name"), ("unit", "contract")),
    place="unit",
    title=("name", "provider"),
)
COUNTERS = RecordKind(
    name="counters",
    told=Told(vi="Quầy tiếp nhận", en="Counters"),
    fields=(
        _UNIT,
        Field(
            name="code",
            told=Told(vi="Số quầy", en="Counter number"),
            form=Form.CODE,
            required=True,
            longest=20,
            aliases=("quầy số", "mã quầy"),
        ),
        Field(name="name", told=Told(vi="Tên quầy", en="Counter"), required=True, aliases=("quầy", "tên")),
        Field(
            name="groups",
            told=Told(vi="Nhóm thủ tục", en="Procedure groups"),
            form=Form.LIST,
            aliases=("lĩnh vực", "nhóm"),
        ),
        Field(
            name="assets",
            told=Told(vi="Thiết bị dùng", en="Assets it uses"),
            form=Form.ASSETS,
            aliases=("thiết bị", "mã tài sản"),
        ),
        _NOTE,
    ),
    keys=(("unit", "code"),),
    place="unit",
    title=("code", "name"),
)
CONTACTS = RecordKind(
    name="contacts",
    told=Told(vi="Đầu mối liên hệ", en="Contacts"),
    fields=(
        _UNIT,
        Field(
            name="role",
            told=Told(vi="Vai trò", en="Role"),
            form=Form.CHOICE,
            required=True,
            choices=(
                Choice(value="it", told=Told(vi="Đầu mối CNTT", en="IT contact")),
                Choice(value="leader", told=Told(vi="Lãnh đạo đơn vị", en="Unit leader")),
                Choice(value="centre", told=Told(vi="Giám đốc Trung tâm", en="Centre director")),
                Choice(value="finance", told=Told(vi="Tài chính, kế toán", en="Finance, accounting")),
                Choice(value="province", told=Told(vi="Hỗ trợ của tỉnh", en="Provincial support")),
                Choice(value="provider", told=Told(vi="Nhà mạng, nhà cung cấp", en="Provider")),
            ),
        ),
        Field(name="position", told=Told(vi="Chức danh", en="Position"), required=True, aliases=("chức vụ",)),
        Field(
            name="name", told=Told(vi="Họ tên (không bắt buộc)", en="Name (optional)"), aliases=("họ tên", "họ và tên")
        ),
        Field(
            name="phone",
            told=Told(vi="Điện thoại", en="Phone"),
            form=Form.CODE,
            longest=40,
            aliases=("số điện thoại", "sđt", "di động"),
        ),
        Field(name="email", told=Told(vi="Thư điện tử", en="E-mail"), longest=254, aliases=("email", "e-mail")),
        _NOTE,
    ),
    keys=(("unit", "role", "position"),),
    place="unit",
    title=("position", "name"),
)
PLANNED = RecordKind(
    name="planned",
    told=Told(vi="Cắt điện, bảo trì theo kế hoạch", en="Planned power cuts and maintenance"),
    fields=(
        _UNIT,
        Field(
            name="kind",
            told=Told(vi="Loại", en="Kind"),
            form=Form.CHOICE,
            required=True,
            choices=(
                Choice(value="power_cut", told=Told(vi="Cắt điện", en="Power cut")),
                Choice(value="maintenance", told=Told(vi="Bảo trì", en="Maintenance")),
            ),
        ),
        Field(
            name="starts_at",
            told=Told(vi="Bắt đầu", en="Starts"),
            form=Form.MOMENT,
            required=True,
            aliases=("từ", "thời gian bắt đầu"),
        ),
        Field(
            name="ends_at",
            told=Told(vi="Kết thúc", en="Ends"),
            form=Form.MOMENT,
            required=True,
            aliases=("đến", "thời gian kết thúc"),
        ),
        Field(
            name="subject",
            told=Told(vi="Khu vực hoặc hệ thống", en="Area or system"),
            required=True,
            aliases=("nội dung", "khu vực", "hệ thống"),
        ),
        Field(
            name="source",
            told=Told(vi="Văn bản, thông báo", en="Notice"),
            required=True,
            aliases=("nguồn", "lý do", "căn cứ"),
        ),
        Field(
            name="weekdays",
            told=Told(vi="Lặp lại các thứ (T2; T3; ...)", en="Comes again on (Mon; Tue; ...)"),
            form=Form.LIST,
            choices=DAYS,
            longest=20,
            aliases=("lặp lại", "các thứ"),
        ),
        Field(name="repeats_to", told=Told(vi="Lặp đến hết ngày", en="Comes again until"), form=Form.DATE),
        _NOTE,
    ),
    keys=(("unit", "kind", "starts_at"),),
    place="unit",
    title=("subject",),
)

KINDS: Mapping[str, RecordKind] = {
    kind.name: kind for kind in (UNITS, CALENDARS, LINES, COUNTERS, CONTACTS, PLANNED, ASSETS, REPAIRS)
}
