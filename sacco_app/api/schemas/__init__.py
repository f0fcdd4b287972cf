"""What the API reads and says, one file for each group of operations."""
