"""Tables as files: Excel and CSV, read with suspicion and written so that no cell is taken for a formula."""

from __future__ import annotations

import csv
import io
import zipfile
from typing import Any, BinaryIO, Dict, Iterable, List, NamedTuple, Sequence

import openpyxl
from openpyxl.cell import WriteOnlyCell
from openpyxl.styles import Alignment, Font

MAX_BYTES = 5_000_000
MAX_UNPACKED = 60_000_000
MAX_ROWS = 3000
MAX_COLUMNS = 60
MAX_CELL = 8000
_FORMULA = ("=", "+", "-", "@", "\t", "\r")
_ENCODINGS = ("utf-8-sig", "cp1252")


class TableError(Exception):
    """The file cannot be used; the message says why and what to do."""


class Table(NamedTuple):
    """Heads of columns, and rows of cells as text; every row is as long as the heads."""

    columns: List[str]
    rows: List[List[str]]


def read_table(name: str, file: BinaryIO) -> Table:
    """Returns the first sheet of an Excel file, or a CSV file.

    Raises:
        TableError: if it is neither, too large, or empty.
    """
    data = file.read(MAX_BYTES + 1)
    if len(data) > MAX_BYTES:
        raise TableError(f"The file is larger than {MAX_BYTES // 1_000_000} MB. Hand it in in parts.")
    lines = _excel(data) if data[:2] == b"PK" else _csv(name, data)
    filled = [line for line in lines if any(line)]
    if len(filled) < 2:
        raise TableError("There is nothing in this table. Its first row has to name the columns.")
    columns, rows = filled[0], filled[1:]
    if len(rows) > MAX_ROWS or len(columns) > MAX_COLUMNS:
        raise TableError(f"At most {MAX_ROWS} rows and {MAX_COLUMNS} columns. Hand it in in parts.")
    for number, row in enumerate(rows, start=2):
        if any(len(cell) > MAX_CELL for cell in row):
            raise TableError(f"Row {number} has a cell with more than {MAX_CELL} characters. Shorten it.")
    width = len(columns)
    return Table(columns, [(row + [""] * width)[:width] for row in rows])


def _excel(data: bytes) -> List[List[str]]:
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            if sum(entry.file_size for entry in archive.infolist()) > MAX_UNPACKED:
                raise TableError("The file is too large when it is unpacked. Hand it in in parts.")
        book = openpyxl.load_workbook(io.BytesIO(data), read_only=True, data_only=True)
        sheet = book.worksheets[0]
        rows = sheet.iter_rows(max_row=MAX_ROWS + 2, max_col=MAX_COLUMNS + 1, values_only=True)
        return [_trimmed([_text(value) for value in row]) for row in rows]
    except TableError:
        raise
    except Exception as error:  # whatever else is wrong inside, it is no table for us
        raise TableError("This is no Excel file that can be read. Save it again as .xlsx or .csv.") from error


def _csv(name: str, data: bytes) -> List[List[str]]:
    if b"\x00" in data[:4000] and not data.startswith((b"\xff\xfe", b"\xfe\xff")):
        raise TableError(f"{name} is no table. Hand in an Excel file (.xlsx) or a CSV file.")
    text = _decoded(data)
    try:
        dialect: Any = csv.Sniffer().sniff(text[:4000].split("\n", 1)[0], delimiters=",;\t|")
    except csv.Error:
        dialect = csv.excel
    dialect.doublequote = True
    try:
        return [
            _trimmed([_without_guard(cell.strip()) for cell in row]) for row in csv.reader(io.StringIO(text), dialect)
        ]
    except csv.Error as error:
        raise TableError("This CSV file is damaged. Save it again from your spreadsheet.") from error


def _decoded(data: bytes) -> str:
    if data.startswith((b"\xff\xfe", b"\xfe\xff")):
        return data.decode("utf-16", errors="replace")
    for encoding in _ENCODINGS:
        try:
            return data.decode(encoding)
        except UnicodeDecodeError:
            continue
    raise TableError("The letters of this file cannot be read. Save it as “CSV UTF-8”.")


def _text(value: Any) -> str:
    if value is None:
        return ""
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    return str(value).replace("\r\n", "\n").strip()


def _trimmed(row: List[str]) -> List[str]:
    while row and not row[-1]:
        row.pop()
    return row


def _guarded(cell: str) -> str:
    """Returns the cell as spreadsheets take it for text."""
    return f"'{cell}" if cell.startswith(_FORMULA) else cell


def _without_guard(cell: str) -> str:
    return cell[1:] if cell.startswith("'") and cell[1:].startswith(_FORMULA) else cell


def as_csv(columns: Sequence[str], rows: Iterable[Sequence[Any]]) -> str:
    """Returns a CSV file."""
    out = io.StringIO()
    writer = csv.writer(out)
    writer.writerow(columns)
    writer.writerows([_guarded(str(cell)) for cell in row] for row in rows)
    return out.getvalue()


def as_excel(sheets: Dict[str, tuple[Sequence[str], Iterable[Sequence[Any]]]]) -> bytes:
    """Returns an Excel file with one sheet per entry: its heads and its rows."""
    book = openpyxl.Workbook(write_only=True)
    for title, (columns, rows) in sheets.items():
        sheet = book.create_sheet(title)
        sheet.freeze_panes = "A2"
        for number, column in enumerate(columns):
            letter = openpyxl.utils.get_column_letter(number + 1)
            sheet.column_dimensions[letter].width = (
                60 if column.startswith(("Answer", "Text", "Plainer", "Deeper")) else 24
            )
        sheet.append([_cell(sheet, column, bold=True) for column in columns])
        for row in rows:
            sheet.append([_cell(sheet, str(cell)) for cell in row])
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def _cell(sheet: Any, text: str, *, bold: bool = False) -> Any:
    cell = WriteOnlyCell(sheet, text)
    # Words, whatever they begin with.
    cell.data_type = "s"
    cell.font, cell.alignment = Font(bold=bold), Alignment(wrap_text=True, vertical="top")
    return cell
