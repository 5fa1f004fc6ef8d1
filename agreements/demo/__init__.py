"""Cases that are played for demonstration: their facts as data (``*.yaml``), with sources."""
