"""Show and change the registry's records: lists, forms with preview and history, imports, and who is who."""
