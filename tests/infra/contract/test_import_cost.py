import subprocess
import sys

PROBE = """
import sys
before = set(sys.modules)
import importlib, pkgutil, platform_contract
for module in pkgutil.iter_modules(platform_contract.__path__):
    importlib.import_module("platform_contract." + module.name)
print("\\n".join({name.partition(".")[0] for name in set(sys.modules) - before}))
"""


def test_the_contract_imports_the_standard_library_alone() -> None:
    probe = subprocess.run([sys.executable, "-I", "-c", PROBE], capture_output=True, text=True, check=True)
    loaded = set(probe.stdout.split())
    assert "platform_contract" in loaded
    assert loaded - sys.stdlib_module_names == {"platform_contract"}
