"""Declare a tax engine that speaks Hourline's question and answer of a bill's tax."""

from hourline.connectors.sdk.declare import Connector

CONNECTOR = Connector(name="tax_engine", title="External tax engine", shows="key")
