"""The business transaction: number, channel, fees, limits, receipt, reversal."""
