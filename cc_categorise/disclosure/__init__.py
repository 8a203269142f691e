"""An exact table → a table that can be published; the reader who tries to undo it."""
