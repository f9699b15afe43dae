"""The heart: the words and the rules of a complaint. Standard library only; no clock, database or human sentence."""
