"""Check, compare, try, propose and publish the rules of a firm as rulebooks."""
