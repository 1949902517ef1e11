"""Rule: how large an amount may be, so that every sum of books fits 64 bits.

All are in the smallest unit of a currency. What arrives with work is below what master
data may state; whatever is booked in another currency leaves room for tax and sums.
"""

ARRIVING_MAX = 10**11
STATED_MAX = 10**16
BOOKED_MAX = 10**18
# What one smallest unit may be worth in another currency, and the other way round.
EXCHANGE_MAX = BOOKED_MAX // ARRIVING_MAX
