"""Describe what the books say of an asset: when and for how much it came, who pays for it, what it counts as.

GLPI's infocom has most of them: use_date (acquired_on), value (cost_vnd), budget, suppliers, warranty.
"""

from __future__ import annotations

from machxa_collector.registry.records.fields import Choice, Field, Form, Told

MOST_DONG = 10**13
_MOST_PAGES = 10**10
FIRST_YEAR, LAST_YEAR = 1975, 2100

_SOURCES = (  # of a day or a cost; nobody said: what a person gives counts as "book"
    Choice(value="book", told=Told(vi="Theo sổ", en="Books"), aliases=("sổ", "sổ tài sản", "kế toán", "chứng từ")),
    Choice(value="estimated", told=Told(vi="Ước tính", en="Estimated"), aliases=("ước tính BIOS", "ước lượng")),
    Choice(value="unknown", told=Told(vi="Không rõ", en="Unknown"), aliases=("không biết", "chưa rõ")),
)
_OWNERS = (  # whose ceiling pays for its successor: each commune is one owner, and these stand apart
    Choice(value="commune", told=Told(vi="UBND xã, phường", en="Commune"), aliases=("UBND", "chính quyền", "xã")),
    Choice(value="party", told=Told(vi="Đảng ủy", en="Party"), aliases=("Đảng", "khối Đảng")),
    Choice(value="front", told=Told(vi="Mặt trận, đoàn thể", en="Front"), aliases=("Mặt trận", "MTTQ", "đoàn thể")),
    Choice(value="police", told=Told(vi="Công an xã", en="Police"), aliases=("Công an",)),
    Choice(value="province", told=Told(vi="Cấp tỉnh", en="Province"), aliases=("tỉnh", "sở")),
    Choice(value="other", told=Told(vi="Khác", en="Other")),
)
_CLASSES = (  # of the dated table of wear rates (TT 141/2025); what rate a class has is that table's to say
    Choice(
        value="office",
        told=Told(vi="Máy móc, thiết bị văn phòng phổ biến", en="Common office machines"),
        aliases=("thiết bị văn phòng", "máy móc thiết bị văn phòng"),
    ),
    Choice(
        value="special",
        told=Told(vi="Máy móc, thiết bị chuyên dùng", en="Special-purpose machines"),
        aliases=("chuyên dùng", "thiết bị chuyên dùng"),
    ),
    Choice(
        value="other_machine",
        told=Told(vi="Máy móc, thiết bị khác", en="Other machines"),
        aliases=("máy móc thiết bị", "thiết bị khác"),
    ),
    Choice(value="cabinet", told=Told(vi="Tủ, điều hòa", en="Cabinets, air conditioners"), aliases=("tủ",)),
    Choice(value="furniture", told=Told(vi="Bàn ghế, nội thất", en="Furniture"), aliases=("bàn ghế", "nội thất")),
    Choice(value="software", told=Told(vi="Phần mềm", en="Software"), aliases=("phần mềm máy tính",)),
)

BOOK_FIELDS = (
    Field(
        name="acquired_on",
        told=Told(vi="Ngày đưa vào sử dụng", en="In use since"),
        form=Form.DATE,
        aliases=("ngày sử dụng", "ngày mua", "ngày tăng", "ngày ghi tăng", "startup date"),
    ),
    Field(
        name="acquired_year",  # books often name the year alone
        told=Told(vi="Năm đưa vào sử dụng", en="In use since (year)"),
        form=Form.COUNT,
        least=FIRST_YEAR,
        most=LAST_YEAR,
        aliases=("năm sử dụng", "năm mua", "năm mua sắm", "năm trang bị", "năm đưa vào sd", "năm"),
    ),
    Field(
        name="acquired_source",
        told=Told(vi="Nguồn của ngày, năm", en="Source of the day"),
        form=Form.CHOICE,
        choices=_SOURCES,
    ),
    Field(
        name="cost_vnd",
        told=Told(vi="Nguyên giá (đồng)", en="Cost (đồng)"),
        form=Form.MONEY,
        least=0,
        most=MOST_DONG,
        aliases=("nguyên giá", "giá trị", "thành tiền", "giá mua", "đơn giá", "value"),
    ),
    Field(
        name="cost_source",
        told=Told(vi="Nguồn của nguyên giá", en="Source of the cost"),
        form=Form.CHOICE,
        choices=_SOURCES,
    ),
    Field(
        name="book_value_vnd",
        told=Told(vi="Giá trị còn lại theo sổ (đồng)", en="Book value as told (đồng)"),
        form=Form.MONEY,
        least=0,
        most=MOST_DONG,
        aliases=("giá trị còn lại", "gtcl", "giá trị còn lại trên sổ"),
    ),
    Field(
        name="book_class",
        told=Told(vi="Nhóm tài sản tính hao mòn", en="Class of wear"),
        form=Form.CHOICE,
        choices=_CLASSES,
        aliases=("nhóm hao mòn",),
    ),
    Field(
        name="norm_row",
        told=Told(vi="Dòng định mức", en="Norm row"),
        form=Form.CODE,
        longest=60,
        aliases=("định mức", "mã định mức"),
    ),
    Field(
        name="budget",
        told=Told(vi="Nguồn kinh phí", en="Funding source"),
        aliases=("nguồn vốn", "nguồn hình thành", "nguồn", "nguồn vốn mua sắm", "budget"),
    ),
    Field(
        name="owner",
        told=Told(vi="Chủ ngân sách", en="Budget owner"),
        form=Form.CHOICE,
        choices=_OWNERS,
        aliases=("khối", "đơn vị chủ quản"),
    ),
    Field(
        name="supplier",
        told=Told(vi="Nhà cung cấp", en="Supplier"),
        aliases=("đơn vị cung cấp", "bên bán", "nhà thầu"),
    ),
    Field(
        name="warranty_until",
        told=Told(vi="Bảo hành đến", en="Warranty until"),
        form=Form.DATE,
        aliases=("hạn bảo hành", "hết bảo hành", "hết hạn bảo hành", "ngày hết bảo hành", "warranty expiration date"),
    ),
    Field(
        name="pages",
        told=Told(vi="Số trang đã in", en="Page counter"),
        form=Form.COUNT,
        least=0,
        most=_MOST_PAGES,
        aliases=("số bản in", "số trang", "bộ đếm trang", "counter"),
    ),
    Field(
        name="pages_on",
        told=Told(vi="Ngày đọc số trang", en="Page counter read on"),
        form=Form.DATE,
        aliases=("ngày đọc bộ đếm",),
    ),
)
