"""All tables, one file per aggregate.

Nothing is imported here: child processes that only need ``enums`` start without SQLAlchemy.
"""
