"""Step 1 of 6: bytes → rows.

Takes paths, patterns, folders or standard input and returns tables: a header, and blocks of rows of text with
their row numbers.  Knows nothing of what a field means beyond the name of its column.  Nothing after this room
knows what kind of file a row came from.
"""
