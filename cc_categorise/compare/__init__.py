"""Two counts held against each other: what changed, what was revised, which records moved.

See `sides` for what is read, `changes` for what is worked out, `paper` for how it is laid out.
"""
