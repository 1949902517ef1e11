"""Load what every test shares."""

pytest_plugins = ["tests.guards", "pytester"]
