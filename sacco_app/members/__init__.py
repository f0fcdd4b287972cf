"""Persons who are members: KYC, documents, next of kin, life cycle."""
