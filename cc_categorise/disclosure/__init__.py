"""disclosure/: an exact table → a table that can be published; the reader who tries to undo it.

Knows nothing of records, files, layout or commands.
"""
