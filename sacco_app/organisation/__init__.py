"""The SACCO itself: profile, branches, calendar, business dates, dated parameters."""
