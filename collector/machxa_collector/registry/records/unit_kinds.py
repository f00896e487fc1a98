"""Describe units and the rows of their calendars as records."""

from __future__ import annotations

from machxa_collector.registry.records.fields import Choice, Field, Form, RecordKind, Told

_SOURCE = Field(
    name="source",
    told=Told(vi="Căn cứ (số, ngày văn bản)", en="Source (number and date)"),
    required=True,
    longest=300,
    aliases=("căn cứ", "văn bản", "nguồn", "quyết định"),
)
WEEKDAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")  # datetime.date.weekday() counts them so
_DAYS = (  # how people write them, in the order of WEEKDAYS
    ("T2", "Mon", "thứ hai", "thứ 2", "hai", "monday"),
    ("T3", "Tue", "thứ ba", "thứ 3", "ba", "tuesday"),
    ("T4", "Wed", "thứ tư", "thứ 4", "tư", "wednesday"),
    ("T5", "Thu", "thứ năm", "thứ 5", "năm", "thursday"),
    ("T6", "Fri", "thứ sáu", "thứ 6", "sáu", "friday"),
    ("T7", "Sat", "thứ bảy", "thứ 7", "bảy", "saturday"),
    ("CN", "Sun", "chủ nhật", "chúa nhật", "sunday"),
)

DAYS = tuple(
    Choice(value=value, told=Told(vi=vi, en=en), aliases=tuple(aliases))
    for value, (vi, en, *aliases) in zip(WEEKDAYS, _DAYS, strict=True)
)

UNITS = RecordKind(
    name="units",
    told=Told(vi="Đơn vị hành chính", en="Administrative units"),
    fields=(
        Field(
            name="code",
            told=Told(vi="Mã đơn vị", en="Unit code"),
            form=Form.CODE,
            required=True,
            longest=10,
            aliases=("mã", "mã xã", "mã tỉnh"),
        ),
        Field(
            name="kind",
            told=Told(vi="Cấp", en="Tier"),
            form=Form.CHOICE,
            required=True,
            choices=(
                Choice(value="province", told=Told(vi="Cấp tỉnh", en="Province")),
                Choice(value="commune", told=Told(vi="Cấp xã", en="Commune")),
                Choice(value="centre", told=Told(vi="Trung tâm PVHCC cấp tỉnh", en="Provincial service centre")),
            ),
        ),
        Field(
            name="type",
            told=Told(vi="Loại hình", en="Type"),
            form=Form.CHOICE,
            choices=(
                Choice(value="tỉnh", told=Told(vi="Tỉnh", en="Province")),
                Choice(value="thành phố", told=Told(vi="Thành phố", en="City")),
                Choice(value="xã", told=Told(vi="Xã", en="Commune")),
                Choice(value="phường", told=Told(vi="Phường", en="Ward")),
                Choice(value="đặc khu", told=Told(vi="Đặc khu", en="Special zone")),
            ),
        ),
        Field(name="name", told=Told(vi="Tên đơn vị", en="Name"), required=True, aliases=("tên", "tên xã")),
        Field(
            name="parent",
            told=Told(vi="Mã tỉnh", en="Province code"),
            form=Form.CODE,
            longest=10,
            aliases=("thuộc tỉnh", "tỉnh"),
        ),
        Field(name="valid_from", told=Told(vi="Từ ngày", en="From"), form=Form.DATE, aliases=("hiệu lực từ",)),
        Field(name="valid_to", told=Told(vi="Trước ngày", en="Before"), form=Form.DATE, aliases=("hiệu lực đến",)),
        Field(name="latitude", told=Told(vi="Vĩ độ", en="Latitude"), form=Form.DECIMAL, least=-90.0, most=90.0),
        Field(name="longitude", told=Told(vi="Kinh độ", en="Longitude"), form=Form.DECIMAL, least=-180.0, most=180.0),
        Field(name="old_names", told=Told(vi="Tên cũ", en="Old names"), form=Form.LIST),
        Field(name="old_places", told=Told(vi="Nơi cũ", en="Old districts"), form=Form.LIST),
        _SOURCE,
    ),
    keys=(("code", "valid_from"), ("code",)),
    place="code",
    title=("type", "name"),
)
CALENDARS = RecordKind(
    name="calendars",
    told=Told(vi="Lịch làm việc", en="Working calendars"),
    fields=(
        Field(
            name="owner",
            told=Told(vi="Mã tỉnh hoặc đơn vị", en="Province or unit code"),
            form=Form.UNIT,
            required=True,
            aliases=("mã đơn vị", "đơn vị", "mã xã", "xã"),
        ),
        Field(
            name="rule",
            told=Told(vi="Quy tắc", en="Rule"),
            form=Form.CHOICE,
            required=True,
            choices=(
                Choice(value="week", told=Told(vi="Giờ làm việc trong tuần", en="Hours of the week")),
                Choice(value="off", told=Told(vi="Ngày nghỉ", en="Day off")),
                Choice(value="make_up", told=Told(vi="Ngày làm bù", en="Make-up day")),
                Choice(value="closed", told=Told(vi="Nghỉ một phần ngày", en="Closed for part of a day")),
                Choice(value="extra", told=Told(vi="Buổi làm thêm đã công bố", en="Declared extra session")),
            ),
        ),
        Field(name="valid_from", told=Told(vi="Từ ngày", en="From"), form=Form.DATE, required=True),
        Field(name="valid_to", told=Told(vi="Đến hết ngày", en="To, included"), form=Form.DATE),
        Field(
            name="weekdays",
            told=Told(vi="Các thứ (T2; T3; ...; CN)", en="Weekdays (Mon; Tue; ...)"),
            form=Form.LIST,
            choices=DAYS,
            longest=20,
            aliases=("thứ",),
        ),
        Field(
            name="sessions",
            told=Told(vi="Các buổi (07:30-11:30; ...)", en="Sessions (07:30-11:30; ...)"),
            form=Form.LIST,
            longest=20,
            aliases=("buổi", "giờ làm việc"),
        ),
        Field(name="name", told=Told(vi="Tên ngày", en="Name of the day"), aliases=("tên",)),
        _SOURCE,
        Field(
            name="confidence",
            told=Told(vi="Mức chắc chắn", en="Certainty"),
            form=Form.CHOICE,
            required=True,
            choices=(
                Choice(value="confirmed", told=Told(vi="Đã có văn bản", en="Confirmed")),
                Choice(value="likely", told=Told(vi="Có khả năng", en="Likely")),
                Choice(value="open", told=Told(vi="Chưa quyết định", en="Not decided")),
            ),
        ),
    ),
    keys=(("owner", "rule", "valid_from", "weekdays"),),
    place="owner",
    title=("rule", "name"),
)
