"""Who did what to whom: a text as a line of concepts that French and English share, and events told in it.

`forms/` names the forms of each concept in each language, `patterns/` the events over concepts. Both are plain
files that a person can read and mend; `docs/reader.md` says how.
"""
