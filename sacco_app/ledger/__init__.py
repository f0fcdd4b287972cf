"""Chart of accounts, posting profiles, journals, periods. Journals J-01 to J-64 are posted here and nowhere else."""
