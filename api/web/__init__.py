"""Pages for people, in German: signing in, the tasks that a mail points to, and deciding in them.

They go through the same use cases as the REST API. No page needs a script, and none loads anything
from another server.
"""
