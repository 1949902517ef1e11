"""Define the scenario format: what a file may say, and how wrong files are refused."""
