"""The recipes of the help on publishing, run as they stand there: the hub's upload, and DVC."""

import os
import re
import shutil
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path

import pytest

from tests.interop.conftest import Exported, Run, needs
from tests.interop.local_hub import local_hub
from tests.interop.test_published import SAID
from tests.places import ROOT

HELP = (ROOT / "resources/help/export.md").read_text("utf-8")


def blocks(heading: str, kind: str) -> list[str]:
    """The blocks of a kind in a recipe."""
    return re.findall(rf"```{kind}\n(.*?)```", HELP.split(f"**{heading}")[1], re.DOTALL)


def shell(line: str, where: Path, **extra: str) -> str:
    """Run a line of a recipe with this project's program."""
    environment = {**os.environ, "PYTHONPATH": str(ROOT / "app"), **extra}
    done = subprocess.run(
        line, shell=True, cwd=where, env=environment, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


def files(folder: Path) -> Mapping[str, bytes]:
    found = (path for path in folder.rglob("*") if path.is_file())
    return {str(path.relative_to(folder)): path.read_bytes() for path in found}


@pytest.mark.parametrize("options", [("--split", "70/15/15"), ("--gzip",)], ids=" ".join)
def test_the_hub_gets_the_folder_byte_for_byte_and_nothing_else(
    exported: Exported, run: Run, tmp_path: Path, options: tuple[str, ...]
) -> None:
    needs("huggingface_hub", "datasets")
    out = exported("jsonl", *SAID, *options)
    (tmp_path / "varn-news").symlink_to(out)
    upload = blocks("On the Hugging Face Hub.", "sh")[0].splitlines()[-1]
    program = Path(sys.executable).with_name("hf")
    line = upload.replace("hf ", f"{program} ", 1)
    with local_hub(tmp_path / "hub") as address:
        shell(
            line, tmp_path, HF_ENDPOINT=address, HF_HOME=str(tmp_path / "home"), HF_TOKEN="hf_none",
            HF_HUB_OFFLINE="0", HF_HUB_DISABLE_TELEMETRY="1", NO_PROXY="127.0.0.1",
        )  # fmt: skip
    assert files(tmp_path / "hub") == files(out)
    code = "import datasets\nprint(sum(map(len, datasets.load_dataset('hub').values())))"
    assert int(run("-c", code, cwd=tmp_path)) > 0


def test_dvc_makes_the_export_again_only_where_the_project_has_changed(
    news: Path, exported: Exported, tmp_path: Path
) -> None:
    if not (shutil.which("dvc") and shutil.which("git")):
        pytest.skip("DVC is not installed: pip install dvc")
    exported("jsonl", *SAID)  # the project remembers what it is called
    shutil.copyfile(news, tmp_path / "news.segmark")
    (stage,) = blocks("With DVC.", "yaml")[:1]
    command = f"{sys.executable} -m segmark"
    (tmp_path / "dvc.yaml").write_text(stage.replace("cmd: segmark", f"cmd: {command}"))
    init, repro = blocks("With DVC.", "sh")[0].splitlines()[1:3]
    quiet = {"DVC_NO_ANALYTICS": "1", "DVC_GLOBAL_CONFIG_DIR": str(tmp_path / "config")}
    shell("git init --quiet", tmp_path)
    shell(init, tmp_path, **quiet)
    assert "Running stage 'export'" in shell(repro, tmp_path, **quiet)
    made = files(tmp_path / "varn-news")
    assert {"README.md", "croissant.json", "train.jsonl"} <= made.keys()
    assert "didn't change, skipping" in shell(repro, tmp_path, **quiet)
    shell(f"{command} labels news.segmark add extra", tmp_path)
    assert "Running stage 'export'" in shell(repro, tmp_path, **quiet)
    assert files(tmp_path / "varn-news").keys() == made.keys()
