"""The API's door: what programs ask for and do. Polling uses the same cursor as the sockets."""
