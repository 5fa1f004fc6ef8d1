"""What a signed text is recognised by: marks on every page, scans and electronic signatures."""
