"""The programmes, one YAML file each."""
