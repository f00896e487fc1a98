"""Say to whoever sits at the computer what its agent collects, with the newest values, and what it never does."""

from __future__ import annotations

from typing import List, Mapping, Optional, Tuple

from machxa_agent.facts.software import ALLOWED
from machxa_agent.once import UNITS, value_of
from machxa_agent.report.shown import Shown
from machxa_agent.report.words import Words, named
from machxa_wire.records import Sample

PROBES: Mapping[str, Words] = {
    "cpu": ("Bộ xử lý bận bao nhiêu", "How busy the processor is"),
    "memory": ("Bộ nhớ còn bao nhiêu", "How much memory is left"),
    "swap": ("Bộ nhớ có thiếu không", "Whether memory runs short"),
    "filesystem": ("Ổ cứng đầy bao nhiêu", "How full the disks are"),
    "disk": ("Ổ cứng đọc, ghi bao nhiêu", "How much the disks read and write"),
    "network": ("Lưu lượng mạng: chỉ số lượng", "Network traffic: amounts only"),
    "uptime": ("Máy đã bật bao lâu", "How long the computer has been on"),
    "temperature": ("Nhiệt độ", "Temperatures"),
    "battery": ("Pin", "The battery"),
    "pressure": ("Việc phải chờ bộ nhớ và ổ cứng bao lâu", "How long work waits for memory and disks"),
    "slow": ("Máy chậm bao lâu", "How long the computer was slow"),
    "link": ("Dây mạng, sóng Wi-Fi", "The network cable, the Wi-Fi signal"),
    "anchor": ("Đường mạng mất gói, trễ bao nhiêu", "Loss and delay of the line"),
    "ups": ("Bộ lưu điện", "The UPS"),
    "throttle": ("Bộ xử lý chậm lại vì nóng", "Whether heat slows the processor down"),
    "smart": ("Dấu hiệu ổ cứng sắp hỏng", "Signs that a disk will fail"),
    "boot": ("Khởi động mất bao lâu", "How long a start takes"),
    "crash": ("Số lần tắt đột ngột, phần mềm lỗi: chỉ đếm", "Sudden stops and crashed programs: numbers only"),
    "printers": (
        "Máy in: tình trạng, số lệnh bị kẹt; không tên tài liệu",
        "Printers: state, stuck jobs; no document names",
    ),
    "attached": ("Máy quét, USB ký số: có cắm không, có lỗi không", "Scanners, tokens: here or not, in error or not"),
    "certificates": ("Chứng thư số còn bao nhiêu ngày", "How many days certificates have left"),
    "services": ("Dịch vụ phải chạy có chạy không", "Whether what must run does run"),
    "checks": ("Phần mềm dùng chung có trả lời không", "Whether shared software answers"),
    "clock": ("Đồng hồ lệch bao nhiêu", "How wrong the clock is"),
    "agent": ("Mạch Xã tốn bao nhiêu của máy", "What Mạch Xã itself costs the computer"),
    "limits": ("Mạch Xã đã gửi bao nhiêu byte", "How many bytes Mạch Xã has sent"),
    "lines": ("Đường truyền của đơn vị còn không, tốt không", "Whether the unit's lines are up, and how good"),
    "witness": ("Một số đếm để thử", "A counter for tests"),
}
FACTS: Tuple[Words, ...] = (
    ("Hãng, kiểu máy, số sê-ri, BIOS", "Maker, model, serial number, BIOS"),
    ("Bộ xử lý, bộ nhớ, ổ cứng, màn hình, pin", "Processor, memory, disks, monitors, battery"),
    ("Máy in, phần mềm diệt vi-rút", "Printers, antivirus"),
    ("Phiên bản hệ điều hành, tên máy", "Version of the operating system, name of the computer"),
)
NEVER: Tuple[Words, ...] = (
    ("Ảnh màn hình", "Screens"),
    ("Phím gõ", "Keys"),
    ("Bộ nhớ tạm", "The clipboard"),
    ("Lịch sử duyệt web", "Pages visited"),
    ("Tiêu đề cửa sổ", "Titles of windows"),
    ("Tên tệp và tên tài liệu", "Names of files and documents"),
    ("Tên lệnh in và người in", "Names of print jobs and who prints"),
    ("Nội dung thư điện tử và tin nhắn", "Mail and chat"),
    ("Hình ảnh, âm thanh", "Camera and microphone"),
    ("Vị trí", "Place"),
    ("Mật khẩu, mã PIN, khóa ký số", "Passwords, PINs, signing keys"),
    ("Dữ liệu của người dân", "Data of citizens"),
    ("Năng suất của từng người", "How much somebody works"),
    ("Lệnh chạy chương trình từ xa: không nhận", "Commands from afar to run programs: none are taken"),
)
_HEADS: Mapping[str, Words] = {
    "never": ("KHÔNG BAO GIỜ:", "NEVER:"),
    "measured": ("ĐO ĐỊNH KỲ:", "MEASURED NOW AND THEN:"),
    "facts": ("CẤU HÌNH, mỗi ngày một lần nếu thay đổi:", "WHAT THE COMPUTER IS, once a day and on change:"),
    "software": ("PHẦN MỀM, chỉ khi tên bắt đầu bằng:", "PROGRAMS, only those whose name begins with:"),
    "checks": ("KIỂM TRA phần mềm dùng chung:", "CHECKS of shared software:"),
    "reports": ("BÁO CÁO do người dùng gửi từ cửa sổ này", "REPORTS that people send from this window"),
    "newest": ("SỐ ĐO MỚI NHẤT, đúng như gửi đi:", "NEWEST VALUES, as they are sent:"),
    "none": ("không có", "none"),
}


def lines(shown: Optional[Shown], language: str) -> Tuple[str, ...]:
    """Return everything as lines; what the agent has not shown yet is left out, never made up."""
    software = ALLOWED if shown is None or not shown.software else shown.software
    told: List[str] = [_head("never", language), *(f"  - {named(one, language)}" for one in NEVER), ""]
    if shown is not None:
        told += [_head("measured", language), *(f"  - {probe(one, language)}" for one in shown.probes), ""]
    told += [_head("facts", language), *(f"  - {named(one, language)}" for one in FACTS), ""]
    told += [_head("software", language), "  " + ", ".join(one.strip() for one in software), ""]
    if shown is not None:
        told += [_head("checks", language), "  " + (", ".join(shown.checks) or _head("none", language)), ""]
    told += [_head("reports", language), ""]
    if shown is not None and shown.newest:
        told += [_head("newest", language), *(f"  {value(one)}" for one in shown.newest)]
    return tuple(told)


def probe(name: str, language: str) -> str:
    """Return what a probe measures, in plain words; its own name where there are none yet."""
    return named(PROBES.get(name, (name, name)), language)


def value(sample: Sample) -> str:
    """Return a sample as a line: name, labels, value in the metric's own unit, "-" when not measured."""
    labels = ", ".join(f"{name}={one}" for name, one in sample.series.labels)
    number = value_of(sample)
    unit = UNITS.get(sample.series.name, "")
    named_ = sample.series.name + (f" {{{labels}}}" if labels else "")
    return f"{named_} = {'-' if number is None else number} {'' if unit == '1' else unit}".rstrip()


def _head(key: str, language: str) -> str:
    return named(_HEADS[key], language)
