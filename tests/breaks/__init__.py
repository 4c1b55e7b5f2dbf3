"""Named breaks: each is a mistake that somebody could make, and the test that turns red.

A break is a small change of the sources (`break_.Break`). `checkout` applies it in a copy of
the working tree and runs the test there. A test that stays green is the defect.
"""
