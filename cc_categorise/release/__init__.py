"""The release: an exact count → protected tables, a document, a folder of files; and back again, to verify."""
