"""Declare a system that is never called: its exports are brought as files."""

from hourline.connectors.sdk.declare import Connector

CONNECTOR = Connector(name="file", title="Files that are brought")
