"""Makes the served images of an original: in sizes for a phone's screen, and without what the camera wrote into it."""
import io

from PIL import Image, ImageOps

WIDTHS = (320, 720, 1440)
Image.MAX_IMAGE_PIXELS = 50_000_000  # Pillow refuses twice as many: that is no photo, but an attempt to fill the memory


def sizes(original):
    """Yields (width, WebP) for each width. An image that is smaller stays as it is."""
    photo = ImageOps.exif_transpose(Image.open(io.BytesIO(original)))  # as the phone was held; the tag that says so goes
    # A new image has pixels only: no EXIF, no position, no XMP, no comment.
    clean = Image.new("RGB", photo.size)
    clean.paste(photo.convert("RGB"))
    for width in WIDTHS:
        size = clean.copy()
        size.thumbnail((width, 4 * width))
        out = io.BytesIO()
        size.save(out, "WEBP", quality=80)
        yield width, out.getvalue()
