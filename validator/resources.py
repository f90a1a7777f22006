"""Find the template and the schemas, in a checkout and in an installed wheel.

The wheel holds the template's folder as `repository`, since Windows cannot unpack `<<cookiecutter.repo>>`.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

PACKAGE = Path(__file__).resolve().parent
DATA = PACKAGE / "_data"
REPOSITORY = "<<cookiecutter.repo>>"


def schemas() -> Path:
    """Return the folder of the schemas; read only."""
    return DATA / "schemas" if DATA.is_dir() else PACKAGE.parent / "schemas"


@contextmanager
def template() -> Iterator[Path]:
    """Give a temporary folder that cookiecutter takes as a template; it is removed afterwards.

    A copy in a checkout as well: cookiecutter copies the whole template folder when a hook asks before the
    prompts, and a checkout holds far more than the template.
    """
    import shutil
    import tempfile

    source = DATA / "template" if DATA.is_dir() else PACKAGE.parent
    repository = source / "repository" if DATA.is_dir() else source / REPOSITORY
    with tempfile.TemporaryDirectory(prefix="estate-template-") as folder:
        stage = Path(folder)
        shutil.copy2(source / "cookiecutter.json", stage)
        shutil.copytree(source / "hooks", stage / "hooks", ignore=shutil.ignore_patterns("__pycache__"))
        shutil.copytree(repository, stage / REPOSITORY)
        yield stage
