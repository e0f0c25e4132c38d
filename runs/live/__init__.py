"""The live door: sockets that push what the journal holds. The only room with async code."""
