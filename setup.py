"""What pyproject.toml cannot say: a wheel holds the references that students have, too.

Notebooks find them there when they stand alone, away from their chapter's folder. Here they lie
beside the notebooks in course/, and in no second place.
"""

from pathlib import Path

from setuptools import Distribution, setup
from setuptools.command.build_py import build_py

HERE = Path(__file__).parent


class WithReferences(build_py):
    """Adds them to what is built; an editable installation stands beside course/ anyway."""

    def run(self) -> None:
        """Build."""
        super().run()
        if self.editable_mode:
            return
        folder = Path(self.build_lib) / "autograder" / "released"
        folder.mkdir(parents=True, exist_ok=True)
        for path in HERE.glob("course/*/references.json"):
            self.copy_file(str(path), str(folder / f"{path.parent.name}.json"))


class WithData(Distribution):
    """Of an editable installation setuptools forgets the data files: it asks by another name."""

    has_data = Distribution.has_data_files


setup(cmdclass={"build_py": WithReferences}, distclass=WithData)
