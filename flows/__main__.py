"""``python -m flows`` runs a conductor.

This file imports nothing at the top: the rendering processes import the main module again
when they start, and Prefect is not among what they need.
"""

if __name__ == "__main__":
    from flows.process import start

    start()
