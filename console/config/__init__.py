"""How the console is put together: settings, addresses, the server, the rules for browsers."""
