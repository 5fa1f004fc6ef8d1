"""Official directories as they were published; see NOTICE."""
