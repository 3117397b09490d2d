"""The article's fields, one file each."""
