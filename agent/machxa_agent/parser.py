"""Parse a command line without asking how wide the terminal is: that loads shutil, bz2 and lzma, 1 MB."""

from __future__ import annotations

import argparse

_WIDTH = 100  # characters of a line of help


class Parser(argparse.ArgumentParser):
    """Parse as argparse does; its commands' parsers are of this class, too."""

    def _get_formatter(self) -> argparse.HelpFormatter:
        return argparse.HelpFormatter(self.prog, width=_WIDTH)
