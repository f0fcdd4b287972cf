"""Africa's Talking, the provider of SMS and USSD in Uganda and Kenya."""
