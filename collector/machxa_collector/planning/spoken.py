"""Say what planning names by words, for files that finance signs: in Vietnamese, or where asked in English."""

from __future__ import annotations

from collections.abc import Mapping

from machxa_collector.planning.ceilings import Source
from machxa_collector.planning.overrides import Overridden
from machxa_collector.planning.words import Action, Answer, Band, Item
from machxa_collector.registry.speech import Language

_MOST_NAMED = 20  # units that a cell names
ITEMS: Mapping[Item, str] = {
    Item.PC: "Máy vi tính",
    Item.PRINTER: "Máy in",
    Item.CERTIFICATE_PRINTER: "Máy in phôi giấy chứng nhận",
    Item.SCANNER: "Máy quét",
    Item.COPIER: "Máy photocopy",
    Item.SHREDDER: "Máy hủy tài liệu",
    Item.PHONE: "Điện thoại cố định",
    Item.NETWORK: "Thiết bị mạng",
    Item.UPS: "Bộ lưu điện",
    Item.OTHER: "Khác",
}
ACTIONS: Mapping[Action, str] = {
    Action.TRANSFER: "Điều chuyển",
    Action.UPGRADE: "Nâng cấp",
    Action.REPAIR: "Sửa chữa",
    Action.REPLACE: "Thay thế",
    Action.BUY: "Mua mới",
    Action.DISPOSE: "Thanh lý",
    Action.SURVEY: "Khảo sát",
    Action.UPDATE: "Cập nhật hệ điều hành (miễn phí)",
    Action.KEEP: "Giữ lại",
}
ANSWERS: Mapping[Answer, str] = {Answer.YES: "có", Answer.NO: "không", Answer.UNKNOWN: "chưa đủ căn cứ"}
BANDS: Mapping[Band, str] = {
    Band.REPLACE: "thay thế",
    Band.PLAN: "lập kế hoạch",
    Band.UPGRADE: "nâng cấp, theo dõi",
    Band.KEEP: "giữ lại",
    Band.SURVEY: "khảo sát",
}
PARTS: Mapping[str, str] = {
    "support": "hệ điều hành hết hỗ trợ",
    "cpu": "bộ xử lý yếu",
    "memory": "thiếu bộ nhớ",
    "disk": "ổ cứng",
    "age": "tuổi máy",
    "reliability": "hay hỏng",
}
REASONS: Mapping[str, str] = {
    "below_norm": "còn thiếu so với định mức",
    "missing_capability": "đơn vị không có thiết bị nào làm được khâu này",
    "beyond_norm": "vượt định mức",
    "past_life": "hết thời gian sử dụng",
    "not_repairable": "hỏng, không sửa được",
    "repair_too_dear": "chi phí sửa trên 30 % nguyên giá",
    "repairable": "sửa được",
    "repair_is_cheap": "sửa được, chi phí trong giới hạn",
    "no_estimate": "hỏng, chưa có dự toán sửa chữa",
    "condition_unknown": "chưa rõ tình trạng",
    "age_unknown": "chưa rõ năm sử dụng hoặc thời gian sử dụng",
    "unit_decides": "không phải tài sản cố định, đơn vị tự quyết định",
    "in_use": "đang dùng, chưa hết thời gian sử dụng",
    "no_rule": "không có quy định đang hiệu lực",
    "disk_prefail": "ổ cứng sắp hỏng, thay ngay",
    "too_little_known": "dữ liệu chưa đủ 60 %",
    "dates_disagree": "năm trên sổ và ngày BIOS mâu thuẫn",
    "crosses_a_band": "điểm chưa đủ chắc để xếp mức",
    "memory_or_disk": "thêm bộ nhớ hoặc thay ổ cứng là đủ",
    "free_update": "có bản mới miễn phí",
    "in_order": "đạt yêu cầu",
    "no_price": "chưa có đơn giá được duyệt",
    "above_ceiling": "đơn giá vượt mức tối đa",
    "no_norm": "chưa có định mức (tỉnh quyết định)",
    "locked_out": "đã loại theo quyết định",
    "cut": "ngoài hạn mức kinh phí",
    "overridden": "theo quyết định điều chỉnh",
    "overridden_away": "đã bỏ theo quyết định điều chỉnh",
    "transferred": "đang được điều chuyển sang đơn vị khác",
    "not_disposable": "chưa đủ điều kiện thanh lý",
}
RULES: Mapping[str, str] = {
    "F15.buy": "Mua phần còn thiếu trong định mức",
    "F15.disk": "Ổ cứng sắp hỏng thì thay ngay",
    "F15.broken": "Hỏng: thay nếu đủ điều kiện thanh lý, nếu không thì khảo sát",
    "F15.repair": "Hỏng: sửa nếu chi phí trong giới hạn nguyên giá",
    "F15.surplus": "Vượt định mức: điều chuyển, thanh lý hoặc khảo sát",
    "F15.transfer": "Chỗ thừa chuyển cho đơn vị thiếu gần nhất",
    "F15.unknown": "Chưa rõ tình trạng thì khảo sát",
    "F15.completeness": "Dữ liệu chưa đủ 60 % thì khảo sát",
    "F15.conflict": "Sổ sách và BIOS mâu thuẫn thì khảo sát",
    "F15.band": "Điểm nằm vắt qua hai mức thì khảo sát",
    "F15.upgrade": "Nâng cấp nếu thêm bộ nhớ hoặc thay ổ cứng là đủ",
    "F15.replace": "Lạc hậu và đủ điều kiện thanh lý thì thay",
    "F15.not_disposable": "Lạc hậu nhưng chưa đủ điều kiện thanh lý: nâng cấp hoặc khảo sát",
    "F15.update": "Cập nhật miễn phí",
    "F15.keep": "Đạt yêu cầu thì giữ lại",
    "override": "Quyết định của người có thẩm quyền",
}
WAYS = {"alone": "Thủ trưởng tự quyết định", "direct": "Chỉ định thầu", "bidding": "Đấu thầu", None: "chưa có quy định"}


