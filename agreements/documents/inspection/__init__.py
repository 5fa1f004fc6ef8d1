"""Judging Word files that somebody hands in, before anything is stored or filled.

Two depths: the package (``package``) without unpacking more than the limits allow, then the
template (``template``) down to a trial rendering. Hostile content is only ever read in a child
process with limits: ``guarded.Inspector`` is the way in.
"""

from agreements.documents.inspection.findings import Finding, Severity, accepted

__all__ = ["Finding", "Severity", "accepted"]
