"""Answer over HTTP: intake, master data, status, health."""
