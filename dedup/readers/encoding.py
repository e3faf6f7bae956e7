"""Bytes to text: UTF-8, UTF-16 by its byte-order mark, else Windows-1252. No byte is lost."""

from __future__ import annotations

import codecs

Line = bytes | str
"""One line with its line end: bytes that should be UTF-8, or text where the source was UTF-16."""

UTF8_MARK = codecs.BOM_UTF8
_UTF16 = {codecs.BOM_UTF16_LE: "utf-16-le", codecs.BOM_UTF16_BE: "utf-16-be"}


def _windows_1252(byte: int) -> str:
    # Five bytes have no meaning in Windows-1252; browsers read them as Latin-1 does, and so no byte is lost.
    try:
        return bytes([byte]).decode("cp1252")
    except UnicodeDecodeError:
        return chr(byte)


_TABLE = "".join(_windows_1252(byte) for byte in range(256))
_STRAY = {0xDC00 + byte: _TABLE[byte] for byte in range(0x80, 0x100)}


def decode(data: bytes) -> tuple[str, bool]:
    """The text of ``data``, and whether it is sound UTF-8.

    Unsound data is one of two things. UTF-8 with a stray byte or two (a text that was cut in the middle of a
    character) keeps its characters, and only the stray bytes are read as Windows-1252. Where more bytes are
    stray than there are multi-byte characters, the whole is Windows-1252.
    """
    try:
        return data.decode("utf-8"), True
    except UnicodeDecodeError:
        sound = data.decode("utf-8", "ignore")
    stray = len(data) - len(sound.encode("utf-8"))
    multibyte = len(sound) - len(sound.encode("ascii", "ignore"))
    if multibyte > stray:
        return data.decode("utf-8", "surrogateescape").translate(_STRAY), False
    try:
        return data.decode("cp1252"), False
    except UnicodeDecodeError:
        return data.decode("latin-1").translate(_TABLE), False


def utf16_by_mark(head: bytes) -> str | None:
    """The codec that a byte-order mark at the beginning of ``head`` announces, or None."""
    return _UTF16.get(head[:2])


def decode_utf16(data: bytes, codec: str) -> str:
    """UTF-16 without its mark; lone surrogates stay, an odd last byte becomes the Latin-1 character it is."""
    whole = len(data) & ~1
    return data[:whole].decode(codec, "surrogatepass") + data[whole:].decode("latin-1")
