"""Know who and what there is: agents, assets, tokens, sessions."""
