import io
import json
import os
import subprocess
import sys
import tarfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from platform_contract.errors import ContractError
from platform_infra import recording

type Declarations = dict[str, dict[str, Any]]

# Started as a program of its own: imported, it would bring both providers' packages into this process.
_DECLARED = Path(recording.__file__).with_name("declared.py")
_PACKAGES = ("infra/contract/src", "infra/components/src")


def declarations(checkout: Path) -> Declarations:
    """What the programs of a checkout declare for what stands, by that checkout's own code.

    Raises:
        ContractError: with the programs' own words, when they refuse.
    """
    # Ahead of the environment's own packages, which are those of the checkout that this runs in.
    path = os.pathsep.join(str(checkout / package) for package in _PACKAGES)
    told = subprocess.run(
        [sys.executable, "-P", str(_DECLARED), str(checkout / "infra")],
        env={**os.environ, "PYTHONPATH": path},
        capture_output=True,
        text=True,
        check=False,
        encoding="utf-8",
    )
    if told.returncode != 0:
        raise ContractError(f"the programs of {checkout.name} refuse what is declared:\n{told.stderr.strip()}")
    return json.loads(told.stdout)


@contextmanager
def commit_tree(checkout: Path, commit: str) -> Iterator[Path]:
    """A folder with the `infra` of a commit, as long as the block runs.

    Raises:
        ContractError: when the commit is not in the checkout.
    """
    packed = subprocess.run(
        ["git", "-C", str(checkout), "archive", "--format=tar", commit, "infra"], capture_output=True, check=False
    )
    if packed.returncode != 0:
        reason = packed.stderr.decode(errors="replace").strip()
        raise ContractError(f"{commit!r} cannot be looked at: {reason}. Fetch it first (fetch-depth of the checkout)")
    with TemporaryDirectory() as folder:
        with tarfile.open(fileobj=io.BytesIO(packed.stdout)) as archive:
            archive.extractall(folder, filter="data")
        yield Path(folder)
