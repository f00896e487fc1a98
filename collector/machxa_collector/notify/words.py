"""Hold the words of notices in Vietnamese and English: what is wrong, what it does, what to do next."""

from __future__ import annotations

from collections.abc import Mapping

from machxa_collector.incidents.words import Cause

Both = tuple[str, str]  # Vietnamese, English

CAUSES: Mapping[Cause, Both] = {
    Cause.DEVICE: ("Thiết bị có sự cố", "Device fault"),
    Cause.LAN: ("Mạng nội bộ có sự cố", "Office network fault"),
    Cause.LINE: ("Mất đường truyền", "Line down"),
    Cause.PROVIDER: ("Nhà mạng có sự cố diện rộng", "Provider outage"),
    Cause.PROVIDER_AREA: ("Nhà mạng có sự cố trong khu vực", "Provider outage in an area"),
    Cause.PROVINCIAL_SYSTEM: ("Hệ thống của tỉnh có sự cố", "System of the province has a fault"),
    Cause.NATIONAL_SYSTEM: ("Hệ thống của trung ương có sự cố", "System of the nation has a fault"),
    Cause.POWER: ("Mất điện", "Power cut"),
    Cause.POWER_OR_LINE: ("Mất điện hoặc mất đường truyền", "Power or line lost"),
    Cause.CENTRE: ("Trung tâm giám sát mất liên lạc", "The centre hears nothing"),
    Cause.MAINTENANCE: ("Bảo trì theo kế hoạch", "Planned maintenance"),
    Cause.UNKNOWN: ("Sự cố chưa rõ nguyên nhân", "Fault of unknown cause"),
}
EFFECTS: Mapping[Cause, Both] = {
    Cause.DEVICE: ("Người dùng thiết bị này phải chờ.", "Whoever needs this device has to wait."),
    Cause.LAN: ("Máy trong đơn vị không vào được mạng.", "Computers in the office cannot reach the network."),
    Cause.LINE: ("Đơn vị không vào được phần mềm qua mạng.", "The unit cannot reach the software it works with."),
    Cause.PROVIDER: (
        "Các đơn vị dùng nhà mạng này không vào được phần mềm qua mạng.",
        "Units with this provider cannot reach the software they work with.",
    ),
    Cause.PROVIDER_AREA: (
        "Các đơn vị trong khu vực dùng nhà mạng này không vào được phần mềm qua mạng.",
        "Units in this area with this provider cannot reach the software they work with.",
    ),
    Cause.PROVINCIAL_SYSTEM: (
        "Các đơn vị không dùng được, hoặc dùng khó, hệ thống này.",
        "Units cannot use this system, or hardly.",
    ),
    Cause.NATIONAL_SYSTEM: (
        "Các đơn vị không dùng được, hoặc dùng khó, hệ thống này.",
        "Units cannot use this system, or hardly.",
    ),
    Cause.POWER: ("Đơn vị không làm việc được trên máy.", "The unit cannot work at its computers."),
    Cause.POWER_OR_LINE: (
        "Đơn vị không vào được phần mềm qua mạng.",
        "The unit cannot reach the software it works with.",
    ),
    Cause.CENTRE: (
        "Chưa biết tình hình các đơn vị cho tới khi nối lại được.",
        "Nobody knows how the units are until the centre hears again.",
    ),
    Cause.MAINTENANCE: ("Theo thông báo đã có.", "As it was announced."),
    Cause.UNKNOWN: ("Chưa rõ mức ảnh hưởng.", "What it does is not known yet."),
}
STEPS: Mapping[Cause, Both] = {
    Cause.DEVICE: (
        "Xem nguồn điện, dây nối và báo lỗi trên thiết bị; dùng thiết bị khác trong lúc chờ.",
        "Look at its power, cables and what it displays; use another device meanwhile.",
    ),
    Cause.LAN: (
        "Kiểm tra bộ chia mạng và dây nối của đơn vị; báo người phụ trách mạng.",
        "Check the switch and cables of the office; call whoever looks after the network.",
    ),
    Cause.LINE: (
        "Xem đèn của bộ định tuyến; gọi nhà mạng và ghi số phiếu vào sự cố.",
        "Look at the router's lights; call the provider and write its ticket into the incident.",
    ),
    Cause.PROVIDER: (
        "Gọi nhà mạng và ghi số phiếu vào sự cố; nhắc các đơn vị dùng đường dự phòng nếu có.",
        "Call the provider and write its ticket into the incident; tell units to use their second line if any.",
    ),
    Cause.PROVIDER_AREA: (
        "Gọi nhà mạng và ghi số phiếu vào sự cố; nhắc các đơn vị dùng đường dự phòng nếu có.",
        "Call the provider and write its ticket into the incident; tell units to use their second line if any.",
    ),
    Cause.PROVINCIAL_SYSTEM: (
        "Báo đơn vị vận hành hệ thống; nhận xử lý và ghi giờ hẹn để các đơn vị biết.",
        "Call who runs the system; acknowledge and enter a promised time so that units know.",
    ),
    Cause.NATIONAL_SYSTEM: (
        "Báo đầu mối của hệ thống ở trung ương; nhận xử lý và ghi giờ hẹn để các đơn vị biết.",
        "Call the system's contact; acknowledge and enter a promised time so that units know.",
    ),
    Cause.POWER: (
        "Hỏi điện lực giờ có điện lại và ghi giờ hẹn vào sự cố.",
        "Ask the power company when power is back and enter it as the promised time.",
    ),
    Cause.POWER_OR_LINE: (
        "Gọi đơn vị hỏi còn điện không: mất điện thì hỏi điện lực, còn điện thì gọi nhà mạng.",
        "Call the unit and ask for the power: without it call the power company, with it the provider.",
    ),
    Cause.CENTRE: (
        "Kiểm tra đường truyền và dịch vụ tiếp nhận của trung tâm.",
        "Check the centre's own line and its broker.",
    ),
    Cause.MAINTENANCE: ("Không cần làm gì.", "Nothing to do."),
    Cause.UNKNOWN: (
        "Mở sự cố xem bằng chứng rồi gọi đơn vị hỏi thêm.",
        "Open the incident, look at its evidence and ask the unit.",
    ),
}
STATES: Mapping[str, Both] = {
    "slow": ("chậm", "slow"),
    "hang": ("treo", "hangs"),
    "intermittent": ("lúc được lúc không", "fails now and then"),
    "degraded": ("đường truyền kém", "weak line"),
    "saturated": ("đường truyền đầy", "full line"),
    "untrusted": ("chứng thư số máy chủ bị từ chối", "its certificate is refused"),
    "error": ("báo lỗi", "answers with errors"),
    "slow_pc": ("máy chậm", "slow computer"),
    "disk_failing": ("ổ đĩa sắp hỏng", "disk failing"),
    "toner_low": ("sắp hết mực", "toner low"),
    "offline": ("không trả lời", "does not answer"),
    "silent": ("im lặng", "silent"),
    "clock_wrong": ("sai đồng hồ", "wrong clock"),
    "on_battery": ("đang chạy bằng bộ lưu điện", "runs on battery"),
    "undelivered": ("kênh thông báo không gửi được", "a channel of notices does not deliver"),
    "reported": ("người dùng báo", "reported by people"),
}
UNDELIVERED: Mapping[str, Both] = {
    "cause": ("Kênh thông báo không gửi được", "A channel of notices does not deliver"),
    "effect": (
        "Người nhận qua kênh này chỉ thấy thông báo trên trang.",
        "Whoever is told by this channel sees notices on the pages alone.",
    ),
    "step": (
        "Mở trang Thông báo, mục Kênh, xem lỗi và bấm Gửi thử.",
        "Open the page Notices, section Channels, read the error and send a test.",
    ),
}
HEADS: Mapping[str, Both] = {
    "opened": ("", ""),
    "revised": ("rõ nguyên nhân", "cause now known"),
    "worse": ("nặng hơn", "graver"),
    "escalated": ("chưa ai nhận", "nobody has it"),
    "ended": ("Xong", "Over"),
}
