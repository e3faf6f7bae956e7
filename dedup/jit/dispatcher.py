"""Kernels that run from disk without Numba's compiler, which takes longer to get ready than a small run takes."""

from __future__ import annotations

import hashlib
import pickle
import sys
from collections.abc import Callable
from functools import cache, cached_property
from typing import Any

import llvmlite
import numba
import numpy as np
from numba.core import config, types
from numba.core.caching import NullCache
from numba.core.compiler import CompileResult
from numba.core.compiler_lock import global_compiler_lock
from numba.core.dispatcher import OmittedArg
from numba.core.registry import CPUDispatcher
from numba.core.serialize import dumps
from numba.core.sigutils import normalize_signature

from dedup.jit import machine
from dedup.jit.identity import identity
from dedup.jit.store import Kept

_FORMAT = 1


class Kernel(CPUDispatcher):  # type: ignore[misc]
    """Numba's dispatcher, which first looks for machine code that it can run as it stands.

    Code that was loaded so serves calls from Python only, and Numba does not know of it: a kernel that is compiled and
    calls this one gets Numba's own way of loading, with all that it prepares.
    """

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._cache = _Cache(self)
        self._loaded: dict[tuple[Any, ...], Callable[..., Any]] = {}

    @cached_property
    def made_from(self) -> bytes:
        """Digest of the kernel's `identity` and of how it is compiled."""
        digest = hashlib.blake2b(identity(self.py_func), digest_size=32)
        digest.update(repr((_FORMAT, sorted(self.targetoptions.items()), _compiler())).encode())
        return digest.digest()

    def kept(self, arguments: tuple[Any, ...], result: Any | None = None) -> Kept:
        """Where this kernel's code for arguments of these types is kept."""
        asked = repr((*map(_told, arguments), str(result), _machine(self.targetctx)))
        key = hashlib.blake2b(asked.encode(), digest_size=8).hexdigest()
        module = self.py_func.__module__.rpartition(".")[2]
        made_from = hashlib.blake2b(self.made_from + asked.encode(), digest_size=32).digest()
        return Kept(f"{module}.{self.py_func.__name__}-{key}.kernel", made_from)

    def get_call_template(self, args: tuple[Any, ...], kws: dict[str, Any]) -> Any:
        """As Numba's, but a literal argument is as good as any of its type: it gets no code of its own."""
        return super().get_call_template(
            tuple(map(types.unliteral, args)), {name: types.unliteral(each) for name, each in kws.items()}
        )

    def add_overload(self, cres: CompileResult) -> None:
        """As Numba's; calls from Python go on to what was loaded before, which is the same code."""
        if cres.signature.args in self._loaded:
            self.overloads[cres.signature.args] = cres
        else:
            super().add_overload(cres)

    def _compile_for_args(self, *args: Any, **kws: Any) -> Any:
        """What Numba calls for arguments of types that came never before."""
        arguments = tuple(
            types.Omitted(each.value) if isinstance(each, OmittedArg) else self.typeof_pyval(each)
            for each in args
        )
        with global_compiler_lock:
            if found := self._load(arguments):
                return found
        return super()._compile_for_args(*args, **kws)

    def _load(self, arguments: tuple[Any, ...]) -> Callable[..., Any] | None:
        if arguments in self._loaded:
            return self._loaded[arguments]
        if arguments in self.overloads or (packed := self.kept(arguments).running()) is None:
            return None
        module = sys.modules[self.py_func.__module__]
        found = machine.load(machine.Code.unpacked(packed), module, self.py_func.__name__)
        if found is not None:
            self._loaded[arguments] = found
            self._insert([each._code for each in arguments], found, False)
        return found


class _Cache(NullCache):  # type: ignore[misc]
    """What Numba asks for a kernel that another one is to be linked with, and tells of those it compiled."""

    def __init__(self, kernel: Kernel) -> None:
        self._kernel = kernel

    def load_overload(self, sig: Any, target_context: Any) -> CompileResult | None:
        kept = self._kernel.kept(*normalize_signature(sig))
        running, linking = kept.running(), kept.linking()
        if running is None or linking is None:
            return None
        target_context.refresh()
        name, bitcode, rest = pickle.loads(linking)
        library = name, "object", (machine.Code.unpacked(running).object, bitcode)
        return CompileResult._rebuild(target_context, library, *rest)

    def save_overload(self, sig: Any, data: CompileResult) -> None:
        (name, _, (machine_code, bitcode)), *rest = data._reduce()
        if (code := machine.Code.of(data, machine_code)) is not None:
            self._kernel.kept(*normalize_signature(sig)).keep(code.packed(), dumps((name, bitcode, rest)))


@cache
def _compiler() -> tuple[str, ...]:
    """The versions and settings that make one compiler's code differ from another's."""
    settings = "OPT", "LOOP_VECTORIZE", "SLP_VECTORIZE", "BOUNDSCHECK", "DEBUGINFO_DEFAULT"
    return (
        sys.implementation.cache_tag,
        getattr(sys, "abiflags", ""),
        *(each.__version__ for each in (numba, llvmlite, np)),
        *(f"{name}={getattr(config, name, None)}" for name in settings),
    )


def _told(argument: Any) -> str:
    """A type of an argument; of a NamedTuple with its fields, which Numba does not tell."""
    return f"{argument} {getattr(getattr(argument, 'instance_class', None), '_fields', '')}"


@cache
def _machine(target_context: Any) -> tuple[str, ...]:
    """The processor that code is made for."""
    return tuple(target_context.codegen().magic_tuple())
