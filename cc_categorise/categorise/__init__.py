"""Step 3 of 6: a recorded label to a category, with precision first: what is not certain is left uncategorised.

Takes labels, returns assignments.  Knows nothing of years, files or counts.
"""
