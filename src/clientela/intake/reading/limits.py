"""Limits on what a file may ask of the machine.

Sizes are bytes. A text file has no limit on its length, only on its records; an archive and a
workbook have limits on what they unpack to, checked while unpacking, since declared sizes lie.
"""

CHUNK_BYTES = 256 * 1024
RECORD_BYTES = 1024 * 1024  # a longer record is rejected and its raw form cut
RAW_BYTES_KEPT = 4096  # of a record that is too long
CELL_CHARACTERS = 131_072
COLUMNS = 1_000

ARCHIVE_ENTRIES = 200
ARCHIVE_RATIO = 100
ARCHIVE_UNPACKED_BYTES = 256 * 1024 * 1024
RATIO_FLOOR_BYTES = 1024 * 1024  # a small entry may pack well; the ratio counts from here on
WORKBOOK_FILE_BYTES = 128 * 1024 * 1024

HTML_TABLES = 200
HTML_NESTING = 16  # tables within cells of tables

HEAD_BYTES = 256 * 1024  # looked at for the separator and the header
SAMPLE_LINES = 4_096  # spread over the whole file
ODD_LINES = 20_000  # lines with other than ASCII bytes kept as evidence of the encoding

CHILD_MEMORY_BYTES = 2 * 1024 * 1024 * 1024
CHILD_CPU_SECONDS = 300
CHILD_WALL_SECONDS = 600
