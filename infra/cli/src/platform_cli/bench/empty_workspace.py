from pathlib import Path

_PROJECTS = ("first", "second", "third")


def make_empty_workspace(folder: Path, python: Path) -> int:
    """Write a dg workspace of projects without definitions, to compare ours with.

    Args:
        folder: where to write it.
        python: the interpreter that serves each project.

    Returns:
        How many projects it has.
    """
    for name in _PROJECTS:
        _write_project(folder / name, python)
    projects = "".join(f'[[workspace.projects]]\npath = "{name}"\n' for name in _PROJECTS)
    (folder / "dg.toml").write_text(f'directory_type = "workspace"\n[workspace]\n{projects}', encoding="utf-8")
    return len(_PROJECTS)


def _write_project(folder: Path, python: Path) -> None:
    package = folder / folder.name
    package.mkdir(parents=True, exist_ok=True)
    (folder / "pyproject.toml").write_text(
        f'[project]\nname = "{folder.name}"\nversion = "0"\n'
        f'[tool.dg]\ndirectory_type = "project"\n[tool.dg.project]\nroot_module = "{folder.name}"\n',
        encoding="utf-8",
    )
    (folder / ".env").write_text(f"DG_PROJECT_PYTHON_EXECUTABLE={python}\n", encoding="utf-8")
    (package / "__init__.py").write_text("", encoding="utf-8")
    (package / "definitions.py").write_text("import dagster as dg\n\ndefs = dg.Definitions()\n", encoding="utf-8")
