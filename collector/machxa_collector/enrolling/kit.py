"""Write what a commune enrols its computers with onto a USB stick: no programs, they come with the installer."""

from __future__ import annotations

import hashlib
import os
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from urllib.parse import urlsplit

from machxa_collector.failure import CannotRunError

CONFIG, TOKEN, AUTHORITY, README, SUMS = "agent.toml", "token.txt", "ca.pem", "README.txt", "SHA256SUMS"
_CONFIG = """\
# Ghi danh máy trạm vào Mạch Xã: machxa-agent enrol --kit THƯ_MỤC_NÀY
enrol_url = "{url}"
enrol_token_file = "{token}"
enrol_ca_file = "{authority}"
enrol_ca_fingerprint = "{fingerprint}"
"""
_README = """\
MẠCH XÃ - BỘ GHI DANH MÁY TRẠM
{unit}
Dùng cho nhiều nhất {uses} máy, đến hết ngày {ends:%d/%m/%Y}.

CÁC BƯỚC (trên từng máy)
1. Cài phần mềm giám sát Mạch Xã bằng bộ cài của tỉnh (không nằm trong USB này).
2. Kiểm tra ngày giờ của máy. Sai giờ vẫn ghi danh được, nhưng hãy đặt lại cho đúng.
3. Cắm USB này. Mở cửa sổ lệnh với quyền quản trị rồi chạy:
     Windows:  machxa-agent enrol --kit E:\\        (E: là ổ USB)
     Linux:    sudo /opt/machxa/.venv/bin/machxa-agent enrol --kit /media/usb --data /var/lib/machxa-agent
               sudo chown -R machxa-agent:machxa-agent /var/lib/machxa-agent
4. Thấy dòng "đã ghi danh" là xong. Rút USB, sang máy tiếp theo.

NẾU KHÔNG ĐƯỢC
- Lệnh nói rõ vướng ở đâu: đồng hồ, DNS, proxy, trang đăng nhập mạng, tường lửa hay chứng thư.
- "từ chối": mã đã hết lượt hoặc hết hạn. Xin bộ mới của tỉnh.
- "chờ người quản trị duyệt": cứ để máy bật; tỉnh duyệt xong máy tự vào.

GIỮ GÌN
- Ai có USB này có thể đưa máy vào danh sách của xã. Cất như giữ chìa khóa; dùng xong thì xóa.
- Mất USB: báo tỉnh ngay.
- Kiểm tra bộ có bị sửa không (Linux): sha256sum -c SHA256SUMS

Máy chủ: {url}
Dấu vân tay chứng thư của trung tâm (SHA-256):
{fingerprint}
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class About:
    """Hold what a kit says: the collector's address, token, authority, and for which unit, how many, until when."""

    url: str
    token: str
    authority: str
    fingerprint: str
    unit: str
    uses: int
    ends: date


def check(url: str, folder: Path) -> None:
    """Refuse an address agents would not ask, and a folder that holds something; raises CannotRunError."""
    parts = urlsplit(url)
    if parts.scheme != "https" or not parts.hostname or any(one in url for one in "\"'\\ \n"):
        raise CannotRunError(
            f"địa chỉ {url!r}, cần có dạng https://HOST[:PORT]", f"address {url!r}, expected https://HOST[:PORT]"
        )
    if folder.exists() and (not folder.is_dir() or any(folder.iterdir())):
        raise CannotRunError(
            f"{folder} đã có nội dung; chọn thư mục trống", f"{folder} holds something; name an empty one"
        )


def contents(about: About) -> dict[str, str]:
    """Return the files of a kit by name."""
    names = {"token": TOKEN, "authority": AUTHORITY}
    files = {
        CONFIG: _CONFIG.format(url=about.url, fingerprint=about.fingerprint, **names),
        TOKEN: about.token + "\n",
        AUTHORITY: about.authority,
        README: "\ufeff"  # by which old editors of Windows know UTF-8
        + _README.format(
            unit=about.unit, uses=about.uses, ends=about.ends, url=about.url, fingerprint=about.fingerprint
        ).replace("\n", "\r\n"),
    }
    sums = (f"{hashlib.sha256(text.encode()).hexdigest()}  {name}\n" for name, text in files.items())
    return {**files, SUMS: "".join(sums)}


def write(folder: Path, about: About) -> None:
    """Write a kit; raises CannotRunError."""
    try:
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        for name, text in contents(about).items():
            handle = os.open(folder / name, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
            with os.fdopen(handle, "wb") as file:
                file.write(text.encode())
                os.fsync(file.fileno())
    except OSError as exc:
        raise CannotRunError(f"không ghi được {folder}: {exc.strerror}", f"cannot write {folder}: {exc}") from exc
