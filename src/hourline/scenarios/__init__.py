"""Run scenario files: what the books must look like, stated and checked."""
