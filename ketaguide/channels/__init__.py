"""The doors visitors come through: each channel verifies the sender, cleans the text and renders the answer."""
