"""Name groups, stages, layers and systems in the Vietnamese of documents."""

from __future__ import annotations

from collections.abc import Mapping

GROUPS: Mapping[str, str] = {
    "HT": "Hộ tịch",
    "CT": "Chứng thực",
    "DD": "Đất đai",
    "XD": "Xây dựng",
    "other": "Thủ tục khác",
}
STAGES: Mapping[str, str] = {
    "receive_direct": "Tiếp nhận trực tiếp",
    "receive_online": "Tiếp nhận trực tuyến",
    "scan": "Quét, số hóa",
    "look_up": "Tra cứu, xác minh",
    "process": "Xử lý",
    "sign": "Ký",
    "pay": "Thu phí, lệ phí",
    "issue": "In, trả kết quả",
    "archive": "Lưu trữ",
}
CHANNELS: Mapping[str, str] = {"direct": "trực tiếp", "online": "trực tuyến"}
LAYERS: Mapping[str, str] = {
    "TB": "Thiết bị của đơn vị",
    "LAN": "Mạng nội bộ của đơn vị",
    "WAN": "Đường truyền, nhà mạng",
    "TINH": "Hệ thống của tỉnh",
    "TW": "Hệ thống của trung ương",
    "DIEN": "Điện",
    "BT": "Bảo trì có kế hoạch",
    "NGUOI": "Con người",
    "TRUNG_TAM": "Trung tâm giám sát",
}
CAUSES: Mapping[str, str] = {
    "device": "Thiết bị",
    "lan": "Mạng nội bộ",
    "line": "Đường truyền của đơn vị",
    "provider": "Nhà mạng",
    "provider_area": "Nhà mạng trong một khu vực",
    "provincial_system": "Hệ thống của tỉnh",
    "national_system": "Hệ thống của trung ương",
    "power": "Mất điện",
    "power_or_line": "Mất điện hoặc mất đường truyền",
    "centre": "Trung tâm giám sát mất liên lạc",
    "maintenance": "Bảo trì có kế hoạch",
    "unknown": "Chưa rõ",
}
STATES: Mapping[str, str] = {
    "dark": "không liên lạc được",
    "down": "không hoạt động",
    "cut": "bị cắt",
    "hang": "treo",
    "error": "báo lỗi",
    "portal": "nơi khác trả lời thay",
    "untrusted": "chứng thư bị từ chối",
    "slow": "chậm",
    "intermittent": "lúc được lúc không",
    "degraded": "kém",
    "saturated": "đầy tải",
    "partial": "một phần không truy cập được",
    "blocked": "kẹt, không làm việc được",
    "lost": "mất liên lạc",
    "unreachable": "không trả lời",
    "offline": "không trả lời",
    "reported": "do người báo",
}
CONFIDENCE: Mapping[str, str] = {"high": "cao", "medium": "trung bình", "low": "thấp"}
