"""The roof: settings, addresses, the ASGI application and the way in. It wires; nobody imports it."""
