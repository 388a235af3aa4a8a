"""From records to the files that trainers read; one module a format."""
