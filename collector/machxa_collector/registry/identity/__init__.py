"""Know one device as one record: find its marks in an inventory, and vote whose they are. Pure.

`marks` and `sift` read an inventory body, `vote` compares what arrives with what is known and says same, new, clone
or conflict with its evidence, `alive` tells whether two agents speak at once.
"""

from machxa_collector.registry.identity.marks import Sifted, marks, serial_as_compared, sift
from machxa_collector.registry.identity.values import (
    Agreement,
    Alive,
    Decision,
    Evidence,
    Known,
    Mark,
    MarkKind,
    Opinion,
    Reason,
    Refusal,
    Refused,
    Verdict,
)
from machxa_collector.registry.identity.vote import alive, vote

__all__ = [
    "Agreement", "Alive", "Decision", "Evidence", "Known", "Mark", "MarkKind", "Opinion", "Reason", "Refusal",
    "Refused", "Sifted", "Verdict", "alive", "marks", "serial_as_compared", "sift", "vote",
]  # fmt: skip
