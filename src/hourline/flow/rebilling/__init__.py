"""Credit what is invoiced and bill it anew, once somebody approved what was shown."""
