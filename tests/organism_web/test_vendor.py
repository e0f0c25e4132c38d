"""The script that brings the browser's libraries, without a registry."""

import io
import tarfile

import pytest

from organism_web import vendor

PACKAGE = vendor.Package("@a/b", "1.0.0", ("dist/b.js",), renamed=(("lib/index.js", "core.js"),))


@pytest.fixture
def registry(tmp_path, monkeypatch):
    """Gives out one archive; the files in it can be changed."""
    files = {"LICENSE": b"MIT", "dist/b.js": b"export{};\n//# sourceMappingURL=b.js.map\n", "lib/index.js": b"1"}

    def pack(package, folder):
        with tarfile.open(folder / "b.tgz", "w:gz") as archive:
            for name, content in files.items():
                member = tarfile.TarInfo(f"package/{name}")
                member.size = len(content)
                archive.addfile(member, io.BytesIO(content))
        return folder / "b.tgz"

    monkeypatch.setattr(vendor, "VENDOR", tmp_path)
    monkeypatch.setattr(vendor, "_pack", pack)
    return files


def test_named_files_come_with_their_licence_and_without_source_maps(registry, tmp_path):
    record = vendor._take(PACKAGE, {})
    assert record["files"] == ["LICENSE", "b.js", "core.js"]
    assert (tmp_path / "a-b" / "b.js").read_bytes() == b"export{};\n"


def test_a_package_that_changed_under_its_version_is_refused(registry):
    record = vendor._take(PACKAGE, {})
    registry["lib/index.js"] = b"2"
    with pytest.raises(vendor.UnableToVendor, match="differs"):
        vendor._take(PACKAGE, record)


def test_a_file_that_is_not_there_is_named(registry):
    del registry["lib/index.js"]
    with pytest.raises(vendor.UnableToVendor, match=r"lib/index\.js"):
        vendor._take(PACKAGE, {})
