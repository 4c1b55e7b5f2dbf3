"""Clientela: what a company knows about its customers, and how it protects it."""

__version__ = "0.1.0"
