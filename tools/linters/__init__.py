"""House rules as small programs: one file per rule, saying what, why and the escape.

A file here with a function `check(source)` is a rule and runs in `make check`;
adding one edits no other file.
The escape of every rule is a comment on the line or the line above it, with a reason:
`# lint-skip: rule-name - reason`.
"""
