"""What people ask for between the signatures and the end of a case."""

from __future__ import annotations

from typing import Final

from agreements.dossier import closing, fictions, letters, minutes, notices, records, signing
from agreements.dossier.asked import Asked, Particulars, taking
from agreements.dossier.closing import ClosingParticulars
from agreements.dossier.fictions import FictionParticulars
from agreements.dossier.jobs import Purpose
from agreements.dossier.letters import EndParticulars, PublicationRequestParticulars
from agreements.dossier.minutes import MinutesParticulars
from agreements.dossier.signing import SigningParticulars
from agreements.model.enums import Role

# fmt: off
ASKED: Final[tuple[Asked, ...]] = (
    Asked(Purpose.SIGNING_SET, "signing_set", SigningParticulars, Role.LEGAL, own=False,
          build=taking(SigningParticulars, signing.ordered_set), ready=signing.ready),
    Asked(Purpose.SIGNING_SHEET, "signing_sheet", SigningParticulars, Role.LEGAL, own=False,
          build=taking(SigningParticulars, signing.ordered_sheet), ready=signing.ready),
    Asked(Purpose.FICTION_NOTE, "fiction_note", FictionParticulars, Role.LEGAL, own=False,
          build=taking(FictionParticulars, fictions.fiction_note), ready=fictions.ready),
    Asked(Purpose.CERTIFICATE_REQUEST, "certificate_request", Particulars, Role.LEGAL, own=False,
          build=fictions.certificate_request, ready=fictions.ready),
    Asked(Purpose.PUBLICATION_REQUEST, "publication_request", PublicationRequestParticulars,
          Role.LEGAL, own=False,
          build=taking(PublicationRequestParticulars, letters.publication_request),
          ready=letters.publication_ready),
    Asked(Purpose.PUBLICATION_NOTICE, "publication_notice", Particulars, Role.CLERK, own=True,
          build=notices.ordered_notice, ready=notices.ready),
    Asked(Purpose.STEERING_MINUTES, "steering_minutes", MinutesParticulars, Role.CLERK, own=False,
          build=taking(MinutesParticulars, minutes.steering_minutes)),
    Asked(Purpose.END_FILING, "end_filing", EndParticulars, Role.LEGAL, own=False,
          build=taking(EndParticulars, letters.end_filing), ready=letters.end_ready),
    Asked(Purpose.CLOSING_NOTE, "closing_note", ClosingParticulars, Role.LEGAL, own=False,
          build=taking(ClosingParticulars, closing.closing_note), ready=closing.ready),
    Asked(Purpose.CASE_FILE, "case_file", Particulars, Role.LEGAL, own=True,
          build=records.case_file),
)
# fmt: on
