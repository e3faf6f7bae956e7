"""Machine code put into the process as it is: no compiler is asked, and none of what Numba knows is imported."""

from __future__ import annotations

import ctypes
import pickle
from collections.abc import Callable
from functools import cache
from types import ModuleType
from typing import Any, NamedTuple

import llvmlite.binding as llvm
from numba import _dynfunc
from numba.core.environment import Environment, lookup_environment
from numba.core.runtime import _nrt_python

_ENVIRONMENT = "_ZN08NumbaEnv"
"""How the names of the variables begin that point to a function's environment."""


class Code(NamedTuple):
    """An object file with a kernel and all that it calls in it."""

    object: bytes
    entry: str
    """The function that takes Python's arguments."""
    environments: dict[str, list[Any]]
    """The Python objects that each compiled function refers to, by the name of the variable that points to them."""
    own: str
    """The variable of the kernel's own environment."""
    outside: tuple[str, ...]
    """Functions and variables that the code expects the process to have."""

    @classmethod
    def of(cls, compiled: Any, machine_code: bytes) -> Code | None:
        """Code of Numba's `CompileResult`; None where running it takes more than its machine code."""
        if (
            compiled.objectmode
            or compiled.reload_init
            or compiled.lifted
            or compiled.library.has_dynamic_globals
        ):
            return None
        module = compiled.library._final_module
        environments = {
            name: list(environment.consts)
            for variable in module.global_variables
            if (name := variable.name).startswith(_ENVIRONMENT)
            if (environment := lookup_environment(name)) is not None
        }
        outside = [
            each.name
            for each in (*module.functions, *module.global_variables)
            if each.is_declaration and not each.name.startswith("llvm.")
        ]
        fndesc = compiled.fndesc
        return cls(
            machine_code, fndesc.llvm_cpython_wrapper_name, environments, fndesc.env_name, tuple(outside)
        )

    def packed(self) -> bytes:
        """As `unpacked` takes it."""
        return pickle.dumps(tuple(self), protocol=pickle.HIGHEST_PROTOCOL)

    @classmethod
    def unpacked(cls, packed: bytes) -> Code:
        """The code that was packed by a program of the same make."""
        return cls(*pickle.loads(packed))


def load(code: Code, module: ModuleType, name: str) -> Callable[..., Any] | None:
    """The function that runs the code; None where the process lacks something that the code expects.

    Call it with the compiler's lock held.
    """
    engine = _engine()
    # LLVM would end the process if it missed one.
    if any(llvm.address_of_symbol(symbol) is None for symbol in code.outside):
        return None
    engine.add_object_file(llvm.ObjectFileRef.from_data(code.object))
    engine.finalize_object()
    environments = []
    for variable, constants in code.environments.items():
        # Only code that runs in the interpreter asks its environment for a module's globals.
        environment = Environment({})
        environment.env_name = variable
        environment.consts[:] = constants
        pointer = ctypes.c_void_p.from_address(engine.get_global_value_address(variable))
        pointer.value = id(environment)
        environments.append(environment)
        if variable == code.own:
            own = environment
    return _dynfunc.make_function(  # type: ignore[no-any-return]
        module,
        name,
        f"machine code of {name}",
        engine.get_function_address(code.entry),
        own,
        tuple(environments),
    )


@cache
def _engine() -> llvm.ExecutionEngine:
    """What holds loaded code, apart from Numba's own: that one has what is compiled in this process."""
    for name, address in _nrt_python.c_helpers.items():
        llvm.add_symbol(name if name.startswith("_") else f"NRT_{name}", address)
    machine = llvm.Target.from_default_triple().create_target_machine(jit=True)
    return llvm.create_mcjit_compiler(llvm.parse_assembly(""), machine)
