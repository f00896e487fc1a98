"""Build the documents that offices sign: values in, blocks of text and tables out; writers for each form of file."""
