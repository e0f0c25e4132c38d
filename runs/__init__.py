"""The house: formations, runs and everything that is known about them."""
