"""Hold the rules of posting a document once: class, key, policy and state machine."""
