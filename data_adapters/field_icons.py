"""`python -m data_adapters.field_icons`: the icons of the installed `/mobile`, drawn from one list of shapes as SVG and PNG."""

from pathlib import Path

from PIL import Image, ImageDraw

FOLDER = Path(__file__).resolve().parents[1] / "assets" / "icons"
SIDE = 512
GROUND = "#0b0f12"
SHAPES: tuple[tuple[str, tuple[tuple[int, int], ...]], ...] = (
    ("#edf2f6", ((256, 112), (336, 192), (256, 272), (176, 192))),
    ("#b3bec8", ((128, 300), (384, 300), (384, 332), (128, 332))),
    ("#8a97a3", ((128, 364), (384, 364), (384, 396), (128, 396))),
)
"""Colour and corners, within the middle that every launcher keeps when it cuts icons round."""
SIZES = (192, 512)


def svg() -> str:
    """The icon as SVG."""
    drawn = "".join(f'<polygon fill="{fill}" points="{" ".join(f"{x},{y}" for x, y in corners)}"/>' for fill, corners in SHAPES)
    ground = f'<rect width="{SIDE}" height="{SIDE}" fill="{GROUND}"/>'
    return f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {SIDE} {SIDE}">{ground}{drawn}</svg>\n'


def png(size: int) -> Image.Image:
    """The icon in pixels."""
    image = Image.new("RGB", (SIDE * 2, SIDE * 2), GROUND)
    draw = ImageDraw.Draw(image)
    for fill, corners in SHAPES:
        draw.polygon([(2 * x, 2 * y) for x, y in corners], fill=fill)
    return image.resize((size, size), Image.Resampling.LANCZOS)


def main(folder: Path = FOLDER) -> None:
    """Write them all."""
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "field.svg").write_text(svg())
    for size in SIZES:
        png(size).save(folder / f"field-{size}.png", optimize=True)


if __name__ == "__main__":
    main()
