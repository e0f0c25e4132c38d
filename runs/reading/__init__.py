"""What is looked up. Every reading takes the actor first; what is not theirs is not there."""
