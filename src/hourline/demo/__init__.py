"""Show the whole way: a simulated firm's month, and a real consultancy's timecards."""
