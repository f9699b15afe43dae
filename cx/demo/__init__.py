"""The demonstration: invented organisations, people, stories and what became of them.

`people` is who there is, `stories` tells, `lifelines` makes of a story what became of it, `eight` holds the cases
written by hand, `cases` generates as many as one likes. All this is pure and follows from a seed. `composing` makes
ledgers of it by the rules of the heart; `accounts`, `fill` and `removal` bring it into a database and out again.
"""
