"""Reading for lists and pages: every SELECT that shows something and decides nothing."""
