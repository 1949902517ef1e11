"""Declare what the columns of each time tool's export are called, a file a tool."""
