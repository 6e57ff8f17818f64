"""The docs site: what MkDocs is given beyond the pages in `docs`, and checks of what it built."""
