"""Word out and Word in: a text version as an editable document, and what people did to it.

A text is seen as lines (``lines``); what somebody wants otherwise is edits on them (``edits``).
``writing`` makes the document, ``reading`` takes it apart, ``proposing`` says what is wanted.
"""
