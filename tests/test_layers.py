"""The house's import table: which package may import what, read from the source itself."""

import ast
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[1]
DASH = {"dash", "dash_mantine_components", "dash_ag_grid"}
OURS = {"domain", "services", "data_adapters", "layouts", "callbacks", "api", "config", "app", "ingest", "jobs", "bench", "tests"}
MAY_IMPORT = {
    "domain": {"domain", "shapely"},
    "services": {"services", "domain"},
    "layouts": {"layouts", "domain", "services", "plotly"} | DASH,
    "callbacks": {"callbacks", "layouts", "services", "domain"} | DASH,
    "api": {"api", "services", "domain", "flask"},
}
OURS_ALLOWED = {"data_adapters": {"data_adapters", "domain", "services", "config"}, "config": {"config", "domain"}}
"""These two may use any library, but of our own packages only these."""
ENTRIES = {"app.py", "ingest.py", "jobs.py"}


def imports(file: Path) -> set[str]:
    """Full names of the modules that a file imports, wherever in it, `from a import b` as both a and a.b."""
    names: set[str] = set()
    for node in ast.walk(ast.parse(file.read_text())):
        if isinstance(node, ast.Import):
            names |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"{file}: relative import"
            names |= {node.module or ""} | {f"{node.module}.{alias.name}" for alias in node.names}
    return names


def files(package: str) -> list[Path]:
    return sorted((ROOT / package).rglob("*.py"))


@pytest.mark.parametrize("package", MAY_IMPORT)
def test_package_imports_only_what_the_table_allows(package):
    for file in files(package):
        found = {name.partition(".")[0] for name in imports(file)} - set(sys.stdlib_module_names)
        assert found <= MAY_IMPORT[package], f"{file.relative_to(ROOT)} imports {sorted(found - MAY_IMPORT[package])}"


@pytest.mark.parametrize("package", OURS_ALLOWED)
def test_package_imports_of_ours_only_what_the_table_allows(package):
    for file in files(package):
        found = {name.partition(".")[0] for name in imports(file)} & OURS
        assert found <= OURS_ALLOWED[package], f"{file.relative_to(ROOT)} imports {sorted(found - OURS_ALLOWED[package])}"


def test_only_the_three_entries_assemble():
    for package in (*MAY_IMPORT, *OURS_ALLOWED):
        for file in files(package):
            assert not any(name.startswith("data_adapters.wiring") for name in imports(file)), (
                f"{file.relative_to(ROOT)} imports the wiring"
            )
    assert {path.name for path in ROOT.glob("*.py")} <= ENTRIES


def test_only_the_settings_and_the_entries_read_the_environment():
    reads = {"os.environ", "os.getenv"}
    for package in MAY_IMPORT:
        for file in files(package):
            found = {ast.unparse(node) for node in ast.walk(ast.parse(file.read_text())) if isinstance(node, ast.Attribute)} & reads
            assert not found, f"{file.relative_to(ROOT)} reads the environment"


def test_domain_never_asks_the_clock():
    asks = {"time.time", "time.monotonic", "time.time_ns", "datetime.now", "datetime.utcnow", "date.today", "datetime.today"}
    for file in files("domain"):
        found = {ast.unparse(node.func) for node in ast.walk(ast.parse(file.read_text())) if isinstance(node, ast.Call)}
        assert not {call for call in found if call.removeprefix("datetime.") in asks or call in asks}, file
