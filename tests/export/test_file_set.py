import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from segmark.core.record import Record
from segmark.export.card import dataset_card
from segmark.export.error import ExportError
from segmark.export.file_set import file_set
from segmark.export.split import Split

from tests.export.made import export, files_in, lines_of, many
from tests.places import ROOT

SPLIT = Split(60, 20, 20)
posix_only = pytest.mark.skipif(os.name == "nt", reason="needs POSIX")


def in_another_process(code: str, folder: Path) -> subprocess.CompletedProcess[str]:
    """Run code with the folder as ``OUT`` and the functions of the tests at hand."""
    head = "import os, sys\nfrom pathlib import Path\nfrom tests.export.made import *\n"
    command = [sys.executable, "-c", f"{head}OUT = Path(sys.argv[1])\n{code}", str(folder)]
    return subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)


def test_nothing_shows_under_its_name_before_all_is_written(tmp_path: Path) -> None:
    def watched() -> Iterator[Record]:
        for page in many(20):
            assert all(path.name.startswith(".segmark-") for path in tmp_path.iterdir())
            yield page

    export(watched(), tmp_path, split=SPLIT)
    assert set(files_in(tmp_path)) == {"train.jsonl", "dev.jsonl", "test.jsonl", "README.md"}


@posix_only
def test_a_killed_export_leaves_the_old_one_and_the_next_removes_its_traces(tmp_path: Path) -> None:
    export(many(5), tmp_path)
    before = files_in(tmp_path)
    (tmp_path / ".segmark-notes").write_text("not one of ours")
    killed = in_another_process(
        "def pages():\n"
        "    yield from many(3000)\n"
        "    os.kill(os.getpid(), 9)\n"
        "export(pages(), OUT)\n",
        tmp_path,
    )
    assert killed.returncode == -signal.SIGKILL
    after = files_in(tmp_path)
    assert {name: after[name] for name in before} == before
    assert [name for name in after if name.endswith(".tmp")]
    export(many(6), tmp_path)
    assert set(files_in(tmp_path)) == {"pages.jsonl", "README.md", ".segmark-notes"}


@posix_only
def test_a_disk_that_takes_no_more_stops_the_export_and_leaves_the_old_one(tmp_path: Path) -> None:
    export(many(5), tmp_path)
    before = files_in(tmp_path)
    full = in_another_process(
        "import resource\n"
        "resource.setrlimit(resource.RLIMIT_FSIZE, (400_000, 400_000))\n"
        "export(many(3000), OUT)\n",
        tmp_path,
    )
    assert f"ExportError: {tmp_path}: File too large; nothing there was changed" in full.stderr
    assert files_in(tmp_path) == before


@posix_only
@pytest.mark.parametrize("large", [3, 19])
def test_one_of_many_files_that_the_disk_does_not_take_stops_them_all(
    tmp_path: Path, large: int
) -> None:
    full = in_another_process(
        "import resource\n"
        "from segmark.export.file_set import file_set\n"
        "resource.setrlimit(resource.RLIMIT_FSIZE, (1_000, 1_000))\n"
        "with file_set(OUT) as files:\n"
        "    for number in range(20):\n"
        "        stream = files.open(f'{number}.html')\n"
        f"        stream.write(b'x' * (2_000 if number == {large} else 500))\n"
        "        files.finish(stream)\n",
        tmp_path,
    )
    assert f"ExportError: {tmp_path}: File too large; nothing there was changed" in full.stderr
    assert files_in(tmp_path) == {}


def test_files_that_cannot_all_come_into_place_leave_the_old_export(tmp_path: Path) -> None:
    export(many(5), tmp_path, split=SPLIT)
    (tmp_path / "test.jsonl").unlink()
    before = files_in(tmp_path)
    (tmp_path / "test.jsonl").mkdir()
    with pytest.raises(ExportError, match="choose another folder"):
        export(many(40), tmp_path, split=SPLIT)
    (tmp_path / "test.jsonl").rmdir()
    assert files_in(tmp_path) == before


def test_files_that_vanish_meanwhile_leave_the_old_export_and_say_why(tmp_path: Path) -> None:
    def robbed() -> Iterator[Record]:
        yield from many(40)
        for path in tmp_path.glob(".segmark-test*"):
            path.unlink()

    export(many(5), tmp_path, split=SPLIT)
    before = files_in(tmp_path)
    with pytest.raises(ExportError, match=r"test\.jsonl: .* no other export writes"):
        export(robbed(), tmp_path, split=SPLIT)
    assert files_in(tmp_path) == before


