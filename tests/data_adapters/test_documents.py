"""The papers that a city passes on, as a reader without any font of its own gets them."""

import io

from docx import Document
from pypdf import PdfReader

from data_adapters.documents import Documents

TITLE, FOOTER = "领导晨报", "2026-05-11 09:00 · leader"
LONG = "\n".join(f"{n} 隧道积水，水务局处置中" for n in range(80))


def read(lines):
    return PdfReader(io.BytesIO(Documents().pdf(TITLE, lines, FOOTER)))


def text_of(reader):
    return "".join(page.extract_text() for page in reader.pages)


def test_a_pdf_carries_the_chinese_font_that_it_is_written_in():
    """A name that no font is in the file for is what a computer without that font shows as nothing."""
    made = Documents().pdf(TITLE, [("体征", "东莞市 78")], FOOTER)
    fonts = [held.get_object() for page in PdfReader(io.BytesIO(made)).pages for held in page["/Resources"]["/Font"].values()]
    held = [font["/DescendantFonts"][0].get_object()["/FontDescriptor"].get_object() for font in fonts]
    assert fonts and all("/FontFile3" in one or "/FontFile2" in one for one in held)
    assert all("NotoSerifSC" in font["/BaseFont"] for font in fonts) and len(made) < 60_000


def test_a_long_line_goes_on_to_the_next_page_and_nothing_is_lost():
    reader = read([("重大事件", LONG), ("", "")])
    said = text_of(reader)
    assert len(reader.pages) == 3 and TITLE in said and FOOTER.replace(" ", "") in said.replace(" ", "")
    assert all(f"{n} 隧道积水" in said for n in range(80))


def test_what_people_wrote_is_text_and_never_a_command():
    said = text_of(read([("反映", '#panic("x") *粗* $x$ <a> @b \\ `c` //d [e] {f} _g_')]))
    assert '#panic("x") *粗*' in said.replace("# panic", "#panic") and all(part in said for part in ("$x$", "//d", "_g_", "{f}"))


def test_a_word_document_says_the_same():
    said = [one.text for one in Document(io.BytesIO(Documents().docx(TITLE, [("体征", "东莞市 78")], FOOTER))).paragraphs]
    assert said == [TITLE, "体征：东莞市 78", FOOTER]
