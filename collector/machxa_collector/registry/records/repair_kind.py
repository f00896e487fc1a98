"""Describe what was done about broken assets: repairs, estimates of repairs, and what cannot be mended."""

from __future__ import annotations

from machxa_collector.registry.records.fields import Choice, Field, Form, RecordKind, Told

_MOST_DONG = 10**12

REPAIRS = RecordKind(
    name="repairs",
    told=Told(vi="Sửa chữa", en="Repairs"),
    fields=(
        Field(
            name="unit",
            told=Told(vi="Mã đơn vị", en="Unit code"),
            form=Form.UNIT,
            required=True,
            aliases=("mã xã", "xã", "đơn vị", "phường"),
        ),
        Field(
            name="assets",
            told=Told(vi="Thiết bị", en="Asset"),
            form=Form.ASSETS,
            required=True,
            aliases=("mã tài sản", "tài sản", "số sê-ri"),
        ),
        Field(
            name="state",
            told=Told(vi="Kết quả", en="Result"),
            form=Form.CHOICE,
            required=True,
            choices=(
                Choice(value="done", told=Told(vi="Đã sửa", en="Repaired"), aliases=("xong", "đã xong")),
                Choice(
                    value="estimate", told=Told(vi="Dự toán", en="Estimate"), aliases=("báo giá", "dự toán sửa chữa")
                ),
                Choice(
                    value="beyond",
                    told=Told(vi="Không sửa được", en="Beyond repair"),
                    aliases=("không thể sửa", "hỏng hẳn"),
                ),
            ),
            aliases=("tình trạng", "trạng thái"),
        ),
        Field(
            name="done_on",
            told=Told(vi="Ngày", en="Day"),
            form=Form.DATE,
            required=True,
            aliases=("ngày sửa", "ngày lập", "ngày báo giá"),
        ),
        Field(
            name="cost_vnd",
            told=Told(vi="Chi phí (đồng)", en="Cost (đồng)"),
            form=Form.MONEY,
            least=0,
            most=_MOST_DONG,
            aliases=("chi phí", "số tiền", "thành tiền"),
        ),
        Field(
            name="what",
            told=Told(vi="Nội dung", en="What was done"),
            required=True,
            longest=500,
            aliases=("nội dung sửa chữa", "hạng mục"),
        ),
        Field(name="supplier", told=Told(vi="Đơn vị sửa", en="Who repairs"), aliases=("nhà cung cấp",)),
        Field(name="note", told=Told(vi="Ghi chú", en="Note"), longest=1000),
    ),
    keys=(("unit", "assets", "done_on", "what"),),
    place="unit",
    title=("what",),
)
