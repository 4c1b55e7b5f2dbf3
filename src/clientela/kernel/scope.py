"""What a reader may see of the tables: which rows, and which classes of column."""

from dataclasses import dataclass

FIELD_CLASSES = ("S0", "S1", "S2", "S3")


@dataclass(frozen=True, kw_only=True)
class Scope:
    """Rows of the organisation nodes or of the owner, columns of the classes.

    `all` is tested first; a scope with neither nodes nor an owner sees no rows. `own_nodes`: the
    nodes in which the owner's rows count; without any, wherever they are.
    """

    all: bool
    nodes: tuple[int, ...] = ()
    owner_id: int | None = None
    own_nodes: tuple[int, ...] = ()
    classes: frozenset[str] = frozenset({"S0", "S1"})

    def __post_init__(self) -> None:
        """Refuse a class of column that tables do not carry."""
        unknown = self.classes - set(FIELD_CLASSES)
        if unknown:
            raise ValueError(f"not classes of columns: {sorted(unknown)}")


EVERYTHING = Scope(all=True, classes=frozenset(FIELD_CLASSES))
