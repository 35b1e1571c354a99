"""Documents as cities pass them on: PDF by reportlab, Word by python-docx.

The PDF names Adobe's song type (STSong-Light), which every Chinese reader shows without a font in the file: no font has to be
installed here.
"""

import io
from collections.abc import Sequence
from xml.sax.saxutils import escape

from docx import Document
from docx.enum.text import WD_ALIGN_PARAGRAPH
from docx.oxml.ns import qn
from docx.shared import Pt
from reportlab.lib.enums import TA_CENTER
from reportlab.lib.pagesizes import A4
from reportlab.lib.styles import ParagraphStyle
from reportlab.lib.units import mm
from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.cidfonts import UnicodeCIDFont
from reportlab.platypus import Paragraph, SimpleDocTemplate, Spacer, Table, TableStyle

FONT, WORD_FONT = "STSong-Light", "宋体"
LABEL_MM, TEXT_MM = 34, 136
LINE = 20


class Documents:
    """The Typesetter port."""

    def __init__(self) -> None:
        pdfmetrics.registerFont(UnicodeCIDFont(FONT))
        plain = ParagraphStyle("plain", fontName=FONT, fontSize=12, leading=LINE, wordWrap="CJK")
        self._plain = plain
        self._title = ParagraphStyle("title", parent=plain, fontSize=18, leading=28, alignment=TA_CENTER, spaceAfter=8 * mm)
        self._foot = ParagraphStyle("foot", parent=plain, fontSize=10, textColor="#555555")

    def pdf(self, title: str, lines: Sequence[tuple[str, str]], footer: str) -> bytes:
        """See services/report_ports.py."""
        held = io.BytesIO()
        page = SimpleDocTemplate(
            held, pagesize=A4, leftMargin=20 * mm, rightMargin=20 * mm, topMargin=22 * mm, title=title, author="CityDeck"
        )
        rows = [[self._paragraph(label), self._paragraph(words)] for label, words in lines] or [["", ""]]
        table = Table(rows, colWidths=[LABEL_MM * mm, TEXT_MM * mm], splitInRow=1)
        table.setStyle(TableStyle([("VALIGN", (0, 0), (-1, -1), "TOP"), ("LINEBELOW", (0, 0), (-1, -1), 0.4, "#999999")]))
        page.build([Paragraph(escape(title), self._title), table, Spacer(1, 8 * mm), Paragraph(escape(footer), self._foot)])
        return held.getvalue()

    def _paragraph(self, words: str) -> Paragraph:
        return Paragraph(escape(words).replace("\n", "<br/>"), self._plain)

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
