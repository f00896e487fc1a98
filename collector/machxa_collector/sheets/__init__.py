"""Read and write tables as files: CSV, XLSX, XLS and ODS in, CSV and XLSX out. Whatever comes in is hostile."""
