"""Pages of the asset register: what there is, drafts, handing over, labels, stock-takes."""
