"""Tests of the half of the intake that needs no database."""
