"""Results as council systems and minutes word them, read as a proposal for the clerk."""

from agreements.results.outcomes import ReadOutcome, ReadResult, ResultRole
from agreements.results.reading import read_result

__all__ = ["ReadOutcome", "ReadResult", "ResultRole", "read_result"]
