"""A SACCO to look at while developing: three branches, one person for each role, 300 members, a year of business.

Everything is made by the services with a clock that is moved from day to day, so the book is as true as a real one.
The command line refuses it in production.
"""

from sacco_app.demo.load import load
from sacco_app.demo.staff import sign_ins

__all__ = ["load", "sign_ins"]
