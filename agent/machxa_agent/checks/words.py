"""Say results of checks to people, in Vietnamese and in English. Pure."""

from __future__ import annotations

from typing import Mapping, Tuple

from machxa_agent.checks.verdict import State, Stop, Verdict

STATES: Mapping[State, Tuple[str, str]] = {
    State.OK: ("tốt", "well"),
    State.DOWN: ("không tới được", "down"),
    State.HANG: ("treo", "hangs"),
    State.ERROR: ("lỗi", "in error"),
    State.PORTAL: ("mạng này đòi trang đăng nhập", "this network asks for a login page"),
    State.UNTRUSTED: ("chứng thư không tin được", "its certificate cannot be trusted"),
    State.UNKNOWN: ("chưa rõ", "not known"),
}
REASONS: Mapping[str, Tuple[str, str]] = {
    Stop.NO_NAME.value: ("tên miền không tồn tại", "its name does not exist"),
    Stop.RESOLVER.value: ("máy chủ DNS không trả lời", "the DNS server does not answer"),
    Stop.DNS_LIES.value: (
        "DNS trả về địa chỉ không máy nào khác có",
        "DNS gives an address that no other computer has",
    ),
    Stop.PRIVATE.value: (
        "DNS trả về địa chỉ nội bộ mà chính sách không nêu",
        "DNS gives a private address that the policy does not name",
    ),
    Stop.NOT_ALLOWED.value: ("chính sách không nêu máy chủ này", "the policy does not name this host"),
    Stop.REFUSED.value: ("từ chối kết nối", "the connection is refused"),
    Stop.TIMEOUT.value: ("không ai nhận kết nối", "nobody takes the connection"),
    Stop.UNREACHABLE.value: ("không có đường đi tới", "there is no way to it"),
    Stop.RESET.value: ("kết nối bị cắt", "the connection is cut"),
    Stop.CLOSED.value: ("đóng kết nối mà không trả lời", "it hangs up without an answer"),
    Stop.NO_BYTE.value: ("nhận kết nối rồi im lặng", "it takes the connection and says nothing"),
    Stop.DRIP.value: ("trả lời nhỏ giọt, không hết", "its answer drips and does not end"),
    Stop.EXPIRED.value: ("chứng thư đã hết hạn", "the certificate has expired"),
    Stop.NOT_YET_VALID.value: ("chứng thư chưa có hiệu lực", "the certificate is not valid yet"),
    Stop.WRONG_HOST.value: ("chứng thư mang tên khác", "the certificate is another's"),
    Stop.UNKNOWN_ISSUER.value: ("máy này không biết nơi cấp chứng thư", "this computer does not know who issued it"),
    Stop.PROTOCOL.value: ("không thống nhất được mã hóa", "no encryption could be agreed"),
    Stop.NOT_TLS.value: ("trả lời không mã hóa", "it answers without encryption"),
    Stop.NOT_HTTP.value: ("trả lời không phải HTTP", "its answer is no HTTP"),
    Stop.HEAD.value: ("phần đầu trả lời quá dài", "the head of its answer is too long"),
    Stop.GARBAGE.value: ("trả lời không phải dấu thời gian", "its answer is no time-stamp"),
    Stop.STUCK.value: ("phép kiểm tra không kết thúc", "the check did not come back"),
    "clock": ("đồng hồ máy này sai, không xét được hạn chứng thư", "this clock is wrong, so no date is judged"),
    "login_page": ("mạng đòi đăng nhập", "the network wants a login"),
    "redirect_foreign": ("bị chuyển tới máy chủ khác", "it sends to another host"),
    "anchor_differs": ("mốc của tỉnh bị trả lời thay", "somebody else answers for the province's anchor"),
    "status": ("mã trả lời báo lỗi", "its status is an error"),
    "status_5xx": ("máy chủ báo lỗi bên trong", "the server reports an error of its own"),
    "keyword": ("trang thiếu từ khóa", "the page lacks the keyword"),
    "rejected": ("từ chối cấp dấu thời gian", "it gives no time-stamp"),
}
PHASES: Mapping[str, Tuple[str, str]] = {
    "dns": ("DNS", "DNS"),
    "connect": ("kết nối", "connect"),
    "tls": ("mã hóa", "TLS"),
    "first_byte": ("byte đầu", "first byte"),
    "total": ("tất cả", "whole"),
}


def words(verdict: Verdict) -> Tuple[str, str]:
    """Return what a verdict is called, in Vietnamese and in English."""
    vietnamese, english = STATES[verdict.state]
    why = REASONS.get(verdict.reason)
    return (vietnamese, english) if why is None else (f"{vietnamese}: {why[0]}", f"{english}: {why[1]}")
