"""Say the window's words in Vietnamese and English: short ones, for somebody with people waiting."""

from __future__ import annotations

from typing import Mapping, Tuple

LANGUAGES = ("vi", "en")
Words = Tuple[str, str]

CATEGORIES: Mapping[str, Words] = {
    "computer": ("Máy tính", "Computer"),
    "printer": ("Máy in", "Printer"),
    "land_printer": ("Máy in giấy chứng nhận đất", "Land certificate printer"),
    "scanner": ("Máy quét", "Scanner"),
    "network": ("Mạng, Wi-Fi", "Network, Wi-Fi"),
    "one_stop": ("Phần mềm một cửa", "One-stop software"),
    "signature": ("Chữ ký số", "Digital signature"),
    "lookup": ("Tra cứu dân cư, hộ tịch, đất đai", "Population, civil status, land lookup"),
    "other": ("Khác", "Something else"),
}
SYMPTOMS: Mapping[str, Words] = {
    "unusable": ("Không dùng được", "Cannot be used"),
    "slow": ("Chậm", "Slow"),
    "frozen": ("Treo", "Frozen"),
    "error": ("Báo lỗi", "Shows an error"),
    "intermittent": ("Lúc được lúc không", "Comes and goes"),
}
BEGAN: Mapping[str, Words] = {
    "0": ("Vừa xong", "Just now"),
    "15": ("15 phút", "15 minutes"),
    "30": ("30 phút", "30 minutes"),
    "60": ("1 giờ", "1 hour"),
    "morning": ("Từ sáng nay", "Since this morning"),
}
WAITING: Mapping[str, Words] = {
    "0": ("Không ai", "Nobody"),
    "1-5": ("1-5 người", "1-5 people"),
    "6-20": ("6-20 người", "6-20 people"),
    "20+": ("Trên 20", "More than 20"),
}
STAGES: Mapping[str, Words] = {
    "receive_direct": ("Tiếp nhận", "Receiving"),
    "receive_online": ("Hồ sơ trực tuyến", "Online dossiers"),
    "scan": ("Số hóa", "Scanning"),
    "look_up": ("Tra cứu", "Look-up"),
    "process": ("Xử lý", "Processing"),
    "sign": ("Ký số", "Signing"),
    "pay": ("Thu phí", "Fees"),
    "issue": ("Trả kết quả", "Results"),
    "archive": ("Lưu trữ", "Archiving"),
}
STATES: Mapping[str, Words] = {
    "waiting": ("Chờ mạng", "Waits for the line"),
    "sent": ("Đã gửi", "Sent"),
    "unknown": ("Không rõ", "Not known"),
    "received": ("Đã nhận", "Received"),
    "handling": ("Đang xử lý", "Being handled"),
    "done": ("Đã xong", "Done"),
    "over": ("Dùng lại được", "Works again"),
}
HELP: Mapping[str, Tuple[Tuple[str, Words], ...]] = {  # three steps each: a picture of ``pictures``, and words
    "printer": (
        ("paper", ("Xem giấy, mực, nắp máy in", "Check paper, toner and the cover")),
        ("cable", ("Rút và cắm lại cáp máy in", "Unplug the printer's cable and plug it in again")),
        ("power", ("Tắt máy in 10 giây rồi bật lại", "Switch the printer off for 10 seconds")),
    ),
    "network": (
        ("cable", ("Xem dây mạng và đèn ở ổ cắm", "Check the network cable and its light")),
        ("two_computers", ("Hỏi máy bên cạnh có mạng không", "Ask whether the next computer has a line")),
        ("power", ("Khởi động lại bộ phát Wi-Fi nếu được phép", "Restart the Wi-Fi box if you may")),
    ),
    "computer": (
        ("save", ("Lưu việc đang làm", "Save your work")),
        ("close_windows", ("Đóng bớt phần mềm", "Close what you do not need")),
        ("again", ("Khởi động lại máy", "Restart the computer")),
    ),
    "signature": (
        ("usb", ("Rút và cắm lại USB ký số", "Unplug the token and plug it in again")),
        ("ports", ("Thử cổng USB khác", "Try another USB port")),
        ("again", ("Mở lại phần mềm ký", "Start the signing program again")),
    ),
    "scanner": (
        ("cable", ("Xem dây nguồn và cáp máy quét", "Check power and cable")),
        ("power", ("Tắt máy quét 10 giây rồi bật lại", "Switch the scanner off for 10 seconds")),
        ("again", ("Mở lại phần mềm quét", "Start the scanning program again")),
    ),
}
SAID: Mapping[str, Words] = {
    "window": ("Báo sự cố - Mạch Xã", "Report a fault - Mạch Xã"),
    "what": ("Cái gì hỏng?", "What is broken?"),
    "how": ("Thế nào?", "How?"),
    "more": ("Gửi ngay, hoặc nói thêm", "Send now, or say more"),
    "began": ("Từ lúc nào?", "Since when?"),
    "people": ("Có người dân đang chờ không?", "Are citizens waiting?"),
    "stages": ("Khâu nào bị dừng?", "What has stopped?"),
    "note": ("Ghi thêm (không ghi tên, số giấy tờ của người dân)", "Anything else (no names or numbers of citizens)"),
    "paper": ("Chuyển sang làm trên giấy", "We go on on paper"),
    "send": ("GỬI", "SEND"),
    "back": ("Quay lại", "Back"),
    "known": ("Đã biết:", "Known already:"),
    "me_too": ("Tôi cũng bị", "I have it, too"),
    "since": ("từ {0}", "since {0}"),
    "until": ("dự kiến xong {0}", "expected to end {0}"),
    "as_of": ("theo trung tâm lúc {0}", "as the centre said at {0}"),
    "this_device": ("Máy này: {0}", "This computer: {0}"),
    "after_waiting": ("Đã lưu trên máy, sẽ tự gửi khi có mạng", "Kept on this computer, sent once there is a line"),
    "after_sent": ("Đã gửi", "Sent"),
    "waits_more": (
        "Chưa ai ngoài máy này thấy. Không cần báo lại, tắt máy cũng không mất. Việc gấp thì gọi điện.",
        "Nobody beyond this computer has seen it. No need to report again; it outlives a switch-off. Urgent? Call.",
    ),
    "sent_more": (
        "Trung tâm đã có. Bàn trực của tỉnh và đơn vị bạn thấy; ai nhận việc thì tên hiện ở đây.",
        "The centre has it. The province's duty desk and your unit see it; who takes it on is shown here.",
    ),
    "unknown_more": (
        "Bộ nhớ của máy này bị hỏng, không rõ trung tâm đã có chưa. Nếu vẫn hỏng, hãy báo lại.",
        "This computer's memory was damaged: whether the centre has it is not known. Still broken? Report again.",
    ),
    "after_failed": (
        "Chưa lưu được gì trên máy này, trung tâm chưa biết. Bấm Quay lại và gửi lần nữa, hoặc gọi người phụ trách.",
        "Nothing was kept, and the centre does not know. Go back and send again, or call whoever is in charge.",
    ),
    "lost": (
        "Điều vừa bấm chưa lưu được, báo cáo vẫn như cũ. Hãy bấm lại, hoặc gọi người phụ trách.",
        "What you pressed was not kept; the report is as it was. Press again, or call whoever is in charge.",
    ),
    "reopened": ("Báo lại của số {0}", "Tells number {0} again"),
    "reopen": ("Lại hỏng: {0}", "Broken again: {0}"),
    "reopen_more": (
        "Hỏng tiếp hoặc dùng lại được thì bấm dưới đây; mất mạng cũng được.",
        "Say below what is broken again or works again, line or no line.",
    ),
    "told_again": ("đã báo lại", "told again"),
    "number": ("Số: {0}", "Number: {0}"),
    "photo": (
        "Thêm ảnh: quét mã này bằng điện thoại, hoặc mở địa chỉ dưới đây. Đừng chụp giấy tờ của người dân.",
        "Add a photograph: scan this code by phone, or open the address below. No citizens' papers.",
    ),
    "call": ("Cần gấp, gọi: {0}", "Urgent? Call: {0}"),
    "handler": ("Người xử lý: {0}", "Handled by: {0}"),
    "help": ("Trong lúc chờ, thử:", "Meanwhile, try:"),
    "fixed": ("Đã được", "It works again"),
    "thanks": ("Đã ghi: dùng lại được. Báo cáo vẫn được tính", "Noted: it works again. The report still counts"),
    "again": ("Báo việc khác", "Report something else"),
    "close": ("Đóng", "Close"),
    "mine": ("Báo cáo từ máy này", "Reports from this computer"),
    "none_yet": (
        "Chưa có báo cáo nào từ máy này. Bấm Quay lại rồi chọn cái gì hỏng.",
        "No reports from this computer yet. Go back and choose what is broken.",
    ),
    "sends": ("Máy này đang gửi gì?", "What does this computer send?"),
    "other_language": ("English", "Tiếng Việt"),
    "not_running": (
        "Phần mềm Mạch Xã trên máy này không chạy; báo cáo sẽ được gửi khi nó chạy lại",
        "Mạch Xã does not run on this computer; reports are sent when it runs again",
    ),
    "online": ("Đang có kết nối tới trung tâm", "Connected to the centre"),
    "offline": ("Chưa có kết nối tới trung tâm", "Not connected to the centre"),
}


def said(key: str, language: str, *values: str) -> str:
    """Return a sentence in a language, values filled in."""
    return SAID[key][LANGUAGES.index(language)].format(*values)


def named(words: Words, language: str) -> str:
    """Return the word of a language."""
    return words[LANGUAGES.index(language)]
