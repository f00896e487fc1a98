"""Judge the register of assets: which draft is which entry of the books, what a stock-take shows, GLPI's form. Pure."""