def test_a_folder_that_cannot_be_made_is_named(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("in the way")
    with pytest.raises(ExportError, match="choose another folder") as refusal:
        export(many(5), tmp_path / "file")
    assert str(tmp_path / "file") in str(refusal.value)
    assert files_in(tmp_path) == {"file": b"in the way"}


@pytest.mark.parametrize("zipped_after", [False, True])
@pytest.mark.parametrize("zipped_before", [False, True])
@pytest.mark.parametrize("split_after", [None, SPLIT])
@pytest.mark.parametrize("split_before", [None, SPLIT])
def test_no_file_of_the_export_before_stays_beside_the_new_one(
    tmp_path: Path,
    split_before: Split | None,
    split_after: Split | None,
    zipped_before: bool,
    zipped_after: bool,
) -> None:
    export(many(40), tmp_path / "used", split=split_before, gzip=zipped_before)
    for folder in (tmp_path / "used", tmp_path / "fresh"):
        export(many(30), folder, split=split_after, gzip=zipped_after)
    assert files_in(tmp_path / "used") == files_in(tmp_path / "fresh")


def test_what_others_put_beside_an_export_is_left_alone(tmp_path: Path) -> None:
    (tmp_path / "train.jsonl").write_text("mine")
    export(many(5), tmp_path)
    (tmp_path / "dev.jsonl.gz").write_text("mine too")
    export(many(5), tmp_path, gzip=True)
    assert (tmp_path / "train.jsonl").read_text() == "mine"
    assert (tmp_path / "dev.jsonl.gz").read_text() == "mine too"
    assert not (tmp_path / "pages.jsonl").exists()


@pytest.mark.parametrize("readme", ["# My project\n", "", "---\nlicense: mit\n---\nsegmark:\n"])
def test_somebody_elses_readme_is_never_overwritten(tmp_path: Path, readme: str) -> None:
    (tmp_path / "README.md").write_text(readme)
    with pytest.raises(ExportError, match="not written by Segmark"):
        export(many(5), tmp_path)
    assert files_in(tmp_path) == {"README.md": readme.encode()}


def test_a_card_cannot_have_files_outside_its_folder_removed(tmp_path: Path) -> None:
    folder = tmp_path / "out"
    export(many(5), folder)
    card = (folder / "README.md").read_text("utf-8")
    forged = card.replace("  - pages.jsonl\n", "  - ../precious\n  - ..\n  - .hidden\n")
    (folder / "README.md").write_text(forged, "utf-8")
    (tmp_path / "precious").write_text("keep")
    (folder / ".hidden").write_text("keep")
    with pytest.raises(ExportError, match="not written by Segmark"):
        export(many(5), folder)
    (folder / "README.md").write_text(forged.replace("  - ../precious\n", ""), "utf-8")
    replaced = dataset_card.replaced_card(folder)
    assert replaced
    assert replaced.files == ("README.md",)


def test_a_stream_that_is_never_filled_makes_an_empty_file(tmp_path: Path) -> None:
    with file_set(tmp_path) as files:
        files.open("empty")
    assert files_in(tmp_path) == {"empty": b""}


def test_an_old_export_is_not_followed_through_a_link(tmp_path: Path) -> None:
    (tmp_path / "precious.jsonl").write_text("keep")
    (tmp_path / "out").mkdir()
    try:
        (tmp_path / "out/pages.jsonl").symlink_to(tmp_path / "precious.jsonl")
    except OSError:
        pytest.skip("no symbolic links here")
    export(many(5), tmp_path / "out")
    assert (tmp_path / "precious.jsonl").read_text() == "keep"
    assert len(lines_of(tmp_path / "out/pages.jsonl")) == 5


def test_the_card_comes_into_place_last_when_all_old_files_are_gone(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    export(many(5), tmp_path)
    placed, replace = list[str](), os.replace

    def watched(source: Path, target: Path) -> None:
        placed.append(target.name)
        if target.name == "README.md":
            assert not (tmp_path / "pages.jsonl").exists()
        replace(source, target)

    monkeypatch.setattr(os, "replace", watched)
    export(many(40), tmp_path, split=SPLIT)
    assert placed == ["train.jsonl", "dev.jsonl", "test.jsonl", "README.md"]


@pytest.mark.parametrize("zipped", [False, True])
def test_every_file_is_written_to_the_disk_to_its_end(
    tmp_path: Path, zipped: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    synced, fsync = dict[int, int](), os.fsync

    def watched(handle: int) -> None:
        fsync(handle)
        status = os.fstat(handle)
        synced[status.st_ino] = status.st_size

    monkeypatch.setattr(os, "fsync", watched)
    export(many(40), tmp_path, split=SPLIT, gzip=zipped)
    files = [path.stat() for path in tmp_path.iterdir()]
    assert len(files) == 4
    assert [synced.get(file.st_ino) for file in files] == [file.st_size for file in files]
