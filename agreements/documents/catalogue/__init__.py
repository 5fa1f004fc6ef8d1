"""Which documents exist: one module per stretch of the procedure."""