def reason(word: str, language: Language = Language.VIETNAMESE) -> str:
    """Return what a fixed word means, the word itself where it is none of ours."""
    return language.say(REASONS.get(word, word))


def rule(name: str, language: Language = Language.VIETNAMESE) -> str:
    """Return what a rule of advice says, with its name; the name itself where it is none of ours."""
    return f"{language.say(RULES[name])} ({name})" if name in RULES else name


def allowed(source: Source, language: Language = Language.VIETNAMESE) -> str | None:
    """Return what a shared source may pay for, None where that is everything."""
    parts, say = [], language.say
    if source.items is not None:
        parts.append(", ".join(say(ITEMS[item]) for item in Item if item in source.items))
    if source.actions is not None:
        parts.append(", ".join(say(ACTIONS[action]) for action in Action if action in source.actions))
    if source.units is not None:
        named = ", ".join(sorted(source.units)[:_MOST_NAMED])
        parts.append(say("{count} đơn vị: {names}").format(count=len(source.units), names=named))
    return say("Chỉ chi: {what}").format(what="; ".join(parts)) if parts else None


def decision(one: Overridden, language: Language = Language.VIETNAMESE) -> str:
    """Return an override with who, when and why, what was proposed, and what it goes beyond or is refused for."""
    said, was, say = one.override, one.was, language.say
    now = str(said.quantity) if said.action is None else say(ACTIONS[said.action])
    before = was if said.action is None or was is None else say(ACTIONS[Action(was)])
    parts = [
        say("Điều chỉnh: {now} (đề xuất: {before}); {who}, {day}: {why}").format(
            now=now, before=before or say("không có"), who=said.actor, day=f"{said.on:%d/%m/%Y}", why=said.reason
        )
    ]
    if one.unit is None:
        parts.append(say("không có tài sản hoặc đơn vị này"))
    if one.beyond:
        parts.append(say("ngoại lệ: {why}").format(why=", ".join(reason(word, language) for word in one.beyond)))
    if one.refused:
        why = ", ".join(reason(word, language) for word in one.refused)
        parts.append(say("không bố trí vì: {why}").format(why=why))
    return "; ".join(parts)
