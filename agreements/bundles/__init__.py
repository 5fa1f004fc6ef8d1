"""Bundles: what belongs together, ordered, as one PDF or as a ZIP that needs no program of ours.

``gather`` looks into the database as far as the person may read; everything after that needs the
document store alone, reads one file at a time and may take long.
"""

from agreements.bundles.archive import into_folder, zipped
from agreements.bundles.gathering import Asker, NothingToBundle, gather
from agreements.bundles.kinds import BundleKind
from agreements.bundles.making import Maker
from agreements.bundles.onefile import one_pdf
from agreements.bundles.parts import bundle_files

__all__ = [
    "Asker",
    "BundleKind",
    "Maker",
    "NothingToBundle",
    "bundle_files",
    "gather",
    "into_folder",
    "one_pdf",
    "zipped",
]
