"""Statements about Hourline that a program can check."""
