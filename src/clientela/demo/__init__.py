"""The demo company: a generated distributor of kitchen, catering and shop supplies.

First what happened, as arrays that follow from a seed and a last day alone (`world`,
`people`, `catalogue`, `buying`, `paying`); then the loading of it, by the same paths as an
import (`loading`). Nothing of the product reads what was planted: see `truth`.
"""
