"""Pages on which people record what was decided: enter, check, record.

One form for every kind of task, made of the fields of its typed act (``agreements.acts``); what is
entered goes through the same use case as over the API, and no rule stands here a second time.
"""
