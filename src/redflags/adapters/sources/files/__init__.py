"""Files as sources: delimited, fixed width, workbooks; their bytes, headers and order."""
