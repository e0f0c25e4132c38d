"""Pages: what people see in the browser. A view parses, asks one reading or calls one action, and answers."""
