"""Documents as cities pass them on: PDF by Typst (data_adapters/paper.typ), Word by python-docx.

The PDF holds its font, as much of it as it uses: it reads the same on a computer that has none (docs/adr/0025).
"""

import io
import json
from collections.abc import Sequence
from pathlib import Path

import typst
from docx import Document
from docx.enum.text import WD_ALIGN_PARAGRAPH
from docx.oxml.ns import qn
from docx.shared import Pt
from pylopdf_fonts_zh_cn import serif_path

PAPER = Path(__file__).with_name("paper.typ")
FONT, WORD_FONT = "Noto Serif SC", "宋体"


class Documents:
    """The Typesetter port."""

    def pdf(self, title: str, lines: Sequence[tuple[str, str]], footer: str) -> bytes:
        """See services/report_ports.py."""
        paper = {"title": title, "lines": list(lines) or [("", "")], "footer": footer, "font": FONT}
        fonts = [str(serif_path().parent)]
        held: bytes = typst.compile(str(PAPER), font_paths=fonts, ignore_system_fonts=True, sys_inputs={"paper": json.dumps(paper)})
        return held

    def docx(self, title: str, lines: Sequence[tuple[str, str]], footer: str) -> bytes:
        """See services/report_ports.py."""
        document = Document()
        style = document.styles["Normal"]
        style.font.name, style.font.size = WORD_FONT, Pt(12)
        style.element.rPr.rFonts.set(qn("w:eastAsia"), WORD_FONT)
        head = document.add_paragraph()
        head.alignment = WD_ALIGN_PARAGRAPH.CENTER
        run = head.add_run(title)
        run.bold, run.font.size = True, Pt(18)
        for label, words in lines:
            line = document.add_paragraph()
            line.add_run(f"{label}：").bold = True
            line.add_run(words)
        document.add_paragraph(footer)
        document.core_properties.title, document.core_properties.author = title, "CityDeck"
        held = io.BytesIO()
        document.save(held)
        return held.getvalue()
