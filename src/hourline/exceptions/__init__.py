"""Queue what a person must decide: with an owner, a due time and a sentence."""
