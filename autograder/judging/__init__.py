"""Judge answers by references: compare, diagnose, report. Plain Python on plain data."""
