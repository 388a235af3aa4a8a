"""``segmark.crawl`` where datatrove is not installed."""

import subprocess
import sys

from tests.places import ROOT


def test_it_says_how_to_install_what_is_missing() -> None:
    program = (
        "import sys\nsys.modules['datatrove'] = None\nimport segmark\n"
        "try:\n    import segmark.crawl\n"
        "except segmark.MissingLibraryError as error:\n    print(error)"
    )
    done = subprocess.run(
        [sys.executable, "-c", program], cwd=ROOT, capture_output=True, text=True, check=True
    )
    assert done.stdout == (
        "segmark.crawl needs datatrove, which is not installed: "
        "pip install 'segmark[crawl]' installs it\n"
    )
