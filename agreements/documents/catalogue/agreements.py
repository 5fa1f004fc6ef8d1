"""Texts that the parties agree on, and their annexes."""

from __future__ import annotations

from typing import Final

from agreements.documents import data, examples
from agreements.documents.examples import annexes, further, second
from agreements.documents.template import Template

# fmt: off
TEMPLATES: Final[tuple[Template, ...]] = (
    Template("agreement", "Vereinbarung",
             "Öffentlich-rechtliche Vereinbarung.docx", data.AgreementData,
             "{form}, Textfassung {text.version}, {status}.docx",
             examples.agreement, second.agreement),
    Template("letter_of_intent", "Absichtserklärung",
             "Absichtserklärung.docx", data.LetterOfIntentData,
             "{title}.docx",
             further.letter_of_intent, further.second_letter_of_intent),
    Template("accession_agreement", "Beitrittsvereinbarung",
             "Folgevereinbarung.docx", data.FollowUpData,
             "{title}.docx",
             further.accession, further.second_accession),
    Template("amendment_agreement", "Änderungsvereinbarung",
             "Folgevereinbarung.docx", data.FollowUpData,
             "{title}.docx",
             further.amendment, further.second_amendment),
    Template("exit_agreement", "Ausscheidensvereinbarung",
             "Folgevereinbarung.docx", data.FollowUpData,
             "{title}.docx",
             further.exit_agreement, further.second_exit_agreement),
    Template("repeal_agreement", "Aufhebungsvereinbarung",
             "Folgevereinbarung.docx", data.FollowUpData,
             "{title}.docx",
             further.repeal, further.second_repeal),
    Template("service_catalogue", "Leistungsverzeichnis",
             "Leistungsverzeichnis.docx", data.ServiceCatalogueData,
             "Leistungsverzeichnis {project}.docx",
             annexes.service_catalogue, annexes.second_service_catalogue),
    Template("cost_key", "Kostenschlüssel",
             "Kostenschlüssel.docx", data.CostKeyData,
             "Kostenschlüssel {project}.docx",
             annexes.cost_key, annexes.second_cost_key),
    Template("rules_of_procedure", "Geschäftsordnung des Lenkungskreises",
             "Geschäftsordnung.docx", data.RulesOfProcedureData,
             "Geschäftsordnung {project}.docx",
             annexes.rules_of_procedure, annexes.second_rules_of_procedure),
    Template("joint_controllers", "Vereinbarung nach Artikel 26 DSGVO",
             "Vereinbarung nach Artikel 26 DSGVO.docx", data.JointControllersData,
             "{form}.docx",
             annexes.joint_controllers, annexes.second_joint_controllers),
    Template("processing_contract", "Vertrag zur Auftragsverarbeitung",
             "Auftragsverarbeitungsvertrag.docx", data.ProcessingData,
             "{form} gemäß Artikel 28 DSGVO.docx",
             annexes.processing, annexes.second_processing),
)
# fmt: on
