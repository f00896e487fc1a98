"""Describe an asset as a record: what people say of it beside what its agent finds."""

from __future__ import annotations

from machxa_collector.registry.records.asset_book import BOOK_FIELDS
from machxa_collector.registry.records.fields import Choice, Field, Form, RecordKind, Told

_KINDS = (  # what centres have; a device of none of these is "other"
    ("computer", "Máy vi tính", "Computer"),
    ("laptop", "Máy tính xách tay", "Laptop"),
    ("tablet", "Máy tính bảng", "Tablet"),
    ("monitor", "Màn hình", "Monitor"),
    ("printer", "Máy in", "Printer"),
    ("copier", "Máy photocopy", "Copier"),
    ("scanner", "Máy quét", "Scanner"),
    ("multifunction", "Máy đa chức năng", "Multifunction device"),
    ("router", "Bộ định tuyến", "Router"),
    ("switch", "Bộ chuyển mạch", "Switch"),
    ("access_point", "Điểm phát wifi", "Access point"),
    ("firewall", "Tường lửa", "Firewall"),
    ("modem", "Modem quang (ONT)", "Fibre modem (ONT)"),
    ("ups", "Bộ lưu điện", "UPS"),
    ("storage", "Thiết bị lưu trữ", "Storage"),
    ("server", "Máy chủ", "Server"),
    ("token", "Thiết bị ký (USB token)", "Signing token"),
    ("kiosk", "Kiosk tra cứu", "Look-up kiosk"),
    ("queue_machine", "Máy lấy số", "Queue machine"),
    ("display", "Màn hình hiển thị", "Display"),
    ("projector", "Máy chiếu", "Projector"),
    ("shredder", "Máy hủy tài liệu", "Shredder"),
    ("conference", "Bộ họp trực tuyến", "Video-conference set"),
    ("camera", "Camera", "Camera"),
    ("phone", "Điện thoại", "Phone"),
    ("cabinet", "Tủ, giá", "Cabinet"),
    ("other", "Khác", "Other"),
)
_STATUSES = (
    ("draft", "Mới thấy, chưa xác nhận", "Seen, not confirmed"),
    ("in_use", "Đang dùng", "In use"),
    ("spare", "Dự phòng", "Spare"),
    ("broken", "Hỏng", "Broken"),
    ("repair", "Đang sửa", "In repair"),
    ("missing", "Không tìm thấy khi kiểm kê", "Not found at a stock-take"),
    ("rejected", "Không phải tài sản của đơn vị", "Not the unit's own"),
    ("disposed", "Đã thanh lý", "Disposed of"),
)


GONE = frozenset({"disposed", "rejected"})  # statuses of what a unit has no more, or never had

_ALIASES = {
    "computer": ("máy tính", "máy tính để bàn", "bộ máy tính", "bộ máy vi tính", "máy trạm", "pc", "desktop"),
    "laptop": ("máy xách tay", "notebook", "máy vi tính xách tay"),
    "copier": ("máy sao chụp", "máy phô tô", "photocopy"),
    "scanner": ("máy scan", "scan"),
    "multifunction": ("mfp", "máy in đa chức năng"),
    "router": ("router", "thiết bị định tuyến"),
    "switch": ("switch", "thiết bị chuyển mạch"),
    "access_point": ("wifi", "bộ phát wifi", "thiết bị phát wifi"),
    "ups": ("ups",),
    "conference": ("hội nghị truyền hình", "thiết bị họp trực tuyến"),
    "shredder": ("máy hủy giấy", "máy huỷ tài liệu", "máy huỷ giấy"),
    "display": ("màn hình led", "ti vi", "tivi"),
    "cabinet": ("tủ", "kệ", "giá", "tủ tài liệu", "tủ hồ sơ"),
    "in_use": ("đang sử dụng", "sử dụng", "hoạt động", "tốt"),
    "broken": ("hư hỏng", "không sử dụng được"),
    "disposed": ("thanh lý", "đã tiêu hủy"),
    "spare": ("chưa sử dụng", "trong kho"),
}


def _choices(rows: tuple[tuple[str, str, str], ...]) -> tuple[Choice, ...]:
    return tuple(
        Choice(value=value, told=Told(vi=vi, en=en), aliases=_ALIASES.get(value, ())) for value, vi, en in rows
    )


ASSETS = RecordKind(
    name="assets",
    told=Told(vi="Thiết bị, tài sản", en="Assets"),
    fields=(
        Field(
            name="code",
            told=Told(vi="Mã tài sản", en="Asset code"),
            form=Form.CODE,
            longest=60,
            aliases=("mã ts", "số thẻ", "số thẻ tài sản", "mã tài sản kế toán", "mã", "asset tag", "inventory number"),
        ),
        Field(
            name="unit",
            told=Told(vi="Mã đơn vị", en="Unit code"),
            form=Form.UNIT,
            aliases=(
                "mã xã",
                "xã",
                "phường",
                "xã phường",
                "đơn vị",
                "đơn vị sử dụng",
                "tên đơn vị",
                "bộ phận sử dụng",
                "unit",
            ),
        ),
        Field(
            name="kind",
            told=Told(vi="Loại thiết bị", en="Kind"),
            form=Form.CHOICE,
            required=True,
            choices=_choices(_KINDS),
            aliases=("loại", "loại tài sản", "nhóm tài sản", "type"),
        ),
        Field(
            name="name",
            told=Told(vi="Tên thiết bị", en="Name"),
            required=True,
            longest=255,
            aliases=("tên tài sản", "tên", "tên ts"),
        ),
        Field(
            name="vendor",
            told=Told(vi="Hãng", en="Vendor"),
            aliases=("hãng sản xuất", "nhà sản xuất", "thương hiệu", "manufacturer"),
        ),
        Field(name="model", told=Told(vi="Kiểu máy", en="Model"), aliases=("model", "ký hiệu", "mã hiệu")),
        Field(
            name="serial",
            told=Told(vi="Số sê-ri", en="Serial number"),
            form=Form.CODE,
            longest=100,
            aliases=("serial", "số serial", "số seri", "seri", "số sêri", "s/n", "sn", "số máy"),
        ),
        Field(
            name="status",
            told=Told(vi="Tình trạng", en="Status"),
            form=Form.CHOICE,
            choices=_choices(_STATUSES),
            aliases=("trạng thái", "hiện trạng"),
        ),
        Field(
            name="location",
            told=Told(vi="Vị trí, phòng", en="Room"),
            aliases=("vị trí", "phòng", "nơi đặt", "địa điểm", "location"),
        ),
        Field(
            name="tags",
            told=Told(vi="Thẻ (in phôi giấy chứng nhận; ...)", en="Tags"),
            form=Form.LIST,
            longest=60,
            aliases=("thẻ", "nhãn", "khả năng"),
        ),
        *BOOK_FIELDS,
        Field(name="note", told=Told(vi="Ghi chú", en="Note"), longest=1000, aliases=("comments",)),
    ),
    keys=(("code",), ("vendor", "serial"), ("serial",)),
    place="unit",
    title=("name", "model"),
    has_lots=True,
    resembles=("unit", "name"),
)
