"""What the machine code of a kernel was made from: two kernels of the same identity compile to the same."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from types import BuiltinFunctionType, CodeType, FunctionType, ModuleType
from typing import Any

import numpy as np

_PLAIN = (bool, int, float, complex, str, bytes, type(None))
_OURS = __name__.partition(".")[0]


def identity(function: FunctionType) -> bytes:
    """Digest of the function's code, of what that refers to outside, and so on down to constants; 32 bytes.

    Where the code stands in its file is no part of it.

    Raises:
        TypeError: It refers to something whose value cannot be told from another: kernels refer to numbers, strings,
            tuples, arrays, types, modules and functions only.
    """
    digest = hashlib.blake2b(digest_size=32)
    for part in _function(function, {}):
        digest.update(part.encode("utf-8", "surrogatepass"))
        digest.update(b"\0")
    return digest.digest()


def _function(function: FunctionType, seen: dict[FunctionType, int]) -> Iterator[str]:
    if function in seen:
        yield f"again {seen[function]}"
        return
    seen[function] = len(seen)
    yield from _code(function.__code__)
    yield from _value(function.__defaults__, seen)
    for cell in function.__closure__ or ():
        yield from _value(cell.cell_contents, seen)
    names = sorted(set(_names(function.__code__)))
    for name in names:
        if name in function.__globals__:
            yield name
            value = function.__globals__[name]
            yield from _value(value, seen)
            # A module's name says all of a library that has a version, but not what a module of ours holds today.
            if isinstance(value, ModuleType) and value.__name__.partition(".")[0] == _OURS:
                for attribute in names:
                    if hasattr(value, attribute):
                        yield from _value(getattr(value, attribute), seen)


def _code(code: CodeType) -> Iterator[str]:
    yield repr((code.co_code, code.co_names, code.co_varnames, code.co_freevars, code.co_cellvars))
    yield repr((code.co_argcount, code.co_posonlyargcount, code.co_kwonlyargcount, code.co_flags))
    for constant in code.co_consts:
        if isinstance(constant, CodeType):
            yield from _code(constant)
        else:
            yield repr(constant)


def _names(code: CodeType) -> Iterator[str]:
    yield from code.co_names
    for constant in code.co_consts:
        if isinstance(constant, CodeType):
            yield from _names(constant)


def _value(value: Any, seen: dict[FunctionType, int]) -> Iterator[str]:
    if isinstance(value, _PLAIN):
        yield repr(value)
    elif isinstance(value, tuple):
        yield f"{type(value).__qualname__} of {len(value)}"
        for part in value:
            yield from _value(part, seen)
    elif isinstance(value, (np.ndarray, np.generic)):
        array = np.asarray(value)
        if array.dtype.hasobject:
            raise TypeError(f"a kernel refers to {value!r}, which holds objects")
        yield repr((type(value).__name__, array.dtype.descr, array.shape, array.flags.f_contiguous))
        yield hashlib.blake2b(np.ascontiguousarray(array).tobytes()).hexdigest()
    elif isinstance(value, np.dtype):
        yield repr(value.descr)
    elif isinstance(value, FunctionType):
        yield from _function(value, seen)
    elif isinstance(inner := getattr(value, "py_func", getattr(value, "_defn", None)), FunctionType):
        yield from _function(inner, seen)  # of a kernel, or of an intrinsic
    elif isinstance(value, ModuleType):
        yield f"module {value.__name__}"
    elif isinstance(value, (type, BuiltinFunctionType, np.ufunc)):
        yield f"{getattr(value, '__module__', '')}.{getattr(value, '__qualname__', value.__name__)}"
        yield repr(getattr(value, "_fields", ()))  # of a NamedTuple: a kernel knows them by their places
    else:
        raise TypeError(f"a kernel refers to {value!r}, a {type(value).__name__}, whose value cannot be told")
