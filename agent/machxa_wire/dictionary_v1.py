"""Hold dictionary 1: what the records of a plain PC have in common."""

from __future__ import annotations

TEXT = (
    b'{"v":1,"kind":"samples","stream":"","seq":,"boot":"","time":,"mono":,"at":[0,60,120,180,240],"series":[["system.cpu.time",{"cpu.mode":"user"},1,100],'
    b'["system.cpu.time",{"cpu.mode":"system"},1,100],["system.memory.usage",{"system.memory.state":"used"},1024,1]'
)
