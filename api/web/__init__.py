"""Pages for people, in German: signing in, and the tasks that a mail points to.

They show; deciding goes over the REST API. No page needs a script, and none loads anything from
another server.
"""
