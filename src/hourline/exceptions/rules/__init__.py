"""Hold the pure rules of exception queues."""
