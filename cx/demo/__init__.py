"""The demonstration: invented organisations, people, stories and what became of them.

`people` is who there is, `stories` tells, `lifelines` makes of a story what became of it, `eight` holds the cases
written by hand, `cases` generates as many as one likes. Everything is pure and follows from a seed.
"""
