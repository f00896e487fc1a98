"""Hold the words for what may be in the way to the collector, Vietnamese and English."""

from __future__ import annotations

from enum import Enum
from typing import Dict, Tuple


class Kind(Enum):
    """Say what was in the way."""

    DNS = "dns"
    REFUSED = "refused"
    TIMEOUT = "timeout"
    UNREACHABLE = "unreachable"
    MUTE = "mute"
    RESET = "reset"
    NOT_TLS = "not_tls"
    TLS = "tls"
    EXPIRED = "expired"
    NOT_YET = "not_yet"
    WRONG_HOST = "wrong_host"
    OTHER_CA = "other_ca"
    SELF_SIGNED = "self_signed"
    FINGERPRINT = "fingerprint"
    LOGIN_PAGE = "login_page"
    PROXY = "proxy"
    OTHER_SERVER = "other_server"
    BUSY = "busy"
    DENIED = "denied"


PROXY_SET = (
    "; máy này được đặt đi qua proxy {proxy}, nhưng tác tử đi thẳng: nhờ người quản mạng mở đường thẳng tới {place}",
    "; this computer is set to use the proxy {proxy}, but the agent goes direct: ask for a direct way to {place}",
)
WORDS: Dict[Kind, Tuple[str, str]] = {
    Kind.DNS: (
        "không tìm được địa chỉ của {host}: kiểm tra DNS và dây mạng ({detail})",
        "the name {host} has no address here: check DNS and the network cable ({detail})",
    ),
    Kind.REFUSED: (
        "{place} từ chối kết nối: máy chủ chưa chạy ở cổng này, hoặc tường lửa trả lời thay",
        "{place} refuses the connection: nothing listens on this port, or a firewall answers for it",
    ),
    Kind.TIMEOUT: (
        "{place} không trả lời: thường là tường lửa chặn cổng này, hoặc địa chỉ sai",
        "{place} does not answer: mostly a firewall that drops this port, or a wrong address",
    ),
    Kind.UNREACHABLE: (
        "không có đường tới {place}: kiểm tra dây mạng, địa chỉ IP của máy và bộ định tuyến ({detail})",
        "there is no way to {place}: check cable, this computer's address and the router ({detail})",
    ),
    Kind.MUTE: (
        "{place} nhận kết nối nhưng im lặng: thiết bị trên đường (tường lửa, proxy) giữ lại, hoặc máy chủ quá tải",
        "{place} accepts the connection and says nothing: a firewall or proxy holds it, or the server is overloaded",
    ),
    Kind.RESET: (
        "kết nối tới {place} bị cắt ngay khi bắt đầu mã hóa: thường là tường lửa lọc nội dung",
        "the connection to {place} is cut as encryption begins: mostly a filtering firewall",
    ),
    Kind.NOT_TLS: (
        "{place} trả lời không mã hóa: mạng này đòi trang đăng nhập (mở trình duyệt để đăng nhập), hoặc sai cổng",
        "{place} answers without encryption: this network asks for a login page (open a browser), or the port is wrong",
    ),
    Kind.TLS: (
        "không thống nhất được mã hóa với {place} ({detail})",
        "no encryption could be agreed with {place} ({detail})",
    ),
    Kind.EXPIRED: (
        "chứng thư của {place} đã hết hạn: báo người quản máy chủ gia hạn",
        "the certificate of {place} has expired: the server's keeper has to renew it",
    ),
    Kind.NOT_YET: (
        "chứng thư của {place} chưa đến ngày có hiệu lực: báo người quản máy chủ xem lại ngày giờ",
        "the certificate of {place} is not valid yet: the server's keeper has to check its date",
    ),
    Kind.WRONG_HOST: (
        "chứng thư của {place} không mang tên {host}: kiểm tra lại địa chỉ, hoặc máy chủ cần chứng thư có tên này",
        "the certificate of {place} does not name {host}: check the address, or the server needs one with this name",
    ),
    Kind.OTHER_CA: (
        (
            "chứng thư của {place} do nơi khác cấp, không phải trung tâm của ta: có thiết bị xen giữa (trang "
            "đăng nhập, proxy giải mã) hoặc nhầm máy chủ; không gửi gì đi"
        ),
        (
            "the certificate of {place} is another authority's, not our centre's: something stands between (login "
            "page, decrypting proxy) or it is another server; nothing was sent"
        ),
    ),
    Kind.SELF_SIGNED: (
        "chứng thư của {place} là tự ký: thiết bị mạng trả lời thay, hoặc máy chủ chưa cài chứng thư của trung tâm",
        "the certificate of {place} is self-signed: a network device answers, or the server lacks the centre's own",
    ),
    Kind.FINGERPRINT: (
        (
            "dấu vân tay chứng thư của trung tâm ở {place} khác với dấu đã cho: kiểm tra lại --ca-fingerprint; nếu "
            "đúng, có kẻ xen giữa; không gửi gì đi"
        ),
        (
            "the fingerprint of the centre's certificate at {place} is not the one given: check --ca-fingerprint; if "
            "that is right, somebody stands between; nothing was sent"
        ),
    ),
    Kind.LOGIN_PAGE: (
        "mạng này đòi trang đăng nhập: mở trình duyệt, đăng nhập mạng, rồi thử lại",
        "this network asks for a login page: open a browser, sign in to the network, then try again",
    ),
    Kind.PROXY: (
        "một proxy trên đường tới {place} đòi đăng nhập: nhờ người quản mạng mở đường thẳng",
        "a proxy on the way to {place} wants a login: ask the network's keeper for a direct way",
    ),
    Kind.OTHER_SERVER: (
        "{place} không phải máy chủ Mạch Xã, hoặc là phiên bản khác: kiểm tra lại địa chỉ và cổng ({detail})",
        "{place} is no Mạch Xã collector, or one of another version: check address and port ({detail})",
    ),
    Kind.BUSY: (
        "máy chủ ở {place} đang bận hoặc đang khởi động lại: thử lại sau một phút",
        "the server at {place} is busy or starting: try again in a minute",
    ),
    Kind.DENIED: (
        "{place} từ chối: mã không đúng, đã dùng, hết hạn hoặc bị từ chối; xin mã mới",
        "{place} refused the token: it is unknown, spent, expired or refused; ask for another",
    ),
}
