"""Options that several commands share, apart so that a command without Django may have them."""

from typing import Annotated

import typer

As = Annotated[str | None, typer.Option("--as", help="User on whose behalf; else CLIENTELA_USER.")]
