"""Two counts held against each other: what changed, what was revised, which records moved."""
