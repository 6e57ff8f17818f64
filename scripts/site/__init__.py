"""The docs site: what MkDocs is given beyond the pages in `docs`, and the checks of what it built."""
