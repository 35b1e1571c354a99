"""How a machine without a graphics card runs Chromium for tests, benches and pictures.

The map's WebGL is drawn by SwiftShader. The page itself is put together by the processor, as Chromium does by itself where there is no
graphics card: through SwiftShader too it would cost three times as much of the graphics process, for the same picture.
"""

PROGRAM = "/usr/bin/chromium"
ARGUMENTS = ("--no-sandbox", "--use-angle=swiftshader", "--enable-unsafe-swiftshader", "--disable-gpu-compositing")
